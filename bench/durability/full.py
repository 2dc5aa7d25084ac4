"""The disk is full: nothing can be stored, everything can be read, and storing goes on when there is space again."""

import contextlib
import http.client
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from bench.durability.check import Found, look
from bench.durability.server import Server
from bench.durability.visitors import ORIGIN, Ledger, Visitors, new_submission, send, send_again

#: Seconds in which submissions must be accepted after space returned.
SOON = 5
#: Seconds that may pass until what was set aside for the database is used up.
_USED_UP = 60
#: Refusals in a row, after which nothing more is expected to fit.
_REFUSALS = 50


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int, owner: str | None = None) -> Iterator[Path]:
    """A file system of its own, mounted below `folder` while the block lasts. Raises `PermissionError` where nothing may be
    mounted; a limit on the size of files would not be the same, because it does not stop what is written otherwise."""
    place = folder / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        raise PermissionError("a full disk needs the right to mount a file system")
    try:
        if owner is not None:
            shutil.chown(place, owner)
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def fill_disk(disk: Path, server: Server, cycles: int, *, what: str) -> Found:
    """Fills `disk`, where the data of the server lie, and frees it again, `cycles` times under load. The last time the
    process is killed while the disk is full, and started when there is space."""
    found, ledger = Found(what), Ledger()
    site = server.command("site", "add", "Shop", "--origin", ORIGIN).strip()
    key = server.command("key", "add", "reader", "--scope", "responses:read").strip()
    slowest, refused, fitted = 0.0, 0, 0
    server.start()
    try:
        while found.cycles < cycles:
            with Visitors(server.port, site, ledger, count=4, may_break=False):
                ledger.wait(20)
                ballast = _fill(disk)
                _wait_for_refusals(ledger, found)
                before, stored = ledger.statuses.copy(), _stored(ledger)
                until = time.monotonic() + 0.8
                while time.monotonic() < until:
                    found.wrong += _read(server.port, site, key)
                during = ledger.statuses - before
                fitted += _stored(ledger) - stored
            refused += during[503]
            if not during[503]:
                found.wrong.append(f"while the disk was full, writes were answered {dict(during)}")
            found.wrong += _write(server.port, site)
            found.cycles += 1
            if found.cycles == cycles:
                server.kill()
                ballast.unlink()
                server.start()
            else:
                ballast.unlink()
            slowest = max(slowest, _accepts_after(server.port, site, found))
            look(server.url, ledger, found, only=list(ledger.receipts))
        send_again(server.port, site, ledger, list(ledger.receipts)[-500:])
        look(server.url, ledger, found)
    finally:
        server.kill()
    found.wrong += ledger.faults
    found.acknowledged = len(ledger.receipts)
    found.notes.append(
        f"{refused} refused while full, {fitted} fitted in and are stored, accepted again after {slowest:.2f} s at most"
    )
    return found


def _fill(place: Path) -> Path:
    """Takes all the space that is left, and returns the file that has it."""
    ballast = place / "ballast"
    with ballast.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 16, 1 << 12):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))
    return ballast


def _stored(ledger: Ledger) -> int:
    """How many writes were acknowledged. The receipt of a repeat is read, not written."""
    return len(ledger.receipts) + len(ledger.answers)


def _wait_for_refusals(ledger: Ledger, found: Found) -> None:
    """Waits for `_REFUSALS` in a row. The pages and files that are there have room for a few more rows."""
    give_up = time.monotonic() + _USED_UP
    stored, refused = _stored(ledger), ledger.statuses[503]
    while ledger.statuses[503] - refused < _REFUSALS:
        time.sleep(0.01)
        if _stored(ledger) != stored:
            stored, refused = _stored(ledger), ledger.statuses[503]
        if time.monotonic() > give_up:
            found.wrong.append(f"{_USED_UP} s after the disk was full, submissions were still accepted")
            return


def _read(port: int, site: str, key: str) -> list[str]:
    """Reads as a widget and as the team. Returns what was not answered with 200."""
    wrong = []
    for path, headers in (
        (f"/v1/sites/{site}/survey", {"Origin": ORIGIN}),
        ("/api/responses?limit=5", {"Authorization": f"Bearer {key}"}),
        ("/livez", {}),
    ):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path, headers=headers)
        status = connection.getresponse().status
        connection.close()
        if status != 200:
            wrong.append(f"while the disk was full, {path.partition('?')[0]} was answered {status}")
    return wrong


def _write(port: int, site: str) -> list[str]:
    """Submits and looks at the refusal's form."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    _, body = new_submission()
    connection.request("POST", f"/v1/sites/{site}/responses", body, {"Origin": ORIGIN, "Content-Type": "text/plain"})
    reply = connection.getresponse()
    told = json.loads(reply.read())
    connection.close()
    form = (reply.status, reply.headers.get_content_type(), told.get("status"), bool(reply.headers["Retry-After"]))
    return [] if form == (503, "application/problem+json", 503, True) else [f"a refusal looks like {form}"]


def _accepts_after(port: int, site: str, found: Found) -> float:
    """Seconds until a submission is accepted. More than `SOON` is wrong."""
    freed = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while (status := send(connection, f"/v1/sites/{site}/responses", new_submission()[1])[0]) != 201:
        if time.monotonic() - freed > SOON:
            found.wrong.append(f"{SOON} s after space returned a submission was answered {status}")
            break
        time.sleep(0.05)
    connection.close()
    return time.monotonic() - freed
