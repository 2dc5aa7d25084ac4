"""Who writes first among the threads of one process, and what of it a power cut may take back."""

import threading

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import TimeoutError

from collector.db import Database
from collector.db.bulk import BulkWriter
from collector.db.turn import Turn
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry
from collector.outbox.models import EntryRow
from tests.make import NOW

ENDLESS = 60.0


def test_who_gives_way_writes_after_all_who_are_waited_for():
    turn, order = Turn(), []

    def write(name: str, gives_way: float = 0.0) -> None:
        with turn.taken(ENDLESS, gives_way):
            order.append(name)

    with turn.taken(ENDLESS):
        threads = [threading.Thread(target=write, args=("later", ENDLESS))]
        threads += [threading.Thread(target=write, args=("first",)) for _ in range(3)]
        for thread in threads:
            thread.start()
        while turn.eager < 4:
            pass
    for thread in threads:
        thread.join()
    assert order == ["first", "first", "first", "later"]


def test_who_gives_way_waits_like_the_others_when_that_is_over():
    """Somebody writes without a pause; whoever gave way for its time takes the next turn that it can get."""
    turn, stop = Turn(), threading.Event()

    def write_on() -> None:
        while not stop.is_set():
            with turn.taken(ENDLESS):
                stop.wait(0.0001)

    threads = [threading.Thread(target=write_on) for _ in range(2)]
    for thread in threads:
        thread.start()
    with turn.taken(ENDLESS, gives_way=0.01):
        pass
    stop.set()
    for thread in threads:
        thread.join()


def test_who_waits_too_long_gives_up_and_holds_nobody_up():
    turn = Turn()
    with turn.taken(ENDLESS), pytest.raises(TimeoutError), turn.taken(0.001):
        pass
    with turn.taken(0.001, gives_way=0.001):
        assert turn.eager == 0


def test_only_what_nobody_waits_for_is_left_unsynced(database: Database):
    asked = text("pragma synchronous" if database.embedded else "show synchronous_commit")
    with database.writing(waited_for=False) as tx:
        unsynced = str(tx.execute(asked).scalar_one())
        put(tx, [NewEntry("test", {}, NOW)])
    with database.writing() as tx:
        synced = str(tx.execute(asked).scalar_one())
        assert len(tx.scalars(select(EntryRow)).all()) == 1
    with database.writing(waited_for=False) as tx:
        put(tx, [NewEntry("test", {}, NOW)])
    writer = BulkWriter(database)
    with writer.writing() as bulk:
        bulk.cursor.execute(asked.text)
        again = str(bulk.cursor.fetchone()[0])
    writer.close()
    always = "3" if database.journal == "delete" else "2"
    expected = ("1" if database.journal == "wal" else always, always) if database.embedded else ("off", "on")
    assert (unsynced, synced) == expected
    assert again == synced
