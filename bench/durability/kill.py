"""The process is killed at random moments, also while it starts, and started again on the same data."""

import random
import time
from collections.abc import Sequence
from pathlib import Path

from bench.durability.check import Found, look
from bench.durability.server import ROOT, SERVE, Server
from bench.durability.visitors import ORIGIN, Ledger, Visitors, send_again

#: The control: answers first and stores a moment later.
EARLY = (str(ROOT / "bench" / "durability" / "early.py"),)


def kill(folder: Path, settings: dict[str, str], cycles: int, *, what: str, until_lost: bool = False) -> Found:
    """Kills the collector `cycles` times under load. With `until_lost` it is the control that is killed, until something is
    found to be lost."""
    found, ledger = Found(what), Ledger()
    program: Sequence[str] = EARLY if until_lost else SERVE
    server = Server(folder / "data", folder / "log", settings, program=program)
    site = server.command("site", "add", "Shop", "--origin", ORIGIN).strip()
    try:
        server.start()
        while found.cycles < cycles and not (until_lost and found.lost):
            before = set(ledger.receipts)
            with Visitors(server.port, site, ledger, may_break=True):
                try:
                    ledger.wait(random.randint(1, 60))
                    time.sleep(random.uniform(0, 0.02))
                finally:
                    server.kill()
            if random.random() < 0.1:
                server.begin()
                time.sleep(random.uniform(0, 1))
                server.kill()
            server.start()
            found.cycles += 1
            fresh = [one for one in ledger.receipts if one not in before]
            look(server.url, ledger, found, only=fresh)
            if not until_lost:
                # The last ones before the kill are the ones to doubt.
                send_again(server.port, site, ledger, fresh[-8:])
        look(server.url, ledger, found)
        if not until_lost:
            send_again(server.port, site, ledger, random.sample(list(ledger.receipts), min(1000, len(ledger.receipts))))
            look(server.url, ledger, found)
            found.wrong += ledger.faults
    finally:
        server.kill()
    found.acknowledged = len(ledger.receipts)
    found.notes.append(f"{len(ledger.answers)} answers, {ledger.statuses[201]} receipts in all")
    return found
