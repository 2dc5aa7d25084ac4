"""Serves one of the Flask peers with the server program that is named, so that ours can be compared on the same one.

    python bench/peers/serve.py bare uvicorn --port 8001
    PEER_DATABASE=sqlite:///peer.db python bench/peers/serve.py textbook granian --port 8001 --threads 4

`threads` answer requests in one process. uvicorn is the project's own; waitress and granian
have to be installed."""

import argparse
import importlib
import os
import sys
from pathlib import Path
from typing import Any

SERVERS = ("uvicorn", "waitress", "granian")


def main() -> None:
    """Serves until it is told to stop."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("peer", choices=["bare", "textbook"])
    options.add_argument("server", choices=SERVERS)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--threads", type=int, default=8)
    wanted = options.parse_args()
    os.environ["PEER_ORIGIN"] = f"http://127.0.0.1:{wanted.port}"
    {"waitress": with_waitress, "granian": with_granian, "uvicorn": with_uvicorn}[wanted.server](wanted)


def with_waitress(wanted: argparse.Namespace) -> None:
    """Threads behind one loop of bare sockets."""
    waitress: Any = importlib.import_module("waitress")
    app = importlib.import_module(wanted.peer).app
    waitress.serve(app, host="127.0.0.1", port=wanted.port, threads=wanted.threads, connection_limit=2000)


def with_granian(wanted: argparse.Namespace) -> None:
    """WSGI threads behind a loop in Rust. Its worker is a process of its own, which imports the peer by its name."""
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)
    command = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(wanted.port)]
    command += ["--workers", "1", "--blocking-threads", str(wanted.threads), "--no-log", f"{wanted.peer}:app"]
    os.execv(sys.executable, [sys.executable, *command])


def with_uvicorn(wanted: argparse.Namespace) -> None:
    """Threads behind an asyncio loop, through a2wsgi."""
    uvicorn: Any = importlib.import_module("uvicorn")
    bridge: Any = importlib.import_module("a2wsgi").WSGIMiddleware
    app = bridge(importlib.import_module(wanted.peer).app, workers=wanted.threads)
    uvicorn.run(app, host="127.0.0.1", port=wanted.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
