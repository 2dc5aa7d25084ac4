"""A source with something of everything, made through the application, and an empty database to move it to."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import make_url, select

from collector.accounts.actions import revoke_key
from collector.app import create_app
from collector.cli import main
from collector.config import Settings
from collector.db import Database
from collector.migrations.tables import METADATA
from collector.outbox.actions import claim, put
from collector.outbox.entry import NewEntry
from collector.outbox.models import EntryRow
from collector.sites.site import Site
from collector.surveys.actions import set_open, set_prompts
from collector.surveys.queries import surveys_of
from collector.worker import Worker
from tests.conftest import Clock, _create
from tests.intake.test_submit import send
from tests.make import NOW, make_key, make_site, submission
from tests.servers.postgres import Postgres

SECRET = "a key for tests that is long enough to be one"


@dataclass
class Source:
    """An installation with a history. Tokens by submission, the receipt of the first, and a working API key."""

    url: str
    site: Site
    key: str
    receipt: dict[str, Any]
    opened: dict[int, str] = field(default_factory=dict)
    answered: dict[int, str] = field(default_factory=dict)


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables as the application sees them."""
    with database.reading() as tx:
        return {
            table.name: [tuple(row) for row in tx.execute(select(table).order_by(*table.primary_key))]
            for table in METADATA.sorted_tables
        }


@pytest.fixture(scope="session")
def histories(tmp_path_factory: pytest.TempPathFactory) -> "Histories":
    return Histories(tmp_path_factory.mktemp("histories"))


@pytest.fixture
def source(
    request: pytest.FixtureRequest, database_url: str, settings: Settings, clock: Clock, histories: "Histories"
) -> Source:
    postgres = None if database_url.startswith("sqlite:") else request.getfixturevalue("postgres")
    return histories.put(database_url, settings, clock, postgres)


class Histories:
    """The history of a source, made once on each kind of database and copied from then on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, tuple[Source, datetime]] = {}

    def put(self, url: str, settings: Settings, clock: Clock, postgres: Postgres | None) -> Source:
        """Puts the history into the database at `url`, and the clock to its end."""
        kind, kept = url.partition(":")[0], self._folder / "lukewarm.db"
        if kind not in self._made:
            database = Database(url)
            self._made[kind] = lived(create_app(settings, database, now=clock), database, clock), clock.time
            database.dispose()
            if postgres is None:
                shutil.copy(url.removeprefix("sqlite:///"), kept)
            else:
                _create(postgres, f"create database history template {make_url(url).database}")
        elif postgres is None:
            shutil.copy(kept, url.removeprefix("sqlite:///"))
        else:
            _create(postgres, f"drop database {make_url(url).database}")
            _create(postgres, f"create database {make_url(url).database} template history")
        made, clock.time = self._made[kind]
        return replace(made, url=url)


def lived(app: Flask, database: Database, clock: Clock) -> Source:
    """Has the installation used as people use it."""
    with database.writing() as tx:
        site = make_site(tx, parameters=("plan", "größe"))
        german = make_site(tx, name="Kur & Klinik „Süd“", language="de", industry="healthcare", scale="csat")
        other = make_site(
            tx, name="Elsewhere", team="Second team", origins=("https://shop.example", "http://b.example")
        )
        key = make_key(tx, "exports:read")
        make_key(tx, "exports:read", expires_at=NOW + timedelta(days=30))
        make_key(tx, "exports:read", team="Second team")
        revoke_key(tx, 2, NOW)
        set_prompts(tx, surveys_of(tx, german.id)[0], {"de": "Wie war’s? 🛁"})
        set_open(tx, surveys_of(tx, other.id)[0], False)
    with app.test_client() as client:
        made = Source(database.url.render_as_string(hide_password=False), site, key, {})
        for number in range(1, 25):
            clock.move(timedelta(microseconds=123_457))
            comment = ["", 'The form asks twice 🙈 \t\\N "quoted"', "Zu teuer\nund zu langsam"][number % 3]
            reply = send(client, site, submission(number, score=number % 11, comment=comment)).json
            made.receipt = made.receipt or reply
            if reply.get("follow_up"):
                token = reply["follow_up"]["token"]
                if number % 2:
                    made.opened[number] = token
                else:
                    assert client.post(f"/v1/follow-ups/{token}", json={"text": "L’été, 価格"}).status_code == 200
                    made.answered[number] = token
        for number in range(30, 36):
            assert send(client, german, submission(number, score=4)).status_code == 201
    with database.writing() as tx:
        put(tx, [NewEntry("nobody.knows", {"a": [1, None, "ü"]}, NOW - timedelta(days=9), "parked")])
        tx.execute(EntryRow.__table__.update().where(EntryRow.key == "parked").values(state="parked", attempts=9))
    Worker(database, clock).run_once()
    with database.writing() as tx:
        put(tx, [NewEntry("nobody.knows", {"held": True}, NOW - timedelta(days=8), "held")])
        assert len(claim(tx, "worker_gone", clock(), timedelta(minutes=5), 1)) == 1
        put(tx, [NewEntry("response.recorded", {"facts": []}, NOW + timedelta(days=1))])
    assert made.opened
    assert made.answered
    return made


@pytest.fixture
def nowhere(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of nothing: an empty PostgreSQL for a source on SQLite, a file to be made for one on PostgreSQL."""
    if database_url.startswith("sqlite:"):
        with _database_like(request, "template1") as address:
            yield address
    else:
        yield f"sqlite:///{tmp_path / 'moved.db'}"


@pytest.fixture
def target(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Database]:
    """Where to copy to: of the other kind than the source, and empty. It has its schema, which takes longer to make than most
    of what is copied here."""
    if database_url.startswith("sqlite:"):
        with _database_like(request, request.getfixturevalue("empty_postgres")) as address:
            yield from _opened(address)
    else:
        shutil.copy(request.getfixturevalue("empty_sqlite"), tmp_path / "target.db")
        yield from _opened(f"sqlite:///{tmp_path / 'target.db'}")


@pytest.fixture
def bare(nowhere: str) -> Iterator[Database]:
    """Where to copy to, without a schema yet."""
    yield from _opened(nowhere)


@contextmanager
def _database_like(request: pytest.FixtureRequest, template: str) -> Iterator[str]:
    postgres: Postgres = request.getfixturevalue("postgres")
    name = f"m{abs(hash((request.node.nodeid, template)))}"
    _create(postgres, f"create database {name} template {template}")
    yield postgres.url(name)
    _create(postgres, f"drop database {name} with (force)")


def _opened(address: str) -> Iterator[Database]:
    opened = Database(address)
    yield opened
    opened.dispose()


@pytest.fixture
def lukewarm(database: Database, tmp_path: Path) -> Callable[..., Result]:
    """Runs a command on the source, or on `LUKEWARM_DATABASE_URL`; the test itself lets go of the source before."""
    environ = {
        "LUKEWARM_DATA_DIR": str(tmp_path),
        "LUKEWARM_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "LUKEWARM_SECRET_KEY": SECRET,
    }

    def run(*arguments: str, **changes: str) -> Result:
        database.dispose()
        env = {name: value or None for name, value in (environ | changes).items()}
        return CliRunner().invoke(main, arguments, env=env, catch_exceptions=False)

    return run
