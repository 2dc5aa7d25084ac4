"""Group commit: whoever waits is written together, each is answered after the commit, a bad one fails alone."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from uuid import UUID

import pytest
from msgspec import structs
from sqlalchemy import func, select

from collector.db import UNAVAILABLE, Database
from collector.db.bulk import BulkWriter
from collector.followups.models import FollowUpRow
from collector.intake.accept import accept
from collector.intake.actions import store
from collector.intake.committer import MOST, Committer, Waiting
from collector.intake.queries import load_snapshot
from collector.intake.snapshot import Snapshot
from collector.intake.submission import Content, Rows, Submission
from collector.outbox.models import EntryRow
from collector.responses.models import ResponseRow
from collector.sites.site import Site
from tests.intake.test_accept import SNAPSHOT
from tests.make import NOW, ORIGIN

CONTENT = Content(id=UUID(int=1), score=8, page=f"{ORIGIN}/", language="en")


def rows(number: int, snapshot: Snapshot = SNAPSHOT, **parts: object) -> Rows:
    content = structs.replace(CONTENT, id=UUID(int=number), **parts)
    return accept(Submission(content, ORIGIN, NOW), snapshot)[1]


@pytest.fixture
def snapshot(database: Database, site: Site) -> Snapshot:
    with database.reading() as tx:
        found = load_snapshot(tx, site.key, b"k" * 32)
    assert found is not None
    return found


def counts(database: Database) -> tuple[int, ...]:
    """Responses, follow-ups, and facts that tell of them."""
    with database.reading() as tx:
        rows = [tx.scalar(select(func.count()).select_from(table)) or 0 for table in (ResponseRow, FollowUpRow)]
        return *rows, sum(len(payload["facts"]) for payload in tx.scalars(select(EntryRow.payload)))


class Disk:
    """A place to write that holds up every commit until it is told to go on."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def write(self, group: Sequence[Rows]) -> list[bool]:
        numbers = [one.response.submission.int for one in group]
        self.groups.append(numbers)
        self.begun.set()
        assert self.go_on.wait(60)
        if 13 in numbers:
            raise ValueError("13")
        return [True] * len(group)


def arrive(committer: Committer, pool: ThreadPoolExecutor, numbers: Sequence[int]) -> list:
    waiting = [pool.submit(committer.store, rows(number)) for number in numbers]
    while len(committer._queue) < len(numbers):
        threading.Event().wait(0.001)
    return waiting


def test_a_slow_commit_of_one_does_not_make_the_next_few_look_like_a_long_queue():
    disk = Disk()
    committer = Committer(disk.write, lambda error: True)
    began = perf_counter()
    with ThreadPoolExecutor(1) as pool:
        alone = pool.submit(committer.store, rows(1))
        assert disk.begun.wait(60)
        threading.Event().wait(0.02)  # long beside what surrounds the commit
        disk.go_on.set()
        assert alone.result(60)
    took = perf_counter() - began
    disk.begun.clear()
    disk.go_on.clear()
    told = threading.Semaphore(0)
    committer.submit(Waiting(rows(2), lambda group: told.release(len(group))))
    assert disk.begun.wait(60)
    for number in range(3, 35):
        committer.submit(Waiting(rows(number), lambda group: told.release(len(group))))
    assert 0 < committer.seconds_ahead < took
    disk.go_on.set()
    assert all(told.acquire(timeout=60) for _ in range(33))
    assert committer.seconds_ahead == 0


def test_a_lone_submission_is_written_at_once():
    disk = Disk()
    disk.go_on.set()
    assert Committer(disk.write, bool).store(rows(1)) is True
    assert disk.groups == [[1]]


def test_whoever_waits_during_a_commit_is_written_together_in_order():
    disk = Disk()
    committer = Committer(disk.write, lambda _error: True)
    with ThreadPoolExecutor(12) as pool:
        first = pool.submit(committer.store, rows(1))
        assert disk.begun.wait(60)
        others = arrive(committer, pool, range(2, 11))
        assert not first.done()
        assert not any(other.done() for other in others)
        disk.go_on.set()
        assert all(waiting.result(60) for waiting in [first, *others])
    assert disk.groups[0] == [1]
    assert sorted(disk.groups[1]) == list(range(2, 11))
    assert len(disk.groups) == 2


def test_a_bad_submission_fails_alone():
    disk = Disk()
    committer = Committer(disk.write, lambda error: isinstance(error, ValueError))
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(committer.store, rows(1))
        assert disk.begun.wait(60)
        others = arrive(committer, pool, [12, 13, 14])
        disk.go_on.set()
        assert [first.result(60), others[0].result(60), others[2].result(60)] == [True, True, True]
        with pytest.raises(ValueError, match="13"):
            others[1].result(60)


