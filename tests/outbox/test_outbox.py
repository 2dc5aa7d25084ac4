"""The outbox: written with its cause, claimed once, finished by its holder, retried, parked."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from collector.db import Database
from collector.outbox.actions import claim, claim_abandoned, claim_orders, fail, finish, postpone, put, replay
from collector.outbox.entry import NewEntry
from collector.outbox.models import EntryRow
from collector.outbox.queries import backlog, parked
from collector.outbox.retry import next_try
from tests.make import NOW

LEASE = timedelta(minutes=5)


def entries(count: int, **parts: object) -> list[NewEntry]:
    return [NewEntry(**{"kind": "test", "payload": {"n": n}, "due_at": NOW, **parts}) for n in range(count)]


def put_now(database: Database, new: list[NewEntry]) -> None:
    with database.writing() as tx:
        put(tx, new)


def claim_now(database: Database, owner: str = "a", at: timedelta = timedelta(), limit: int = 50) -> list[int]:
    with database.writing() as tx:
        return [entry.id for entry in claim(tx, owner, NOW + at, LEASE, limit)]


def test_what_is_put_in_a_transaction_that_fails_was_never_there(database: Database):
    with pytest.raises(LookupError), database.writing() as tx:
        put(tx, entries(1))
        raise LookupError
    assert claim_now(database) == []


def test_a_key_is_put_once(database: Database):
    put_now(database, entries(3, key="same"))
    put_now(database, entries(1, key="same", payload={"n": "other"}))
    with database.reading() as tx:
        assert tx.scalars(select(EntryRow.payload)).all() == [{"n": 0}]


def test_nothing_is_claimed_before_it_is_due(database: Database):
    put_now(database, entries(1, due_at=NOW + timedelta(seconds=1)))
    assert claim_now(database) == []
    assert len(claim_now(database, at=timedelta(seconds=1))) == 1


def test_many_workers_claim_each_entry_once(database: Database):
    put_now(database, entries(400))
    taken: list[int] = []
    lock = threading.Lock()

    def work(owner: str) -> None:
        while mine := claim_now(database, owner, limit=7):
            with lock:
                taken.extend(mine)

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 400


def abandoned(database: Database, owner: str, at: timedelta) -> list[int]:
    with database.writing() as tx:
        return [entry.id for entry in claim_abandoned(tx, owner, NOW + at, LEASE)]


def test_a_held_entry_is_free_again_when_its_lease_is_over(database: Database):
    put_now(database, entries(1))
    first = claim_now(database, "a")
    assert abandoned(database, "b", LEASE - timedelta(seconds=1)) == []
    assert abandoned(database, "b", LEASE) == first
    assert claim_now(database, "c", LEASE) == []


def test_a_late_worker_changes_nothing(database: Database):
    put_now(database, entries(1))
    (number,) = claim_now(database, "a")
    abandoned(database, "b", LEASE)
    with database.writing() as tx:
        assert finish(tx, [number], "a") == set()
        assert not fail(tx, number, "a", "late", None)
        assert finish(tx, [number], "b") == {number}
        assert finish(tx, [number], "b") == set()


def test_an_entry_that_stops_three_workers_is_parked_and_takes_no_other_with_it(database: Database):
    """Three entries were taken together; the first of them stops whoever carries it out."""
    put_now(database, entries(3))
    poisonous, *others = claim_now(database, "w0")
    assert abandoned(database, "w1", LEASE) == [poisonous]
    assert abandoned(database, "w2", LEASE * 2) == [poisonous]
    assert abandoned(database, "w3", LEASE * 3) == []
    for number in others:
        assert abandoned(database, "w4", LEASE * 3) == [number]
        with database.writing() as tx:
            finish(tx, [number], "w4")
    with database.reading() as tx:
        assert tx.execute(select(EntryRow.id, EntryRow.state)).all() == [(poisonous, "parked")]
        assert "three times" in tx.scalars(select(EntryRow.last_error)).first()
        assert backlog(tx, NOW + LEASE * 9).parked == 1


def test_a_failed_entry_waits_or_is_parked(database: Database):
    put_now(database, entries(2))
    first, second = claim_now(database)
    with database.writing() as tx:
        assert fail(tx, first, "a", "Reason", NOW + timedelta(minutes=1))
        assert fail(tx, second, "a", "Reason", None)
    assert claim_now(database) == []
    assert claim_now(database, at=timedelta(minutes=1)) == [first]
    with database.reading() as tx:
        waiting = backlog(tx, NOW + timedelta(hours=1))
        assert (waiting.due, waiting.parked) == (1, 1)


def test_waits_grow_and_end():
    waits = [next_try(attempt, 0.5) for attempt in range(1, 9)]
    assert waits[-1] is None
    known = [wait for wait in waits if wait is not None]
    assert known == sorted(known)
    assert known[0] == timedelta(seconds=5)


def test_waits_are_spread_by_a_fifth():
    assert next_try(1, 0.0) == timedelta(seconds=4)
    assert next_try(1, 0.999) < timedelta(seconds=6)


def test_orders_are_claimed_apart_and_few_at_once_so_that_two_workers_share_them(database: Database):
    lease = timedelta(minutes=5)
    with database.writing() as tx:
        put(tx, [NewEntry("response.recorded", {"facts": []}, NOW), *[NewEntry("do.it", {}, NOW)] * 3])
        assert [entry.kind for entry in claim(tx, "a", NOW, lease, 200, but=["do.it"])] == ["response.recorded"]
        assert len(claim_orders(tx, "a", NOW, lease, 2, ["do.it"])) == 2
        assert len(claim_orders(tx, "b", NOW, lease, 2, ["do.it"])) == 1


def test_what_is_put_off_is_as_new_and_a_late_worker_puts_nothing_off(database: Database):
    lease = timedelta(minutes=5)
    with database.writing() as tx:
        put(tx, [NewEntry("do.it", {}, NOW)])
        (entry,) = claim(tx, "a", NOW, lease, 1)
        postpone(tx, entry.id, "b", NOW + lease)
        assert claim(tx, "b", NOW + lease, lease, 1) == []
        postpone(tx, entry.id, "a", NOW + lease)
        (again,) = claim(tx, "b", NOW + lease, lease, 1)
    assert (again.id, again.attempts) == (entry.id, 1)


def test_what_was_given_up_is_replayed_once(database: Database):
    with database.writing() as tx:
        put(tx, [NewEntry("do.it", {}, NOW)])
        (entry,) = claim(tx, "a", NOW, timedelta(minutes=5), 1)
        assert not replay(tx, entry.id, NOW)
        fail(tx, entry.id, "a", "KeyError", None)
        assert [(one.id, one.error) for one in parked(tx)] == [(entry.id, "KeyError")]
        assert replay(tx, entry.id, NOW)
        assert parked(tx) == []
        assert len(claim(tx, "a", NOW, timedelta(minutes=5), 1)) == 1
