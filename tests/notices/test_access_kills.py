"""A worker that is killed while it hands over a letter with a link: nobody gets it twice, and no letter vanishes."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from collector import clock
from collector.accounts.forgotten.actions import order_reset
from collector.accounts.models import InvitationRow, ResetLetterRow
from collector.accounts.people.actions import invite, order_invitation
from collector.db import Database
from collector.web.guards import Role
from tests.make import make_member, make_site
from tests.servers.killed import WorkerProcess
from tests.servers.mail import MailServer

# At the steps at which a letter is out or not; tests/reaching/test_kills.py has every step of the same dialogue.
STEPS = [("sqlite", "content"), ("sqlite", "replied"), ("sqlite", "quit"), ("postgresql", "content")]


@pytest.mark.parametrize(("database_url", "step"), STEPS, indirect=["database_url"])
def test_a_worker_killed_in_the_dialogue_sends_no_link_twice_and_tells_of_each_letter(
    database: Database, tmp_path: Path, step: str
):
    """A-55."""
    with MailServer() as server:
        here = WorkerProcess(database, tmp_path, server)
        with database.writing() as tx:
            team = make_site(tx).team
            owner, now = make_member(tx, email="owner@example.com"), clock.now()
            order_invitation(tx, team, invite(tx, team, "ann@example.com", Role.viewer, owner, now), now)
        server.acts[step] = here.kill
        assert here.work() == -9
        with database.writing() as tx:
            order_reset(tx, "owner@example.com", clock.now())
        assert here.work() == -9
        server.acts.clear()
        with database.writing() as tx:
            order_invitation(tx, team, invite(tx, team, "ben@example.com", Role.viewer, owner, now), now)
        here.recover()
        here.recover()
    taken = Counter(recipient for recipient, _ in server.taken)
    assert taken["ben@example.com"] == 1
    assert max(taken.values()) == 1
    with database.reading() as tx:
        letters = {row.email: row.letter for row in tx.execute(select(InvitationRow.email, InvitationRow.letter))}
        letters["owner@example.com"] = tx.scalar(select(ResetLetterRow.letter))
    assert letters.pop("ben@example.com") == "sent"
    # A 250 that is on the way may be read, and written down, before the worker is gone.
    became = {"replied": {"uncertain", "sent"}, "quit": {"sent"}}.get(step, {"uncertain"})
    assert set(letters) == {"ann@example.com", "owner@example.com"}
    assert set(letters.values()) <= became
    assert here.waiting("invitation.send") == here.waiting("reset.send") == 0
