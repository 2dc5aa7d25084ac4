"""The database is restarted under load, each time as if it had crashed."""

import random
import time
from pathlib import Path

from bench.durability.check import Found, look
from bench.durability.server import Server
from bench.durability.visitors import ORIGIN, Ledger, Visitors, send_again
from tests.servers.postgres import Postgres

#: Seconds in which submissions must be accepted after the database takes connections.
SOON = 5


def restart(folder: Path, cluster: Postgres, settings: dict[str, str], restarts: int, *, what: str) -> Found:
    """Restarts PostgreSQL `restarts` times under load. Visitors see receipts and 503, and no broken connection."""
    found, ledger = Found(what), Ledger()
    server = Server(folder / "data", folder / "log", settings)
    site = server.command("site", "add", "Shop", "--origin", ORIGIN).strip()
    slowest = 0.0
    server.start()
    try:
        with Visitors(server.port, site, ledger, may_break=False):
            while found.cycles < restarts:
                time.sleep(random.uniform(0.1, 0.5))
                cluster.stop("immediate")
                cluster.start()
                up, before = time.monotonic(), ledger.statuses[201]
                while ledger.statuses[201] == before and time.monotonic() - up < SOON:
                    time.sleep(0.005)
                if ledger.statuses[201] == before:
                    found.wrong.append(f"{SOON} s after the database was there again nothing was accepted")
                slowest = max(slowest, time.monotonic() - up)
                found.cycles += 1
        look(server.url, ledger, found)
        send_again(server.port, site, ledger, list(ledger.receipts)[-500:])
        look(server.url, ledger, found)
    finally:
        server.kill()
    found.wrong += ledger.faults
    found.acknowledged = len(ledger.receipts)
    found.notes.append(f"{ledger.statuses[503]} answers 503, accepted again after {slowest:.2f} s at most")
    return found
