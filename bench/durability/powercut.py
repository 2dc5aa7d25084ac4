"""The power is cut: what was not synced may be gone, in any part and any order.

The collector's process runs with `powercut.c` preloaded, which writes down every change of a file in the data folder and every
sync. From that log the disk is made as it may lie there after the power went at a chosen record: what was synced before is
whole; of the rest each sector of 512 bytes may be old or new, each file's end may be short or filled with anything, and the
last names made, changed or removed may not have been. Nothing is assumed of a file system beyond what POSIX says of `fsync`."""

import random
import shutil
import struct
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.durability.check import Found, look
from bench.durability.server import ROOT, SERVE, Server
from bench.durability.visitors import ORIGIN, Ledger, Visitors, send_again

_HERE = ROOT / "bench" / "durability"
_VARIANT = str(_HERE / "variant.py")
#: The same collector on a SQLite without write-ahead mode.
ROLLBACK = (_VARIANT, "rollback", "kept", "serve")
#: Controls: a SQLite that never syncs, and one that does not sync the removal of its rollback journal.
UNSYNCED = (_VARIANT, "wal", "off", "serve")
HALF_SYNCED = (_VARIANT, "rollback", "full", "serve")

_SECTOR = 512
_HEADER = struct.Struct("=cB2xIQQII")


@dataclass(frozen=True, slots=True)
class Record:
    """A line of the log. `what` is C for a file made, W a write, T a truncation, B and E a sync's begin and end, U and R a
    file removed or renamed; `when` is in seconds on the monotonic clock."""

    what: str
    is_folder: bool
    thread: int
    when: float
    place: int
    path: str
    data: bytes


@dataclass
class File:
    """A file: what is on the disk, and what is on its way there, each with the number of its record."""

    lasting: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, Record]] = field(default_factory=list)


class Disk:
    """A disk with one folder. It begins with what lies in `folder`, all of it synced."""

    def __init__(self, folder: Path) -> None:
        self._lasting = {str(path): File(bytearray(path.read_bytes())) for path in folder.iterdir() if path.is_file()}
        self._names = dict(self._lasting)
        self._moves: list[tuple[int, Record, File]] = []
        self._begun: dict[tuple[int, str], int] = {}
        self._number = 0

    def follow(self, record: Record) -> None:
        """Does what the record says."""
        self._number += 1
        file = self._names.get(record.path)
        if record.what == "B":
            self._begun[record.thread, record.path] = self._number
        elif record.what == "E":
            before = self._begun.pop((record.thread, record.path))
            if record.is_folder:
                self._settle_names(before)
            elif file is not None:
                _settle(file, before)
        elif record.what in "WT":
            if file is not None:  # else it was removed and is only still open
                file.pending.append((self._number, record))
        else:
            file = file or File()
            self._moves.append((self._number, record, file))
            _move(self._names, record, file)

    def cut(self, target: Path, chance: random.Random) -> None:
        """Writes what is found after a power cut now into `target`, a new folder."""
        names = dict(self._lasting)
        for _, record, file in self._moves[: chance.randint(0, len(self._moves))]:
            _move(names, record, file)
        target.mkdir(mode=0o700)
        for name, file in names.items():
            content = bytearray(file.lasting)
            likely = chance.choice((0.0, 0.0, 0.3, 0.7, 0.95, 1.0))
            for _, record in file.pending:
                _arrive(content, record, likely, chance)
            (target / Path(name).name).write_bytes(content)

    def _settle_names(self, before: int) -> None:
        while self._moves and self._moves[0][0] < before:
            _, record, file = self._moves.pop(0)
            _move(self._lasting, record, file)


def read_log(log: Path) -> Iterator[Record]:
    """The records of a log, without one that was not finished."""
    content = log.read_bytes()
    at = 0
    while at + _HEADER.size <= len(content):
        what, is_folder, thread, when, place, path_length, data_length = _HEADER.unpack_from(content, at)
        at += _HEADER.size
        path, data = content[at : at + path_length], content[at + path_length : at + path_length + data_length]
        at += path_length + data_length
        if at <= len(content):
            yield Record(what.decode(), bool(is_folder), thread, when / 1e9, place, path.decode(), data)


