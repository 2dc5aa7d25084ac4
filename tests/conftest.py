"""Settings, databases, clock, application, client: nothing else. Every test of storage runs on both databases."""

import gc
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import CodeType

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, create_engine, text

from collector.app import create_app
from collector.config import Settings
from collector.db import Database
from collector.migrations import upgrade
from collector.sites.site import Site
from tests.make import NOW, make_site
from tests.servers.postgres import Postgres

# How long an example takes says nothing on a busy machine.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")

# The default looks through all that was ever imported for garbage every few hundred objects: a fifth of the time of a test
# that asks for pages.
gc.set_threshold(20_000, 20, 20)


class CompiledTemplates(BytecodeCache):
    """Templates that were compiled in this process. Every test makes an application, which would compile its pages anew."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key, bucket.checksum] = bucket.code


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}


class Clock:
    """A clock that the test moves by hand."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time

    def move(self, step: timedelta) -> None:
        """Moves on, or back."""
        self.time += step


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    cluster = Postgres(tmp_path_factory.mktemp("postgres"))
    yield cluster
    _administrator(cluster).dispose()
    cluster.remove()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty file to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "empty.db"
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    database.dispose()
    return file


@pytest.fixture(scope="session")
def empty_postgres(postgres: Postgres) -> str:
    """A migrated, empty database to copy."""
    _create(postgres, "create database empty")
    database = Database(postgres.url("empty"))
    upgrade(database)
    database.dispose()
    return "empty"


@pytest.fixture
def sqlite_url(empty_sqlite: Path, tmp_path: Path) -> str:
    """The address of an empty file at the newest schema. A module that asks nothing of storage makes it its `database_url`."""
    file = tmp_path / "lukewarm.db"
    shutil.copy(empty_sqlite, file)
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database at the newest schema, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = f"t{abs(hash(request.node.nodeid))}"
    _create(postgres, f"create database {name} template {request.getfixturevalue('empty_postgres')}")
    yield postgres.url(name)
    _create(postgres, f"drop database {name} with (force)")


#: For what is the same whatever stores it: one database is enough.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
#: For what only the one that takes several writers at a time can get wrong.
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path,
        database_url=database_url,
        secret_key="a key for tests that is long enough to be one",
        configuration_max_age=0,
        network_limit=0,
        site_limit=0,
        total_limit=0,
        read_limit=0,
        key_limit=0,
        log_level="warning",
    )


@pytest.fixture
def app(settings: Settings, database: Database, clock: Callable[[], datetime]) -> Flask:
    return create_app(settings, database, now=clock)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def site(database: Database) -> Site:
    with database.writing() as tx:
        return make_site(tx)


@cache
def _administrator(postgres: Postgres) -> Engine:
    """Makes and drops databases, for as long as the cluster runs; a test may restart it meanwhile."""
    return create_engine(postgres.url("postgres"), isolation_level="AUTOCOMMIT", pool_pre_ping=True)


def _create(postgres: Postgres, statement: str) -> None:
    with _administrator(postgres).connect() as connection:
        connection.execute(text(statement))
