"""Runs all parts, or those that are named, and prints one table. Ends with status 1 when a promise was broken or a control
was not noticed.

    python -m bench.durability                          all, in full
    python -m bench.durability kill cut --cycles 10     some, shorter

The parts are kill, cut, full and restart. PostgreSQL is used where TEST_POSTGRESQL names its binaries; `full`, and
`cut` below PostgreSQL, need root; `cut` of SQLite needs Linux and a C compiler."""

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine

from bench.durability.check import Found
from bench.durability.full import fill_disk, small_disk
from bench.durability.image import cut_power_below
from bench.durability.kill import kill
from bench.durability.powercut import HALF_SYNCED, ROLLBACK, UNSYNCED, cut_power
from bench.durability.restarts import restart
from bench.durability.server import Server
from tests.servers.postgres import Postgres

PARTS = ("kill", "cut", "full", "restart")
#: A control that was not noticed after so many cycles is missed.
CONTROL = 5
#: A cut has to fall between a commit's last two syncs to show the subtle one.
SUBTLE = 100


def main() -> None:
    """Reads the options, runs, prints, and judges."""
    options = argparse.ArgumentParser(
        prog="python -m bench.durability", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(PARTS)}; without one, all")
    options.add_argument("--cycles", type=int, help="cycles of each part, instead of 200 and 100 kills, 50 of the rest")
    options.add_argument("--sqlite-only", action="store_true", help="leave PostgreSQL out")
    wanted = options.parse_args()
    if unknown := set(wanted.parts) - set(PARTS):
        options.error(f"there is no part {' or '.join(sorted(unknown))}")
    mounts = os.geteuid() == 0
    if not mounts:
        print("Without root nothing is mounted: no full disk, no power cut below PostgreSQL.", file=sys.stderr)
    began, results = time.monotonic(), []
    print("| what | cycles | acknowledged | lost | doubled | otherwise wrong | control caught |")
    print("|---|---:|---:|---:|---:|---:|---|", flush=True)
    with contextlib.ExitStack() as stack:
        cluster = None if wanted.sqlite_only else stack.enter_context(postgres())
        for found in run(wanted.parts or PARTS, wanted.cycles, cluster, mounts):
            counts = [found.cycles, found.acknowledged, len(found.lost), len(found.doubled), len(found.wrong)]
            print(f"| {found.what} | {' | '.join(f'{count:,}' for count in counts)} | {found.control} |", flush=True)
            results.append(found)
    print()
    for found in results:
        for line in [*found.notes, *found.wrong[:20]]:
            print(f"{found.what}: {line}")
    print(f"{time.monotonic() - began:.0f} s in all.")
    sys.exit(0 if all(found.clean and found.control != "NO" for found in results) else 1)


def run(parts: tuple[str, ...], cycles: int | None, cluster: Postgres | None, mounts: bool) -> Iterator[Found]:
    """What each part found, each on a new installation, its control after it."""
    if "kill" in parts:
        with folder() as here, folder() as other:
            found = kill(here, {}, cycles or 200, what="kill -9, SQLite")
            yield judged(found, kill(other, {}, CONTROL, what="", until_lost=True))
    if "kill" in parts and cluster is not None:
        with folder() as here, folder() as other:
            found = kill(here, database(cluster, "kept"), cycles or 100, what="kill -9, PostgreSQL")
            yield judged(found, kill(other, database(cluster, "early"), CONTROL, what="", until_lost=True))
    if "cut" in parts:
        with folder() as here, folder() as other:
            found = cut_power(here, cycles or 50, what="power cut, SQLite, write-ahead")
            yield judged(found, cut_power(other, CONTROL, what="", program=UNSYNCED, until_lost=True))
        with folder() as here, folder() as other:
            found = cut_power(here, cycles or 50, what="power cut, SQLite, rollback journal", program=ROLLBACK)
            yield judged(found, cut_power(other, SUBTLE, what="", program=HALF_SYNCED, until_lost=True))
    if "cut" in parts and mounts and cluster is not None:
        with folder() as here, folder() as other:
            found = cut_power_below(here, cycles or 50, what="power cut, PostgreSQL")
            yield judged(found, cut_power_below(other, CONTROL, what="", durable=False))
    if "full" in parts and mounts:
        with folder() as here, small_disk(here, 24) as disk:
            server = Server(disk / "data", here / "log")
            yield fill_disk(disk, server, min(cycles or 10, 10), what="disk full, SQLite")
    if "full" in parts and mounts and cluster is not None:
        with folder() as here, small_disk(cluster.folder, 24, cluster.user) as disk, tablespace(cluster, disk):
            server = Server(here / "data", here / "log", database(cluster, "small", " tablespace small"))
            yield fill_disk(disk, server, min(cycles or 10, 10), what="disk full, PostgreSQL")
    if "restart" in parts and cluster is not None:
        with folder() as here:
            settings = database(cluster, "restarted")
            yield restart(here, cluster, settings, cycles or 50, what="database restarted, PostgreSQL")


def judged(found: Found, control: Found) -> Found:
    """`found`, with whether the control lost what it must lose, or more."""
    found.control = "NO" if control.clean else f"yes, at {control.cycles}: {len(control.lost)} lost"
    return found


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="durability-") as name:
        yield Path(name)


@contextlib.contextmanager
def postgres() -> Iterator[Postgres | None]:
    """A durable cluster of the run's own, or none where its binaries are not known."""
    if not os.environ.get("TEST_POSTGRESQL"):
        print("TEST_POSTGRESQL does not name PostgreSQL's binaries, so it is left out.", file=sys.stderr)
        yield None
        return
    with folder() as here:
        cluster = Postgres(here, durable=True)
        try:
            yield cluster
        finally:
            cluster.remove()


def database(cluster: Postgres, name: str, place: str = "") -> dict[str, str]:
    """The settings that lead to a new database."""
    _execute(cluster, f"create database {name}{place}")
    return {"LUKEWARM_DATABASE_URL": cluster.url(name)}


@contextlib.contextmanager
def tablespace(cluster: Postgres, disk: Path) -> Iterator[None]:
    """Lets databases lie on `disk` while the block lasts; the cluster's log of writes stays where it is."""
    _execute(cluster, f"create tablespace small location '{disk}'")
    yield
    _execute(cluster, "drop database small with (force)")
    _execute(cluster, "drop tablespace small")


def _execute(cluster: Postgres, statement: str) -> None:
    engine = create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


if __name__ == "__main__":
    main()
