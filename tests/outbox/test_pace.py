"""Visitors come first: how the worker goes on, by what others use of the time and by how late it is."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from collector.db import Database
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry
from collector.outbox.models import EntryRow
from collector.outbox.pace import AT_ONCE, LATE, LONGEST, PATIENT, Pace, Spent, pace
from collector.responses.models import ResponseTextRow
from collector.sites.site import Site
from collector.worker import BATCH, FEW, PAUSE, Worker
from tests.conftest import Clock
from tests.intake.test_submit import send
from tests.make import NOW, submission
from tests.servers.inside import running
from tests.servers.over_http import HttpClient

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("spent", "lag", "expected"),
    [
        # Nobody else is there, or only what a server does by itself.
        (Spent(0.01, 0.01, 0.01), 0, AT_ONCE),
        (Spent(1.01, 0.05, 0.01), 0, AT_ONCE),
        (Spent(0.01, 0.01, 0.01), 45, AT_ONCE),
        # Clocks are read one after the other.
        (Spent(0.00196196, 0.00196016, 0.00195995), 0, AT_ONCE),
        # Somebody is: nine times as long a rest as the work was, however much of the time others use.
        (Spent(1.01, 0.08, 0.01), 0, Pace(0.09, True)),
        (Spent(0.03, 0.03, 0.01), 0, Pace(0.09, True)),
        (Spent(0.03, 0.05, 0.01), 29.9, Pace(0.09, True)),
        (Spent(0.03, 0.03, 0.01), -5, Pace(0.09, True)),
        # No work, no rest.
        (Spent(1.0, 1.0, 0.0), 0, Pace(0.0, True)),
        # Late: as much of the time as others have half way, all of it at the end.
        (Spent(0.03, 0.03, 0.01), 45, Pace(0.01 * (1 / 0.55 - 1), False)),
        (Spent(0.03, 0.03, 0.01), 59.999, Pace(0.0, False)),
        (Spent(0.03, 0.03, 0.01), 60, AT_ONCE),
        (Spent(0.03, 0.03, 0.01), 6000, AT_ONCE),
        # What took long is no reason to be away for long.
        (Spent(3.0, 3.0, 1.0), 0, Pace(LONGEST, True)),
    ],
)
def test_how_the_worker_goes_on(spent: Spent, lag: float, expected: Pace):
    found = pace(spent, lag * SECOND)
    assert found.rest == pytest.approx(expected.rest, abs=1e-6)
    assert found.gently == expected.gently


def test_the_later_it_is_the_shorter_is_the_rest():
    rests = [pace(Spent(0.03, 0.03, 0.01), PATIENT + (LATE - PATIENT) * step / 10).rest for step in range(11)]
    assert rests == sorted(rests, reverse=True)
    assert len(set(rests)) == 11


def left(database: Database) -> int:
    with database.reading() as tx:
        return tx.scalar(select(func.count()).where(EntryRow.kind == "followup.withdrawn")) or 0


class Rests(threading.Event):
    """Notes how much is left whenever the worker waits, instead of waiting, and stops it when nothing is."""

    def __init__(self, database: Database, then: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self.left: list[int] = []
        self._database = database
        self._then = then

    def wait(self, timeout: float | None = None) -> bool:
        self.left.append(left(self._database))
        self._then()
        if not self.left[-1]:
            self.set()
        return self.is_set()


class Others:
    """A process in which the worker uses a hundredth of a second between two looks, and others, while there, twice that."""

    def __init__(self, there: bool) -> None:
        self.there = there
        self._spent = Spent(0.0, 0.0, 0.0)

    def __call__(self) -> Spent:
        before = self._spent
        self._spent = Spent(before.clock + 0.03, before.process + (0.03 if self.there else 0.01), before.own + 0.01)
        return before


@pytest.fixture
def facts(site: Site, database: Database) -> int:
    """So many are due, each in an entry of its own."""
    count = 2 * BATCH
    fact = {"team": site.team, "site": site.id, "submission": submission(1)["id"]}
    with database.writing() as tx:
        put(tx, [NewEntry("followup.withdrawn", {"facts": [fact]}, NOW) for _ in range(count)])
    return count


def test_a_worker_alone_does_not_rest_until_all_is_told(facts: int, database: Database, clock: Clock):
    """Nothing is set here: nobody else is busy in this process."""
    rests = Rests(database)
    Worker(database, clock).run(rests)
    assert rests.left == [0]


def test_facts_wait_while_others_are_there_and_are_told_without_a_rest_when_they_have_left(
    facts: int, database: Database, clock: Clock
):
    others = Others(there=True)

    def leave() -> None:
        others.there = rests.left[-1] > facts / 4

    rests = Rests(database, leave)
    Worker(database, clock, spent=others).run(rests)
    *resting, last = rests.left
    assert min(resting) <= facts / 4 < resting[0] < facts
    assert resting == sorted(set(resting), reverse=True)
    assert last == 0


def test_who_has_waited_for_a_minute_is_told_without_a_rest(facts: int, database: Database, clock: Clock):
    clock.move(LATE)
    rests = Rests(database)
    Worker(database, clock, spent=Others(there=True)).run(rests)
    assert rests.left == [0]


def test_an_order_waits_for_a_few_facts_and_not_for_all(facts: int, database: Database, clock: Clock):
    tried: list[int] = []

    def order() -> None:
        with database.writing() as tx:
            put(tx, [NewEntry("case.reply", {}, NOW, key="once")])
            if not tried and tx.scalars(select(EntryRow.last_error).where(EntryRow.key == "once")).one():
                tried.append(rests.left[-1])

    rests = Rests(database, order)
    Worker(database, clock, spent=Others(there=True)).run(rests)
    assert tried[0] >= facts - BATCH - 2 * FEW


def test_a_worker_beside_a_server_rests_while_visitors_come_and_then_tells_all(
    app: Flask, site: Site, database: Database, clock: Clock
):
    """Nothing is set here: those who are busy in this process are the server and its visitor."""
    waited: list[float] = []
    rested = threading.Event()

    class Waits(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            assert timeout is not None
            waited.append(timeout)
            if timeout < PAUSE / 2:
                rested.set()
            return super().wait(timeout)

    stop = Waits()
    worker = threading.Thread(target=Worker(database, clock).run, args=(stop,))
    with running(app) as port:
        visitor = HttpClient(port)
        worker.start()
        count = 0
        while not rested.is_set():
            count += 1
            assert count < 20_000, "it does not rest"
            assert send(visitor, site, submission(count, comment="Slow")).status_code == 201
        visitor.close()
        stop.set()
        worker.join(60)
    while Worker(database, clock).run_once():
        pass
    with database.reading() as tx:
        assert tx.scalars(select(EntryRow.id)).all() == []
        assert len(tx.scalars(select(ResponseTextRow)).all()) == count
