#!/usr/bin/env python3
"""How many submissions a second are stored durably, beside a bare Flask view that stores nothing, a textbook collector, Isso,
and the same job written with Fastify and FastAPI; in one run, on this machine.

    python bench/ingest.py                                    everything, 32 connections, closed loop
    python bench/ingest.py --connections 1 32 256 --rounds 3  medians of three rounds, servers in turns
    python bench/ingest.py --only bare flask-sqlite           some rows (keys in bench/servers.py)
    python bench/ingest.py --overload                         and ours at fixed rates, up to ten times its capacity
    python bench/ingest.py --slow-disk --connections 32 128   2 ms more for every sync to the disk
    python bench/ingest.py --fill 1000000                     and the memory of ours while so many are stored
    python bench/ingest.py --burst 10 150                     and how long facts wait for the worker in bursts of such seconds

PostgreSQL rows need TEST_POSTGRESQL, the folder with initdb. The peers' packages are installed into .bench/ on first use;
a C compiler makes the load generator. A row that cannot be had here is left out and named. The load generator and the
database share the machine: read the ratios of one run, not the rates."""

import argparse
import contextlib
import itertools
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.bursts import burst, print_burst, print_bursts_head  # noqa: E402 - the checkout is put on the path first
from bench.figures import Figure, Load, combined  # noqa: E402 - likewise
from bench.goals import Results, print_goals, print_rates, print_table  # noqa: E402 - likewise
from bench.peers.install import NotHere, compiled  # noqa: E402 - likewise
from bench.peers.serve import SERVERS  # noqa: E402 - likewise
from bench.processes import free_port, running  # noqa: E402 - likewise
from bench.servers import OUR_SERVER, ROWS, Ground, Row, environment  # noqa: E402 - likewise
from tests.servers.postgres import Postgres  # noqa: E402 - likewise

#: Rates of the open loop, in parts of the capacity that was measured before.
PARTS = (0.33, 0.5, 1.0, 4.0, 10.0)


def main() -> None:
    """Measures what is asked for and prints the tables in Markdown."""
    wanted = read_options()
    before = os.getloadavg()[0]
    # Told to stop, it ends its servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ingest-")))
        folder.chmod(0o711)  # PostgreSQL runs as another user and loads the slow disk from here
        load = Load(compiled(ROOT / "bench" / "load.c", folder / "load"), wanted.seconds, wanted.warm_up)
        if wanted.slow_disk:
            library = compiled(ROOT / "bench" / "slowsync.c", folder / "slowsync.so", "-shared", "-fPIC")
            os.environ |= {"LD_PRELOAD": str(library), "SLOWSYNC_US": "2000"}
        cluster = None
        if any(row.postgresql for row in wanted.rows) and os.environ.get("TEST_POSTGRESQL"):
            cluster = Postgres(folder, durable=True)
            stack.callback(cluster.remove)
        bench = Bench(load, folder, cluster, wanted)
        results = bench.closed_loop()
        print_table(results)
        sys.stdout.flush()
        if wanted.overload:
            bench.open_loop(results)
            print_rates(results)
        if wanted.fill:
            bench.fill(results)
        if wanted.burst:
            bench.bursts()
        print_goals(results)
        print(f"\nLoad average of the machine: {before:.1f} before, {os.getloadavg()[0]:.1f} after.")
        for name, why in bench.missing.items():
            print(f"\nNot measured: {name}: {why}")
        sys.exit(1 if bench.missing else 0)


def read_options() -> argparse.Namespace:
    """The command line; `rows` are the rows to measure, in the table's order."""
    known = [row.key for row in ROWS]
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", nargs="+", choices=known, default=known, metavar="ROW", help=", ".join(known))
    options.add_argument("--connections", type=int, nargs="+", default=[32])
    options.add_argument("--seconds", type=float, default=5, help="of each measurement")
    options.add_argument("--warm-up", type=float, default=1, help="seconds before each measurement")
    options.add_argument("--rounds", type=int, default=1, help="medians of so many, servers in turns")
    options.add_argument("--server", choices=SERVERS, default=OUR_SERVER, help="for the bare view and the textbook")
    options.add_argument("--ours", action="append", default=[], metavar="NAME=VALUE", help="a setting for ours")
    options.add_argument("--overload", action="store_true", help="open loop for ours, and for rows named by --only")
    options.add_argument("--overload-connections", type=int, default=500)
    options.add_argument("--slow-disk", action="store_true", help="2 ms more for every sync")
    options.add_argument("--fill", type=int, default=0, metavar="COUNT", help="memory of ours while COUNT are stored")
    options.add_argument("--burst", type=float, nargs="+", default=[], metavar="SECONDS", help="how facts of ours wait")
    wanted = options.parse_args()
    wanted.narrowed = wanted.only != known
    wanted.rows = [row for row in ROWS if row.key in wanted.only]
    return wanted


