"""The power is cut below PostgreSQL: its cluster lies on an ext4 file system in a file, which is copied at one moment. What the
operating system had not sent to the disk by then is missing from the copy, and the cluster goes on from there. Unlike
`powercut.py` this keeps what was sent in order and whole."""

import contextlib
import filecmp
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine

from bench.durability.check import Found, look
from bench.durability.server import Server
from bench.durability.visitors import ORIGIN, Ledger, Visitors, send_again
from tests.servers.postgres import Postgres

_MEGABYTES = 400


def cut_power_below(folder: Path, cuts: int, *, what: str, durable: bool = True) -> Found:
    """Cuts the power of a PostgreSQL `cuts` times under load. Not `durable` is the control, which ends when it is noticed.
    Raises `PermissionError` where nothing may be mounted."""
    found, ledger = Found(what), Ledger()
    with _image(folder) as (image, place):
        cluster = Postgres(folder, durable=durable, place=place)
        server = Server(folder / "data", folder / "log", {"LUKEWARM_DATABASE_URL": cluster.url("postgres")})
        try:
            site = server.command("site", "add", "Shop", "--origin", ORIGIN).strip()
            _settle(cluster)
            while found.cycles < cuts and (durable or found.clean):
                server.start()
                with Visitors(server.port, site, ledger, may_break=True):
                    try:
                        ledger.wait(random.randint(5, 60))
                        held = _hold(cluster.folder / "data" / "postmaster.pid")
                    finally:
                        server.kill()
                try:
                    _copy(image)
                finally:
                    for process in held:
                        os.kill(process, signal.SIGKILL)
                _unmount(place)
                image.with_suffix(".copy").replace(image)
                _mount(image, place)
                found.cycles += 1
                _forget_processes(cluster.folder)
                cluster.start()
                look(server.url, ledger, found)
            server.start()
            send_again(server.port, site, ledger, [] if found.lost else list(ledger.receipts)[-500:])
        except RuntimeError as error:
            found.wrong.append(f"after a cut {error}")
        finally:
            server.kill()
            with contextlib.suppress(RuntimeError):
                cluster.remove()
    found.wrong += ledger.faults
    found.acknowledged = len(ledger.receipts)
    return found


@contextlib.contextmanager
def _image(folder: Path) -> Iterator[tuple[Path, Path]]:
    image, place = folder / "disk.image", folder / "disk"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(_MEGABYTES << 20)
    if shutil.which("mkfs.ext4") is None:
        raise PermissionError("a file system in a file needs mkfs.ext4")
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    _mount(image, place)
    try:
        # PostgreSQL's own user has to get through.
        for parent in (folder, place):
            parent.chmod(0o755)
        yield image, place
    finally:
        _unmount(place)


def _mount(image: Path, place: Path) -> None:
    if subprocess.run(["mount", "-o", "loop", str(image), str(place)], capture_output=True, check=False).returncode:
        raise PermissionError("a power cut below PostgreSQL needs the right to mount a file system")


def _unmount(place: Path) -> None:
    """Unmounts. What was killed a moment ago may still hold a file."""
    give_up = time.monotonic() + 20
    while subprocess.run(["umount", str(place)], capture_output=True, check=False).returncode:
        if time.monotonic() > give_up:
            raise RuntimeError(f"{place} cannot be unmounted")
        time.sleep(0.05)


def _settle(cluster: Postgres) -> None:
    """What was there before the first cut is on the disk, also where nothing is synced."""
    engine = create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("checkpoint")
    engine.dispose()
    os.sync()


def _hold(postmaster: Path) -> list[int]:
    """Stops all processes of a cluster in their tracks, the first of them first, so that there come no more."""
    first = int(postmaster.read_text().split()[0])
    os.kill(first, signal.SIGSTOP)
    held = [first]
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            if entry.name.isdecimal() and int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == first:
                os.kill(int(entry.name), signal.SIGSTOP)
                held.append(int(entry.name))
    return held


def _forget_processes(folder: Path) -> None:
    """After a power cut the processes' numbers mean nothing. Here no power went, and one that is dead may not be buried."""
    for note in (folder / "data" / "postmaster.pid", *folder.glob(".s.PGSQL.*")):
        note.unlink(missing_ok=True)


def _copy(image: Path) -> None:
    """Copies the file as it is at one moment: anew when it was written to meanwhile."""
    copy = image.with_suffix(".copy")
    for _ in range(20):
        subprocess.run(["cp", "--sparse=always", str(image), str(copy)], check=True)
        if filecmp.cmp(image, copy, shallow=False):
            return
    raise RuntimeError("the disk never rests")
