"""From an address that was left to the answer that comes back: at most once, at a decent hour, and never after a stop."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
from sqlalchemy import select, update

from collector.channels.delivery import Outcome
from collector.channels.queries import deliveries_in
from collector.contacts.actions import forget_address
from collector.contacts.address import read_address
from collector.followups.state import OPEN_FOR
from collector.intake.actions import erase_response
from collector.outbox.models import EntryRow
from collector.reaching.actions import order_plan, set_manners
from collector.reaching.manners import Manners
from collector.reaching.queries import reached
from collector.responses.aside.actions import move
from collector.responses.aside.press import Press
from collector.responses.models import ResponseRow
from collector.responses.token import make_token
from tests.make import NOW, make_member, make_site, submission_id
from tests.reaching.conftest import KEY, Installation, links

#: The first weekday morning four days after a Sunday.
DUE = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
FIRST = UUID(submission_id(1))


class Server:
    """A provider that answers as the test says, and remembers to whom."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.asked: list[str] = []

    def send(self, message: EmailMessage, recipient: str) -> Outcome:
        self.asked.append(recipient)
        return self.outcomes.pop(0) if self.outcomes else Outcome("sent", "content 250")

    def rest(self) -> None:
        """Keeps nothing open."""


def order_again(here: Installation) -> None:
    """Has the plan made anew, as when the person leaves another address."""
    with here.database.writing() as tx:
        order_plan(tx, here.site, UUID(submission_id(1)), here.clock())


def test_the_silent_are_asked_once_reminded_once_and_then_left_alone(here: Installation):
    here.person(1)
    here.work()
    assert (here.sent(), here.states()) == ([], ["scheduled"])
    here.clock.time = DUE - timedelta(seconds=1)
    here.work()
    assert here.sent() == []
    here.clock.time = DUE
    here.work()
    assert (len(here.sent()), here.states()) == (1, ["sent"])
    here.clock.time = DUE + timedelta(days=5)
    here.work()
    assert here.deliveries() == [("ask", "sent"), ("remind", "sent")]
    assert here.told() == []
    for days in (10, 11):  # the team's turn is told once
        here.clock.time = DUE + timedelta(days=days)
        order_again(here)
        here.work()
        assert here.told() == ["handed_over"]
    here.clock.time = NOW + OPEN_FOR
    here.work()
    assert (len(here.sent()), here.states()) == (2, ["expired"])
    assert here.worker().run_once() == 0


def test_what_was_decided_stands_on_the_record_with_its_reason(here: Installation):
    here.person(1)
    here.work()
    with here.database.reading() as tx:
        (record,) = reached(tx, here.site.id)
    assert record.due_at == DUE
    assert record.why.startswith("The question stayed unanswered and nothing was written: asked by email after 4 days")


def test_nobody_is_asked_while_the_response_is_set_aside_and_a_day_after_it_was_taken_back_they_are(here: Installation):
    here.person(1)
    here.work()
    for aside, due, sent in ((True, DUE, 0), (False, DUE + timedelta(days=1), 1)):
        with here.database.writing() as tx:
            press = Press(here.site.team, make_member(tx, email=f"{sent}@home.example"), "p", here.clock())
            assert move(tx, press, select(ResponseRow.id), aside) == 1
        here.clock.time = due
        here.work()
        assert len(here.sent()) == sent


def test_an_answer_in_the_widget_ends_it(here: Installation, client):
    here.person(1)
    here.work()
    token = here.client.post(
        f"/v1/sites/{here.site.key}/responses",
        json={"id": "0190b0b0-0000-7000-8000-000000000001", "score": 7, "page": "https://shop.example/somewhere"},
        headers={"Origin": "https://shop.example"},
    ).json["follow_up"]["token"]
    here.client.post(f"/v1/follow-ups/{token}", json={"text": "The form"})
    here.clock.time = DUE
    here.work()
    assert (here.sent(), here.states()) == ([], ["answered"])