class Bench:
    """One run. `missing` holds the rows that cannot be had here, with the reason."""

    def __init__(self, load: Load, folder: Path, cluster: Postgres | None, wanted: argparse.Namespace) -> None:
        self.missing: dict[str, str] = {}
        self._load = load
        self._folder = folder
        self._cluster = cluster
        self._wanted = wanted
        self._numbers = itertools.count()

    def closed_loop(self) -> Results:
        """Every row under every number of connections; with several rounds, servers take turns."""
        taken: dict[tuple[str, int], list[Figure]] = {}
        for _ in range(self._wanted.rounds):
            for row in self._wanted.rows:
                with self._missed(row), self._started(row) as (load, _):
                    for connections in self._wanted.connections:
                        figure = load.measure(connections)
                        taken.setdefault((row.key, connections), []).append(figure)
        closed = {key: combined(figures) for key, figures in taken.items()}
        return Results(closed, self._wanted.slow_disk, self._wanted.server)

    def open_loop(self, results: Results) -> None:
        """Fixed rates, for ours, or for all rows that were asked for by name; fresh ground for each rate."""
        for row in self._wanted.rows:
            if (row.ours or self._wanted.narrowed) and (capacity := results.capacity(row.key)):
                for part in PARTS:
                    with self._missed(row), self._started(row) as (load, _):
                        figure = load.measure(self._wanted.overload_connections, rate=capacity * part)
                        results.offered.setdefault(row.key, {})[part] = figure

    def fill(self, results: Results) -> None:
        """Stores many submissions in ours and prints what memory `serve` has after each tenth."""
        tenth = self._wanted.fill // 10
        print("\n| server | stored | a second | p99 ms | MB resident |\n|---|---:|---:|---:|---:|")
        for row in (row for row in self._wanted.rows if row.ours):
            with self._missed(row), self._started(row) as (load, _):
                for number in range(1, 11):
                    one = load.measure(32, count=tenth)
                    print(f"| {row.name} | {tenth * number:,} | {one.rate:,.0f} | {one.p99:.1f} | {one.memory:.0f} |")
                    results.filled[row.key] = max(one.memory, results.filled.get(row.key, 0))

    def bursts(self) -> None:
        """Bursts of some seconds for ours, each on fresh ground, and how long facts wait for the worker meanwhile."""
        print_bursts_head()
        for row in (row for row in self._wanted.rows if row.ours):
            for connections, seconds in itertools.product(self._wanted.connections, self._wanted.burst):
                with self._missed(row), self._started(row) as (load, ground):
                    one = burst(replace(load, seconds=seconds), ground.address, connections)
                    print_burst(row.name, connections, one)

    @contextlib.contextmanager
    def _missed(self, row: Row) -> Iterator[None]:
        """Notes why a row cannot be measured, instead of losing the others to it."""
        try:
            yield
        except (NotHere, RuntimeError) as reason:
            self.missing[row.name] = str(reason)

    @contextlib.contextmanager
    def _started(self, row: Row) -> Iterator[tuple[Load, Ground]]:
        """A row's server on fresh ground, ready for its load, with that ground. Raises `NotHere`, or `RuntimeError` when it
        does not answer."""
        number = next(self._numbers)
        folder = self._folder / str(number)
        folder.mkdir()
        ground = Ground(folder, free_port(), self._wanted.server, dict(one.split("=", 1) for one in self._wanted.ours))
        postmaster = 0
        with contextlib.ExitStack() as stack:
            if row.postgresql:
                if self._cluster is None:
                    raise NotHere("TEST_POSTGRESQL must name the folder with initdb")
                ground = replace(ground, socket=self._cluster.folder, database=f"row{number}")
                self._database("createdb", ground)
                stack.callback(self._database, "dropdb", ground)
                postmaster = int((self._cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
            command = row.prepare(ground)
            print(f"{row.name} ...", file=sys.stderr)
            log, environ = folder / "log", environment(command.environ)
            server = stack.enter_context(running(command.words, environ, ground.port, log))
            bodies = row.bodies(ground.origin)
            load = self._load.on(server, command.path, ground.origin, row.content_type, bodies, postmaster)
            load.probe()
            yield load, ground

    def _database(self, program: str, ground: Ground) -> None:
        words = [str(Path(os.environ["TEST_POSTGRESQL"]) / program), "-h", str(ground.socket), "-U", "lukewarm"]
        subprocess.run([*words, *(["--force"] if program == "dropdb" else []), ground.database], check=True)


if __name__ == "__main__":
    main()
