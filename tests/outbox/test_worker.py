"""The worker carries out what is due: the expiry of follow-ups, and facts that nobody waits for."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from collector.db import Database
from collector.followups.jobs import expire_follow_ups
from collector.followups.models import FollowUpRow
from collector.followups.state import OPEN_FOR
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry
from collector.outbox.models import EntryRow
from collector.responses.models import ResponseTextRow
from collector.sites.site import Site
from collector.worker import TOGETHER, Worker
from tests.conftest import Clock
from tests.intake.test_submit import send
from tests.make import NOW, submission


def states(database: Database) -> list[str]:
    with database.reading() as tx:
        return list(tx.scalars(select(FollowUpRow.state).order_by(FollowUpRow.id)))


def test_a_follow_up_expires_when_its_time_is_over(client: FlaskClient, site: Site, database: Database, clock: Clock):
    send(client, site, submission(1))
    worker = Worker(database, clock)
    assert worker.run_once() == 1  # the fact
    clock.move(OPEN_FOR - timedelta(seconds=1))
    assert worker.run_once() == 0
    assert states(database) == ["offered"]
    clock.move(timedelta(seconds=1))
    clock.move(timedelta(minutes=1))
    assert worker.run_once() == 2  # the end, and the fact that tells of it
    assert states(database) == ["expired"]
    assert worker.run_once() == 0


def test_an_answered_follow_up_never_expires(client: FlaskClient, site: Site, database: Database, clock: Clock):
    token = send(client, site, submission(1)).json["follow_up"]["token"]
    client.post(f"/v1/follow-ups/{token}", json={"text": "The form"})
    clock.move(OPEN_FOR * 2)
    while Worker(database, clock).run_once():
        pass
    assert states(database) == ["answered"]


def test_what_two_workers_end_at_once_is_told_once(client, site, database: Database, clock: Clock):
    for number in range(1, 6):
        send(client, site, submission(number))
    clock.move(OPEN_FOR)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: expire_follow_ups(database, clock()), range(4))) == 5
    assert states(database) == ["expired"] * 5
    with database.reading() as tx:
        told = [
            fact["submission"]
            for payload in tx.scalars(select(EntryRow.payload).where(EntryRow.kind == "followup.expired"))
            for fact in payload["facts"]
        ]
    assert sorted(told) == [submission(number)["id"] for number in range(1, 6)]


def test_a_failing_order_is_tried_again_later_and_holds_up_nothing(database: Database, clock: Clock):
    with database.writing() as tx:
        put(tx, [NewEntry("nobody.knows", {}, NOW), NewEntry("response.recorded", {"facts": []}, NOW)])
    assert Worker(database, clock).run_once() == 2
    with database.reading() as tx:
        row = tx.scalars(select(EntryRow)).one()
        assert (row.kind, row.state, row.last_error) == ("nobody.knows", "waiting", "KeyError")
        assert row.due_at > NOW


def test_what_goes_wrong_with_one_fact_is_not_put_down_to_those_that_are_told_with_it(
    client: FlaskClient, site: Site, database: Database, clock: Clock
):
    send(client, site, submission(1, comment="The first words"))
    send(client, site, submission(2, comment="The last words"))
    with database.writing() as tx:
        put(tx, [NewEntry("response.recorded", {"facts": [{"team": "nobody"}]}, clock())])
    Worker(database, clock).run_once()
    with database.reading() as tx:
        assert [row.last_error for row in tx.scalars(select(EntryRow))] == ["ValueError"]
        assert len(tx.scalars(select(ResponseTextRow)).all()) == 2


def test_more_facts_than_are_told_together_are_all_told(
    client: FlaskClient, site: Site, database: Database, clock: Clock
):
    facts = [{"team": site.team, "site": site.id, "submission": submission(number)["id"]} for number in range(TOGETHER)]
    with database.writing() as tx:
        put(tx, [NewEntry("followup.withdrawn", {"facts": facts[begin:]}, clock()) for begin in range(3)])
    assert Worker(database, clock).run_once() == 3
    with database.reading() as tx:
        assert tx.scalars(select(EntryRow)).all() == []


def test_a_running_worker_stops_when_told(database: Database, clock: Clock):
    stop = threading.Event()
    thread = threading.Thread(target=Worker(database, clock).run, args=(stop,))
    thread.start()
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
