"""Many messages that are due at once: one commit each, and what goes wrong with one is no other's loss."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import event, select

from collector.channels.delivery import Outcome
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry
from collector.outbox.models import EntryRow
from collector.worker import ORDERS_AT_ONCE
from tests.reaching.conftest import Installation
from tests.reaching.test_reach import DUE, Server


def due(here: Installation, count: int, first: int = 1) -> None:
    """So many people whose message is due now."""
    here.clock.time = DUE - timedelta(days=5)
    for number in range(first, first + count):
        here.person(number, f"person{number}@example.com")
    here.work()
    here.clock.time = DUE


def test_each_more_message_takes_one_commit_more(here: Installation):
    commits: list[int] = []
    event.listen(here.database.engine, "commit", lambda _connection: commits.append(1))
    needed = []
    for first, count in ((1, 2), (3, ORDERS_AT_ONCE)):
        due(here, count, first)
        commits.clear()
        here.worker(Server()).run_once()
        needed.append(len(commits))
    assert needed[1] - needed[0] == ORDERS_AT_ONCE - 2


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_order_that_fails_takes_nothing_from_the_messages_around_it(here: Installation, place: int):
    for number in range(3):
        if number == place:
            with here.database.writing() as tx:
                put(tx, [NewEntry("followup.reach", {"site": "none"}, DUE)])
        else:
            due(here, 1, number)
    here.clock.time = DUE
    server = Server()
    here.work(server)
    assert len(server.asked) == 2
    assert here.deliveries() == [("ask", "sent")] * 2
    with here.database.reading() as tx:
        assert tx.scalars(select(EntryRow.last_error).where(EntryRow.key.is_(None))).all() == ["ValueError"]


def test_what_a_slow_server_leaves_no_time_for_is_given_back_and_is_no_crash(here: Installation):
    due(here, 3)

    class Slow(Server):
        def send(self, message: EmailMessage, recipient: str) -> Outcome:
            here.clock.move(timedelta(minutes=3))
            return super().send(message, recipient)

    server = Slow()
    here.worker(server).run_once()
    assert server.asked == ["person1@example.com"]
    with here.database.reading() as tx:
        left = tx.execute(select(EntryRow.state, EntryRow.crashes).where(EntryRow.due_at <= here.clock())).all()
    assert left == [("waiting", 0)] * 2
    here.work(Server())
    assert here.deliveries() == [("ask", "sent")] * 3
