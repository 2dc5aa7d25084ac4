"""A server process with all its children: started, waited for, ended, and what it costs (Linux, proc(5))."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Running:
    """A server that takes connections. `process` is the first of its processes, `log` the file it writes to."""

    port: int
    process: int
    log: Path


@contextlib.contextmanager
def running(words: Sequence[str], environ: Mapping[str, str], port: int, log: Path) -> Iterator[Running]:
    """Starts a server, waits until it listens, and ends all its processes afterwards.

    Raises `RuntimeError` with the end of what it wrote when it ends or does not listen within 30 seconds."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            words, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    try:
        end = time.monotonic() + 30
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{' '.join(words)} did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield Running(port, process.pid, log)
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        # Children that outlived the first process are in its group, which nobody else is in.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def processor_time(process: int) -> float:
    """Seconds of processor time that a process, its living descendants and those it has buried have used."""
    spent = 0
    for member in _tree(process):
        with contextlib.suppress(OSError):
            spent += sum(int(field) for field in _fields(member)[11:15])
    return spent / _TICKS


def memory(process: int) -> float:
    """Resident megabytes of a process and its descendants; a page that several share is counted once."""
    kilobytes = 0
    for member in _tree(process):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{member}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
    return kilobytes / 1024


def free_port() -> int:
    """A port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _tree(process: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                children.setdefault(int(_fields(int(entry))[1]), []).append(int(entry))
    found = [process]
    for member in found:  # grows while it is walked
        found += children.get(member, [])
    return found


def _fields(process: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may hold spaces: 1 is the parent, 11 to 14 the times."""
    return Path(f"/proc/{process}/stat").read_text().rsplit(") ", 1)[1].split()