def test_after_a_stop_nothing_more_is_sent_to_any_spelling(here: Installation):
    """A-50."""
    here.person(1)
    here.clock.time = DUE
    here.work()
    (mail,) = here.sent()
    stop = links(mail)[-1]
    assert here.client.get(stop).status_code == 200
    assert here.client.head(stop).status_code == 200
    for _ in range(3):
        reply = here.client.post(
            stop, data="List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert reply.status_code == 200
    here.person(2, "Ann+again@example.com")
    here.clock.time = DUE + timedelta(days=45)
    here.work()
    assert len(here.sent()) == 1
    assert here.states() == ["sent", "offered"]


def test_looking_at_the_page_that_stops_messages_stops_nothing(here: Installation):
    """A-50."""
    here.person(1)
    here.clock.time = DUE
    here.work()
    here.client.get(links(here.sent()[0])[-1])
    here.clock.time = DUE + timedelta(days=5)
    here.work()
    assert len(here.sent()) == 2


def test_one_person_is_asked_once_in_thirty_days_by_a_site_however_spelled(here: Installation):
    """A-35."""
    for number, address in enumerate(["victim@gmail.com", "V.ictim@gmail.com", "victim+1@googlemail.com"], start=1):
        here.person(number, address)
    for _ in range(10):
        here.work()
        here.clock.move(timedelta(days=3))
    assert [purpose for purpose, _ in here.deliveries()].count("ask") == 1


def test_a_mailbox_gets_three_messages_a_day_from_fifty_sites(here: Installation):
    """A-35."""
    with here.database.writing() as tx:
        sites = [make_site(tx, name=f"Shop {number}") for number in range(12)]
    for number, site in enumerate(sites, start=1):
        here.person(number, f"victim+{number}@example.com", site)
    here.clock.time = DUE
    here.work()
    assert len(here.deliveries()) == 3
    here.clock.move(timedelta(days=1))
    here.work()
    assert len(here.deliveries()) == 6


def test_many_workers_send_each_message_once(here: Installation):
    for number in range(1, 9):
        here.person(number, f"person{number}@example.com")
    here.work()
    here.clock.time = DUE
    server = Server()
    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(here.work, server) for _ in range(4)]:
            future.result()
    assert sorted(server.asked) == sorted(f"person{number}@example.com" for number in range(1, 9))


def test_two_workers_that_ask_for_one_mailbox_at_once_keep_its_budget(here: Installation):
    with here.database.writing() as tx:
        sites = [make_site(tx, name=f"Shop {number}") for number in range(8)]
    for number, site in enumerate(sites, start=1):
        here.person(number, "victim@example.com", site)
    here.clock.time = DUE
    server = Server()
    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(here.work, server) for _ in range(4)]:
            future.result()
    assert len(server.asked) == 3


def test_a_message_whose_sender_stopped_is_uncertain_and_never_sent_again(here: Installation):
    here.person(1)
    here.work()
    here.clock.time = DUE

    class Stopped(Exception):
        pass

    class Stops(Server):
        def send(self, message: EmailMessage, recipient: str) -> Outcome:
            raise Stopped

    here.worker(Stops()).run_once()
    assert here.states() == ["sending"]
    server = Server()
    for _ in range(12):
        here.clock.move(timedelta(days=5))
        here.work(server)
    assert server.asked == []
    assert here.deliveries() == [("ask", "uncertain")]
    assert here.states() == ["expired"]
    with here.database.reading() as tx:
        ((site, submission, channel, purpose, _, reply),) = deliveries_in(tx, "uncertain")
    assert (site, submission, channel, purpose, reply) == (here.site.id, FIRST, "email", "ask", "stopped")


def test_a_server_that_is_not_ready_is_asked_again_and_the_message_is_one(here: Installation):
    here.person(1)
    here.work()
    here.clock.time = DUE
    server = Server(Outcome("deferred", "rcpt 450"), Outcome("deferred", "rcpt 450"))
    here.work(server)
    assert here.states() == ["scheduled"]
    for _ in range(6):
        here.clock.move(timedelta(minutes=5))
        here.work(server)
    assert len(server.asked) == 3
    assert (here.deliveries(), here.states()) == ([("ask", "sent")], ["sent"])


def test_after_two_days_a_message_that_nobody_takes_is_given_up(here: Installation):
    here.person(1)
    here.work()
    here.clock.time = DUE
    server = Server(*[Outcome("deferred", "connect lost")] * 500)
    for _ in range(25):
        here.work(server)
        here.clock.move(timedelta(hours=3))
    tries = len(server.asked)
    assert tries > 5
    assert here.states() == ["undeliverable"]
    here.clock.move(timedelta(days=10))
    here.work(server)
    assert len(server.asked) == tries