def test_an_error_of_the_database_is_everybodys_and_asked_once():
    disk = Disk()
    committer = Committer(disk.write, lambda _error: False)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(committer.store, rows(1))
        assert disk.begun.wait(60)
        others = arrive(committer, pool, [12, 13, 14])
        disk.go_on.set()
        assert first.result(60) is True
        for other in others:
            with pytest.raises(ValueError, match="13"):
                other.result(60)
    assert len(disk.groups) == 2


def test_a_group_has_a_bound():
    disk = Disk()
    committer = Committer(disk.write, bool)
    with ThreadPoolExecutor(MOST * 2 + 2) as pool:
        first = pool.submit(committer.store, rows(1))
        assert disk.begun.wait(60)
        others = arrive(committer, pool, range(100, 100 + MOST + 5))
        disk.go_on.set()
        assert all(waiting.result(60) for waiting in [first, *others])
    assert [len(group) for group in disk.groups] == [1, MOST, 5]


def test_repeats_inside_a_group_write_nothing_the_second_time(database: Database, snapshot: Snapshot):
    group = [rows(1, snapshot), rows(2, snapshot), rows(1, snapshot), rows(3, snapshot)]
    with BulkWriter(database).writing() as tx:
        assert store(tx, group) == [True, True, False, True]
    assert counts(database) == (3, 3, 3)


def test_repeats_of_an_earlier_group_write_nothing(database: Database, snapshot: Snapshot):
    with BulkWriter(database).writing() as tx:
        assert store(tx, [rows(1, snapshot), rows(2, snapshot)]) == [True, True]
    with BulkWriter(database).writing() as tx:
        assert store(tx, [rows(2, snapshot), rows(3, snapshot), rows(1, snapshot)]) == [False, True, False]
    assert counts(database) == (3, 3, 3)


def test_another_content_under_a_stored_id_changes_nothing(database: Database, snapshot: Snapshot):
    with BulkWriter(database).writing() as tx:
        store(tx, [rows(1, snapshot)])
    with BulkWriter(database).writing() as tx:
        assert store(tx, [rows(1, snapshot, score=3)]) == [False]
    with database.reading() as tx:
        assert tx.scalars(select(ResponseRow.score)).all() == [8]


def test_many_writers_at_once_lose_and_double_nothing(database: Database, snapshot: Snapshot):
    def committer() -> Committer:
        writer = BulkWriter(database)

        def write(group: Sequence[Rows]) -> list[bool]:
            with writer.writing() as tx:
                return store(tx, group)

        return Committer(write, lambda _error: False)

    committers = [committer(), committer()]
    prepared = [rows(number // 2 + 1, snapshot) for number in range(200)]
    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(lambda pair: committers[pair[0] % 2].store(pair[1]), enumerate(prepared)))
    assert sum(told) == 100
    assert counts(database) == (100, 100, 100)


def test_a_group_is_written_in_the_order_of_its_keys(database: Database, snapshot: Snapshot):
    """The order in which rows are locked; two groups that share keys then never wait for each other crosswise."""
    with BulkWriter(database).writing() as tx:
        assert store(tx, [rows(number, snapshot) for number in (3, 1, 2, 1)]) == [True, True, True, False]
    with database.reading() as tx:
        stored = tx.scalars(select(ResponseRow.submission_id).order_by(ResponseRow.id)).all()
    assert [submission.int for submission in stored] == [1, 2, 3]


def test_overlapping_groups_in_opposite_order_do_not_lock_each_other_out(database: Database, snapshot: Snapshot):
    """Two processes, each with its own connections; on PostgreSQL each waits for the keys that the other has written."""
    forth = [rows(number, snapshot) for number in range(1, 41)]
    failures = []

    def write(group: list[Rows]) -> None:
        own = Database(database.url.render_as_string(hide_password=False))
        writer = BulkWriter(own)
        try:
            for start in range(0, 40, 10):
                with writer.writing() as tx:
                    store(tx, group[start : start + 10])
        except Exception as error:
            failures.append(error)
        finally:
            own.dispose()

    tens = [forth[start : start + 10][::-1] for start in range(0, 40, 10)]
    threads = [
        threading.Thread(target=write, args=(group,)) for group in (forth, [one for ten in tens for one in ten]) * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert counts(database) == (40, 40, 40)


def test_a_writer_that_waits_too_long_gives_up_like_on_a_busy_database(tmp_path):
    own = Database(f"sqlite:///{tmp_path}/one.db")
    with own.turn(), pytest.raises(UNAVAILABLE, match="takes too long"), own.writing():
        pass
    own.dispose()
