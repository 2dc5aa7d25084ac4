"""Every server that `ingest.py` compares: one line each in `ROWS`."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.peers.install import node_packages, python_packages
from bench.processes import ROOT
from bench.submissions import isso_comments, submissions

#: The server program that ours runs on, and so the one that the bare view is measured on unless said otherwise.
OUR_SERVER = "uvicorn"
#: Settings that ours is always started with; `--ours NAME=VALUE` adds to them.
OURS_SETTINGS: Mapping[str, str] = {
    "LUKEWARM_LOG_LEVEL": "warning",
    "LUKEWARM_NETWORK_LIMIT": "0",
    "LUKEWARM_SITE_LIMIT": "0",
    "LUKEWARM_TOTAL_LIMIT": "0",
    "LUKEWARM_READ_LIMIT": "0",
}


@dataclass(frozen=True)
class Ground:
    """What a server is started on: a folder and a port of its own, and a fresh database on PostgreSQL if it wants one."""

    folder: Path
    port: int
    server: str
    ours: Mapping[str, str]
    socket: Path | None = None
    database: str = ""

    @property
    def origin(self) -> str:
        """Where the visitors' pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """The address of the database, as SQLAlchemy writes it."""
        if self.socket is not None:
            return f"postgresql+psycopg://lukewarm@/{self.database}?host={self.socket}"
        return f"sqlite:///{self.folder / 'peer.db'}"


@dataclass(frozen=True)
class Command:
    """How a server is started, and where it takes submissions."""

    words: list[str]
    path: str
    environ: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One server. `prepare` may raise `NotHere`."""

    key: str
    name: str
    prepare: Callable[[Ground], Command]
    postgresql: bool = False
    ours: bool = False
    content_type: str = "application/json"
    bodies: Callable[[str], str] = submissions


def flask_peer(peer: str, path: str) -> Callable[[Ground], Command]:
    """A Flask peer on the server program that is asked for."""

    def prepare(ground: Ground) -> Command:
        words = [sys.executable, "bench/peers/serve.py", peer, ground.server, "--port", str(ground.port)]
        return Command(words, path, {"PEER_DATABASE": ground.address})

    return prepare


def fastify(*words: str) -> Callable[[Ground], Command]:
    """A Fastify peer."""

    def prepare(ground: Ground) -> Command:
        environ = _peer(ground) | {"PEER_PACKAGES": str(node_packages()), "NODE_ENV": "production"}
        return Command(["node", *words], "/sites/peer/responses", environ)

    return prepare


def fastapi(ground: Ground) -> Command:
    """The FastAPI peer: two processes, for the two cores that the figures are taken on."""
    words = [str(python_packages()), "-m", "uvicorn", "--app-dir", "bench/peers", "--workers", "2", "--loop", "uvloop"]
    words += ["--http", "httptools", "--no-access-log", "--log-level", "warning", "--port", str(ground.port)]
    return Command([*words, "fastapi_asyncpg:app"], "/sites/peer/responses", _peer(ground))


def isso(ground: Ground) -> Command:
    """Isso as its documents serve it: gunicorn, four processes. Its guard, which lets one visitor write two comments a
    minute, is off."""
    settings = ground.folder / "isso.cfg"
    settings.write_text(
        f"[general]\ndbpath = {ground.folder / 'isso.db'}\nhost = {ground.origin}\n[guard]\nenabled = false\n"
    )
    words = [str(python_packages()), "-m", "gunicorn", "--bind", f"127.0.0.1:{ground.port}", "--workers", "4"]
    return Command([*words, "--preload", "isso.run"], "/new?uri=%2Freports", {"ISSO_SETTINGS": str(settings)})


def lukewarm(settings: Mapping[str, str]) -> Callable[[Ground], Command]:
    """Ours with its worker, as `serve` runs it, with the settings of a row, and with those of the command line."""

    def prepare(ground: Ground) -> Command:
        environ = {
            "LUKEWARM_DATA_DIR": str(ground.folder / "data"),
            "LUKEWARM_PORT": str(ground.port),
            "LUKEWARM_DATABASE_URL": ground.address,
            "LUKEWARM_SECRET_KEY": "a key for measures alone, and long",
        }
        environ |= {**OURS_SETTINGS, **settings, **ground.ours}
        words = [sys.executable, "-m", "collector"]
        add = [*words, "site", "add", "Bench", "--origin", ground.origin, "--industry", "saas"]
        added = subprocess.run(add, cwd=ROOT, env=environment(environ), capture_output=True, text=True, check=False)
        if added.returncode:
            raise RuntimeError(f"the site could not be made: {added.stderr}")
        return Command([*words, "serve"], f"/v1/sites/{added.stdout.strip()}/responses", environ)

    return prepare


def environment(added: Mapping[str, str]) -> dict[str, str]:
    """The environment of a server: this process's own without settings of an installation, and what is added."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("LUKEWARM_", "PEER_", "PG"))}
    return own | dict(added)


def _peer(ground: Ground) -> dict[str, str]:
    environ = {"PEER_PORT": str(ground.port), "PEER_DATABASE": str(ground.folder / "peer.db")}
    if ground.socket is not None:
        environ |= {"PGHOST": str(ground.socket), "PGUSER": "lukewarm", "PGDATABASE": ground.database}
    return environ


_BARE = flask_peer("bare", "/responses")
_TEXTBOOK = flask_peer("textbook", "/sites/peer/responses")
_FLASK = {"LUKEWARM_FAST_DOOR": "off"}
_WIDGET = "text/plain;charset=UTF-8"

#: The order is the table's. The first is what the others are compared with.
ROWS = (
    Row("bare", "bare Flask view, stores nothing", _BARE),
    Row("textbook-sqlite", "textbook Flask collector, SQLite", _TEXTBOOK),
    Row("isso", "Isso, SQLite", isso, bodies=isso_comments),
    Row("fastify-sqlite", "Fastify + better-sqlite3, one commit each", fastify("bench/peers/fastify_sqlite.mjs")),
    Row(
        "fastify-grouped",
        "Fastify + better-sqlite3, groups by hand",
        fastify("bench/peers/fastify_sqlite.mjs", "--grouped"),
    ),
    Row("flask-sqlite", "Lukewarm, Flask door, SQLite", lukewarm(_FLASK), ours=True, content_type=_WIDGET),
    Row("fast-sqlite", "Lukewarm, short way, SQLite", lukewarm({}), ours=True, content_type=_WIDGET),
    Row("textbook-pg", "textbook Flask collector, PostgreSQL", _TEXTBOOK, postgresql=True),
    Row("fastapi-pg", "FastAPI + asyncpg, two processes", fastapi, postgresql=True),
    Row("fastify-pg", "Fastify + pg, pool of 16", fastify("bench/peers/fastify_pg.mjs"), postgresql=True),
    Row("flask-pg", "Lukewarm, Flask door, PostgreSQL", lukewarm(_FLASK), True, True, _WIDGET),
    Row("fast-pg", "Lukewarm, short way, PostgreSQL", lukewarm({}), True, True, _WIDGET),
)