def test_a_mailbox_that_is_gone_is_written_to_by_nobody(here: Installation):
    here.person(1)
    here.work()
    here.clock.time = DUE
    server = Server(Outcome("undeliverable", "rcpt 550 5.1.1", gone=True))
    here.work(server)
    assert here.states() == ["undeliverable"]
    here.person(2)
    here.clock.move(timedelta(days=40))
    here.work(server)
    assert len(server.asked) == 1
    assert here.states() == ["undeliverable", "offered"]


def test_whose_address_was_erased_is_not_written_to(here: Installation):
    here.person(1)
    here.work()
    with here.database.writing() as tx:
        assert forget_address(tx, read_address("email", "ann@example.com"), NOW) == 1
    here.clock.time = DUE
    here.work()
    assert (here.sent(), here.states()) == ([], ["offered"])


@pytest.mark.parametrize("step", [timedelta(minutes=-10), timedelta(hours=-1), timedelta(days=-1)])
def test_a_clock_that_is_put_back_sends_nothing_twice_and_leaves_nothing_lying(here: Installation, step: timedelta):
    here.person(1)
    here.work()
    here.clock.time = DUE
    here.work()
    here.clock.move(step)
    here.work()
    here.clock.time = DUE + timedelta(days=5, hours=1)
    here.work()
    assert here.deliveries() == [("ask", "sent"), ("remind", "sent")]


def test_an_erased_response_is_asked_nothing_and_its_link_leads_nowhere(here: Installation):
    here.person(1)
    here.clock.time = DUE
    here.work()
    (mail,) = here.sent()
    with here.database.writing() as tx:
        erase_response(tx, make_token(KEY, here.site.id, FIRST), KEY, here.clock())
    assert here.client.get(links(mail)[0]).status_code == 404
    here.clock.time = DUE + timedelta(days=5)
    here.work()
    assert (len(here.sent()), here.states()) == (1, ["cancelled"])


def test_whoever_finishes_a_partial_response_after_leaving_an_address_is_asked_too(here: Installation):
    here.person(1, partial=True)
    token = make_token(KEY, here.site.id, FIRST)
    here.work()
    assert here.states() == []
    assert here.client.post(f"/v1/responses/{token}", json={"score": 7}).status_code == 200
    here.clock.time = DUE
    here.work()
    assert here.states() == ["sent"]


def test_a_site_has_its_own_manners(here: Installation):
    with here.database.writing() as tx:
        set_manners(tx, here.site, Manners(days_silent=0, days=(6,), hour_first=8, hour_last=20, days_reminder=0))
    here.person(1)
    here.work()
    assert here.states() == ["sent"]


def test_no_log_and_no_order_holds_an_address(here: Installation, capsys):
    here.person(1, "secret.person@example.com")
    here.clock.time = DUE
    here.work(Server(Outcome("deferred", "rcpt 450")))
    with here.database.reading() as tx:
        assert "secret.person" not in repr([(row.payload, row.key) for row in tx.scalars(select(EntryRow))])
    assert "secret.person" not in capsys.readouterr().out


def test_a_poisonous_order_is_parked_after_three_crashes_and_can_be_replayed(here: Installation, clock):
    here.person(1)
    for _ in range(4):
        with here.database.writing() as tx:
            # What a worker leaves behind that was killed while it held the order.
            tx.execute(update(EntryRow).where(EntryRow.kind == "followup.reach", EntryRow.state == "waiting").values(
                state="held", owner="gone", lease_until=here.clock()))  # fmt: skip
            tx.execute(update(EntryRow).where(EntryRow.kind == "followup.reach").values(
                crashes=EntryRow.crashes + 1))  # fmt: skip
    here.work()
    with here.database.reading() as tx:
        assert tx.scalar(select(EntryRow.state).where(EntryRow.kind == "followup.reach")) == "parked"


def test_workers_stop_between_two_messages(here: Installation):
    stop = threading.Event()
    stop.set()
    here.worker().run(stop)
    assert here.sent() == []
