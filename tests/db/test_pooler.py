"""PostgreSQL through a real PgBouncer that pools transactions, with no setting that it does not need anyway."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from collector.app import create_app
from collector.config import Settings
from collector.db import Database
from collector.migrations import upgrade
from collector.worker import Worker
from tests.conftest import Clock, _create
from tests.make import ORIGIN, make_site, submission
from tests.servers.neighbours import PgBouncer
from tests.servers.postgres import Postgres

#: As it comes, and as its operators are often told to set it.
SETTINGS = [(), ("ignore_startup_parameters = extra_float_digits, options",)]


@pytest.fixture(params=SETTINGS, ids=["as it comes", "options passed over"])
def pooler(request: pytest.FixtureRequest, postgres: Postgres) -> Iterator[PgBouncer]:
    running = PgBouncer(postgres, *request.param)
    _create(postgres, "create database pooled")
    yield running
    running.remove()
    _create(postgres, "drop database pooled with (force)")


@pytest.fixture
def database_url(pooler: PgBouncer) -> str:
    return pooler.url("pooled")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    upgrade(opened)
    yield opened
    opened.dispose()


def test_the_pooler_is_noticed_and_every_connection_has_the_limits(database, database_url, postgres):
    assert database.pooler is not None
    assert database.pooler.found
    second = Database(database_url)
    upgrade(second)  # keeps what is kept
    seen = set()
    with database.reading() as one, database.reading() as two, second.reading() as three, second.reading() as four:
        for tx in (one, two, three, four):
            seen.add(tx.scalar(text("select pg_backend_pid()")))
            assert tx.scalar(text("select current_setting('lock_timeout')")) == "5s"
            assert tx.scalar(text("select current_setting('statement_timeout')")) == "15s"
    assert len(seen) == 4
    second.dispose()
    direct = Database(postgres.url("pooled"))
    with direct.reading() as tx:
        assert tx.scalar(text("select current_setting('lock_timeout')")) == "5s"
    assert direct.pooler is not None
    assert not direct.pooler.found
    direct.dispose()


def test_a_role_that_has_its_own_limits_keeps_them(pooler, postgres):
    _create(postgres, "alter role lukewarm in database pooled set lock_timeout = '2s'")
    database = Database(pooler.url("pooled"))
    upgrade(database)
    direct = Database(postgres.url("pooled"))
    with direct.reading() as tx:
        kept = tx.scalars(text("select unnest(setconfig) from pg_db_role_setting")).all()
    assert {"lock_timeout=2s", "statement_timeout=15s"} <= set(kept)
    direct.dispose()
    database.dispose()


def test_a_role_without_rights_over_others_can_keep_its_limits(pooler, postgres):
    _create(postgres, "create role plain login")
    _create(postgres, "alter database pooled owner to plain")
    database = Database(pooler.url("pooled").replace("lukewarm@", "plain@"))
    upgrade(database)
    with database.reading() as tx:
        assert tx.scalar(text("select current_setting('statement_timeout')")) == "15s"
    database.dispose()
    _create(postgres, "drop database pooled with (force)")
    _create(postgres, "drop role plain")
    _create(postgres, "create database pooled")


def test_everything_goes_on_over_changing_connections(database, settings: Settings, clock: Clock):
    """Many times the same statements, from two engines, so that a prepared one would meet a connection that lacks it."""
    with database.writing() as tx:
        site = make_site(tx)
    other = Database(str(database.url))
    clients = [create_app(settings, one, now=clock).test_client() for one in (database, other)]
    path = f"/v1/sites/{site.key}/responses"
    for number in range(1, 41):
        # The reading transaction of one holds a connection, so that the other's next transaction gets another.
        with database.reading() as held:
            held.execute(text("select 1"))
            for client in clients:
                reply = client.post(path, json=submission(number, category="price"), headers={"Origin": ORIGIN})
                assert reply.status_code == 201, reply.get_json()
    worker = Worker(other, clock)
    while worker.run_once():
        pass
    clock.move(timedelta(days=400))
    while worker.run_once():
        pass
    with database.reading() as tx:
        assert tx.scalar(text("select count(*) from response")) == 40
        assert tx.scalar(text("select count(*) from follow_up where state = 'expired'")) == 40
        assert tx.scalar(text("select count(*) from outbox_entry")) == 0
    other.dispose()