def recorder(folder: Path) -> Path:
    """`powercut.c`, compiled into `folder`. Raises `RuntimeError` where there is no C compiler."""
    built = folder / "powercut.so"
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise RuntimeError("a C compiler (cc) is needed to watch what reaches the disk")
    command = [
        compiler,
        "-O2",
        "-Wall",
        "-Werror",
        "-shared",
        "-fPIC",
        "-o",
        str(built),
        str(_HERE / "powercut.c"),
        "-ldl",
    ]
    subprocess.run([*command, "-lpthread"], check=True)
    return built


def cut_power(
    folder: Path,
    cuts: int,
    *,
    what: str,
    program: Sequence[str] = SERVE,
    until_lost: bool = False,
) -> Found:
    """Cuts the power `cuts` times under load, each time of the disk that the last cut left. The moment is drawn from the
    records, not from the clock, so that the middle of a checkpoint is as likely as a commit. With `until_lost`, until
    something is found to be wrong."""
    found, ledger, chance = Found(what), Ledger(), random.Random()
    folder = folder.resolve()
    preload = str(recorder(folder))
    data = folder / "0"
    server = Server(data, folder / "log", program=program)
    site = server.command("site", "add", "Shop", "--origin", ORIGIN).strip()
    records_seen = 0
    try:
        while found.cycles < cuts:
            log, disk = folder / "writes", Disk(data)
            watched = {"LD_PRELOAD": preload, "POWERCUT_FOLDER": str(data), "POWERCUT_LOG": str(log)}
            server = Server(data, folder / "log", program=program, environment=watched)
            server.start()
            look(server.url, ledger, found)
            if until_lost and not found.clean:
                break
            at_start = log.stat().st_size
            send_again(server.port, site, ledger, chance.sample(list(ledger.receipts), min(5, len(ledger.receipts))))
            with Visitors(server.port, site, ledger, may_break=True):
                try:
                    ledger.wait(chance.randint(20, 100))
                finally:
                    server.kill()
            records = list(read_log(log))
            first = 1 if chance.random() < 0.15 else _count(records, at_start)
            moment = chance.randint(min(first, len(records)), len(records))
            for record in records[:moment]:
                disk.follow(record)
            ledger.forget_after(records[moment - 1].when)
            log.unlink()
            shutil.rmtree(data)
            found.cycles += 1
            records_seen += len(records)
            data = folder / str(found.cycles)
            disk.cut(data, chance)
        server.kill()
        server = Server(data, folder / "log", program=program)
        server.start()
        look(server.url, ledger, found)
        send_again(server.port, site, ledger, [] if until_lost else list(ledger.receipts)[-500:])
    except RuntimeError as error:
        found.wrong.append(f"after a cut {error}")
    finally:
        server.kill()
    found.wrong += [] if until_lost else ledger.faults
    found.acknowledged = len(ledger.receipts)
    found.notes.append(f"{records_seen} writes and syncs seen")
    return found


def _count(records: Sequence[Record], size: int) -> int:
    """How many records the first `size` bytes of the log hold."""
    count = 0
    while size > 0 and count < len(records):
        size -= _HEADER.size + len(records[count].path.encode()) + len(records[count].data)
        count += 1
    return max(count, 1)


def _settle(file: File, before: int) -> None:
    while file.pending and file.pending[0][0] < before:
        _, record = file.pending.pop(0)
        if record.what == "T":
            _resize(file.lasting, record.place)
        else:
            _resize(file.lasting, max(len(file.lasting), record.place))
            file.lasting[record.place : record.place + len(record.data)] = record.data


def _arrive(content: bytearray, record: Record, likely: float, chance: random.Random) -> None:
    """Lets a change that was not synced arrive in part."""
    if record.what == "T":
        if chance.random() < likely:
            _resize(content, record.place)
        return
    end = record.place + len(record.data)
    if end > len(content) and chance.random() < 0.5:  # the file's new length arrived before its content
        content += chance.randbytes(end - len(content)) if chance.random() < 0.5 else bytes(end - len(content))
    at = record.place
    while at < end:
        until = min(end, (at // _SECTOR + 1) * _SECTOR)
        if chance.random() < likely:
            _resize(content, max(len(content), at))
            content[at:until] = record.data[at - record.place : until - record.place]
        at = until


def _resize(content: bytearray, size: int) -> None:
    del content[size:]
    content += bytes(size - len(content))


def _move(names: dict[str, File], record: Record, file: File) -> None:
    """Makes, renames or removes a name."""
    if record.what == "C":
        names[record.path] = file
    elif record.what == "U":
        names.pop(record.path, None)
    else:
        names.pop(record.path, None)
        names[record.data.decode()] = file
