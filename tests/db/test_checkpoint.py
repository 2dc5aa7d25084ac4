"""SQLite's log is carried over beside the writers."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from collector.db import Database
from collector.db.bulk import BulkWriter
from collector.db.checkpoint import Checkpoints
from collector.migrations import upgrade
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry
from tests.make import NOW


@pytest.fixture
def embedded(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path}/lukewarm.db")
    if database.journal != "wal":
        pytest.skip("this SQLite is used with the rollback journal, which is carried over by nobody")
    upgrade(database)
    return database


def write(database: Database, megabytes: int) -> None:
    """Commits entries that take so much room, one a commit."""
    writer = BulkWriter(database)
    for number in range(megabytes * 4):
        with writer.writing() as tx:
            put(tx, [NewEntry("test", {"words": "x" * 256 * 1024, "n": number}, NOW + timedelta(days=1))])
    writer.close()


def size(database: Database, suffix: str = "") -> int:
    return Path(f"{database.url.database}{suffix}").stat().st_size


def becomes_true(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 60
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


def test_commits_leave_the_log_to_the_thread_which_carries_it_over(embedded: Database):
    embedded.checkpoint_apart()
    before = size(embedded)
    write(embedded, 8)
    assert becomes_true(lambda: size(embedded) > before + 8 * 1024 * 1024)
    with embedded.reading() as tx:
        assert tx.connection().exec_driver_sql("pragma integrity_check").scalar_one() == "ok"
    embedded.dispose()


def test_a_log_that_grows_without_a_pause_is_begun_anew(embedded: Database):
    checkpoints = Checkpoints(embedded.engine, embedded.turn, longest=500)
    for _ in range(20):
        write(embedded, 2)
        checkpoints.look()
    assert size(embedded, "-wal") < 10 * 1024 * 1024, "40 MB went through it"
    checkpoints.stop()
    embedded.dispose()


def test_a_reader_that_stays_loses_nothing_and_does_not_hold_up_writers(embedded: Database):
    checkpoints = Checkpoints(embedded.engine, embedded.turn, longest=100)
    count = "select count(*) from outbox_entry"
    with embedded.reading() as tx:
        before = tx.connection().exec_driver_sql(count).scalar_one()
        write(embedded, 2)
        checkpoints.look()
        write(embedded, 2)
        assert tx.connection().exec_driver_sql(count).scalar_one() == before
    with embedded.reading() as tx:
        assert tx.connection().exec_driver_sql(count).scalar_one() == before + 16
    checkpoints.stop()
    embedded.dispose()


def test_the_thread_ends_with_the_database(embedded: Database):
    embedded.checkpoint_apart()
    embedded.dispose()
    assert not Path(f"{embedded.url.database}-wal").exists(), "the last connection is closed, and took the log along"
