"""A worker that is killed while it speaks with the mail server: nobody gets a second message, no order is lost."""

from pathlib import Path
from threading import Thread

import pytest

from collector.db import Database
from tests.reaching.killed import Round
from tests.servers.mail import STEPS, MailServer

#: Before the content, what the worker wrote down is the same whatever the step; that is tried on one database.
KILLED = [("sqlite", step) for step in STEPS] + [("postgresql", step) for step in ("content", "replied", "quit")]


@pytest.mark.parametrize(("database_url", "step"), KILLED, indirect=["database_url"])
def test_a_worker_killed_in_the_dialogue_sends_nothing_twice(database: Database, tmp_path: Path, step: str):
    """A-55."""
    with MailServer() as server:
        here = Round(database, tmp_path, server)
        here.person("ann@example.com")
        server.acts[step] = here.kill
        assert here.work() == -9
        server.acts.clear()
        here.person("ben@example.com")
        here.recover()
        here.recover()
    assert [recipient for recipient, _ in server.taken].count("ann@example.com") <= 1
    assert [recipient for recipient, _ in server.taken].count("ben@example.com") == 1
    # A 250 that is on the way may be read, and written down, before the worker is gone.
    sure = {"replied": ({"uncertain": 1, "sent": 1}, {"sent": 2}), "quit": ({"sent": 2},)}
    assert here.deliveries() in sure.get(step, ({"uncertain": 1, "sent": 1},))
    assert here.waiting("followup.reach") == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_workers_on_one_database_send_each_message_once(database: Database, tmp_path: Path):
    """Two processes lock one file. To PostgreSQL they are connections, as in `test_many_workers_send_each_message_once`."""
    with MailServer() as server:
        first, second = Round(database, tmp_path, server), Round(database, tmp_path, server)
        for number in range(12):
            first.person(f"person{number}@example.com")
        threads = [Thread(target=here.work) for here in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(90)
    assert len(server.taken) == len({recipient for recipient, _ in server.taken}) == 12
    assert first.deliveries() == {"sent": 12}
