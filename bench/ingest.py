#!/usr/bin/env python3
"""How many submissions a second are stored durably, beside a bare Flask view that stores nothing and a textbook collector,
on one server (waitress, eight threads), in one run.

    python bench/ingest.py                 SQLite
    python bench/ingest.py --postgresql    and PostgreSQL (TEST_POSTGRESQL names its binaries)

The load generator shares the machine: read the ratios, not the rates."""

import argparse
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.servers.postgres import Postgres  # noqa: E402 - the checkout is put on the path first


@dataclass(frozen=True)
class Figure:
    """What one server did under one load. `cpu` is its own processor time in microseconds an answer."""

    name: str
    connections: int
    rate: float
    p50: float
    p99: float
    cpu: float
    failed: int


def main() -> None:
    """Runs every server under every load and prints one table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--postgresql", action="store_true")
    options.add_argument("--connections", type=int, nargs="+", default=[1, 32])
    options.add_argument("--seconds", type=float, default=5)
    wanted = options.parse_args()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="ingest-") as folder, contextlib.ExitStack() as stack:
        figures += measure("bare Flask view, stores nothing", bare(), wanted)
        figures += measure("textbook collector, SQLite", textbook(f"sqlite:///{folder}/textbook.db"), wanted)
        figures += measure("Lukewarm, SQLite", ours(Path(folder) / "ours", None), wanted)
        if wanted.postgresql:
            cluster = Postgres(Path(folder), durable=True)
            stack.callback(cluster.remove)
            figures += measure("textbook collector, PostgreSQL", textbook(cluster.url("postgres")), wanted)
            subprocess.run(["createdb", "-h", cluster.folder, "-U", "lukewarm", "ours"], check=True)
            figures += measure("Lukewarm, PostgreSQL", ours(Path(folder) / "pg", cluster.url("ours")), wanted)
    print("| server | connections | stored a second | against bare | p50 ms | p99 ms | CPU µs each | failed |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for one in figures:
        base = next(other.rate for other in figures if other.connections == one.connections)
        print(
            f"| {one.name} | {one.connections} | {one.rate:.0f} | {one.rate / base:.2f} | {one.p50:.1f} | {one.p99:.1f} "
            f"| {one.cpu:.0f} | {one.failed} |"
        )


@dataclass(frozen=True)
class Server:
    """A running server: where submissions go, and the process whose time is counted."""

    port: int
    path: str
    process: int


Running = contextlib.AbstractContextManager[Server]


def measure(name: str, running: Running, wanted: argparse.Namespace) -> list[Figure]:
    """One server under each load."""
    figures = []
    with running as server:
        for connections in wanted.connections:
            spent = processor_time(server.process)
            command = [
                sys.executable,
                str(ROOT / "bench" / "load.py"),
                "--port",
                str(server.port),
                "--path",
                server.path,
            ]
            command += ["--origin", f"http://127.0.0.1:{server.port}", "--connections", str(connections)]
            command += ["--seconds", str(wanted.seconds)]
            told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            count = sum(told["statuses"].values())
            spent = (processor_time(server.process) - spent) * wanted.seconds / (wanted.seconds + 1)
            figures.append(
                Figure(
                    name, connections, told["rate"], told["p50"], told["p99"], spent / count * 1e6,
                    count - told["statuses"].get("201", 0),
                )
            )  # fmt: skip
    return figures


def processor_time(process: int) -> float:
    """Seconds of processor time that a process has used (Linux, proc(5))."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def started(command: list[str], port: int, path: str, environ: dict[str, str] | None = None) -> Iterator[Server]:
    """A server process that takes connections, ended afterwards."""
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield Server(port, path, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def bare() -> Running:
    """The bare Flask view."""
    port = free_port()
    return started([sys.executable, "bench/peers/bare.py", str(port)], port, "/responses")


def textbook(database: str) -> Running:
    """The textbook collector on a database."""
    port = free_port()
    return started([sys.executable, "bench/peers/textbook.py", str(port), database], port, "/sites/peer/responses")


def ours(folder: Path, database: str | None) -> Running:
    """Our collector with its worker, as it is served by default."""
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LUKEWARM_")}
    environ |= {"LUKEWARM_DATA_DIR": str(folder), "LUKEWARM_LOG_LEVEL": "warning", "LUKEWARM_PORT": str(port)}
    if database is not None:
        environ |= {"LUKEWARM_DATABASE_URL": database, "LUKEWARM_SECRET_KEY": "bench " * 8}
    command = [sys.executable, "-m", "collector"]
    added = subprocess.run(
        [*command, "site", "add", "Bench", "--origin", f"http://127.0.0.1:{port}", "--industry", "saas"],
        cwd=ROOT, env=environ, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return started([*command, "serve"], port, f"/v1/sites/{added.stdout.strip()}/responses", environ)


def free_port() -> int:
    """A port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
