"""From a response to one message for many of them: grouped, throttled, at least once, and never of what nobody asked for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
from sqlalchemy import select

from collector.accounts.models import ChangeRow, MembershipRow
from collector.channels.delivery import Outcome
from collector.events import Heard
from collector.intake.actions import erase_response
from collector.notices.actions import KEPT, hear, switch_rule
from collector.notices.jobs import forget_messages
from collector.notices.models import MatchRow, MessageRow
from collector.notices.rule import Wanted, matches
from collector.outbox.models import EntryRow
from collector.reaching.outward import Outward
from collector.responses.aside.actions import move
from collector.responses.aside.press import Press
from collector.responses.models import ResponseRow
from collector.responses.response import StoredResponse
from tests.conftest import on_sqlite
from tests.make import NOW, ORIGIN, make_site, submission_id
from tests.notices.conftest import KEY, ROOT, SENDER, Team

QUARTER = timedelta(minutes=15)


def plain(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


class Server:
    """A mail server that says what the test says."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.names: list[str] = []

    def send(self, message: EmailMessage, recipient: str) -> Outcome:
        self.names.append(message["Message-ID"])
        return self.outcomes.pop(0) if self.outcomes else Outcome("sent", "content 250")

    def rest(self) -> None:
        """Keeps nothing open."""


def by(server: Server) -> Outward:
    return Outward({"email": server}, SENDER, ROOT, KEY)


def test_what_is_set_aside_before_its_message_goes_out_is_not_told(here: Team):
    here.rule()
    here.says(1, comment="Spam.")
    here.says(2, comment="Words.")
    here.work()
    with here.database.writing() as tx:
        chosen = select(ResponseRow.id).where(ResponseRow.comment == "Spam.")
        assert move(tx, Press(here.site.team, here.member, "p", here.clock()), chosen, True) == 1
    here.work(QUARTER)
    (letter,) = here.letters()
    assert "Words." in plain(letter)
    assert "Spam." not in plain(letter)


def test_many_responses_make_one_message_after_the_rules_minutes(here: Team):
    rule = here.rule(name="Prices", category="price")
    for number in range(1, 14):
        here.says(number, category="price", comment=f"Words of {number}.")
    here.says(14, category="bug")
    here.work()
    here.work(QUARTER - timedelta(seconds=1))
    assert here.letters() == []
    here.work(timedelta(seconds=1))
    (letter,) = here.letters()
    text = plain(letter)
    assert letter["Subject"] == "13 new responses: Prices"
    assert letter["To"] == "owner@home.example"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert [number for number in range(1, 15) if f"Words of {number}." in text] == list(range(4, 14))
    assert "and 3 more" in text
    assert f"{ROOT}/inbox?category=price\n" in text
    assert [(one.state, one.count) for one in here.told(rule)] == [("told", 13)]


def test_what_comes_later_gathers_for_the_next_message(here: Team):
    rule = here.rule()
    here.says(1)
    here.work()
    here.work(QUARTER)
    here.work(timedelta(hours=3))
    here.says(2)
    here.work()
    assert len(here.letters()) == 1
    here.work(QUARTER)
    assert [one.count for one in here.told(rule)] == [1, 1]
    assert len(here.letters()) == 2


def test_at_once_still_means_at_most_every_five_minutes(here: Team):
    here.rule(gather=0)
    here.says(1)
    here.work()
    assert len(here.letters()) == 1
    for number in range(2, 6):
        here.says(number)
        here.work(timedelta(minutes=1))
    assert len(here.letters()) == 1
    here.work(timedelta(minutes=1))
    assert [letter["Subject"] for letter in here.letters()][1:] == ["4 new responses: Watch"]


def tell_again(here: Team, number: int) -> None:
    with here.database.writing() as tx:
        hear(tx, [Heard(here.site.team, here.site.id, UUID(submission_id(number)), "passive")], here.clock())


def test_a_response_is_told_once_however_often_the_fact_comes(here: Team):
    rule = here.rule(gather=0)
    here.says(1)
    here.work()
    tell_again(here, 1)
    here.work(timedelta(minutes=10))
    assert len(here.letters()) == len(here.told(rule)) == 1


def test_facts_that_come_at_once_miss_and_double_nothing(here: Team):
    rule = here.rule(gather=0)
    for number in range(1, 21):
        here.says(number)
    with ThreadPoolExecutor(5) as pool:
        jobs = [pool.submit(tell_again, here, number) for number in [*range(1, 21), *range(1, 21)]]
        jobs += [pool.submit(here.worker().run_once) for _ in range(3)]
        for job in jobs:
            job.result()
    for _ in range(3):
        here.work(timedelta(minutes=6))
    assert sum(one.count for one in here.told(rule)) == 20
    assert {one.state for one in here.told(rule)} == {"told"}


@on_sqlite
def test_what_is_half_done_waits_until_it_is_finished(here: Team):
    here.rule(gather=0, segment="passive")
    token = here.says(1, score=7, partial=True)["token"]
    here.work(QUARTER)
    assert here.letters() == []
    here.client.post(f"/v1/responses/{token}", json={"score": 7, "comment": "Now whole."})
    here.work()
    assert "Now whole." in plain(here.letters()[0])


def test_what_was_erased_meanwhile_is_not_told(here: Team):
    rule = here.rule()
    tokens = [here.says(number, comment=f"Words of {number}.")["token"] for number in (1, 2)]
    here.work()
    with here.database.writing() as tx:
        erase_response(tx, tokens[0], KEY, here.clock())
    here.work(QUARTER)
    (letter,) = here.letters()
    assert letter["Subject"] == "1 new response: Watch"
    assert "Words of 1." not in letter.as_string()
    here.says(3)
    token = here.says(4)["token"]
    here.work()
    with here.database.writing() as tx:
        erase_response(tx, token, KEY, here.clock())
    erased_all = here.says(5)["token"]
    here.work(QUARTER)
    assert here.letters()[1]["Subject"] == "2 new responses: Watch"
    assert erased_all
    assert {one.state for one in here.told(rule)} == {"told"}


@on_sqlite
def test_owners_may_keep_the_words_out(here: Team):
    here.rule(gather=0, words=False)
    here.says(1, comment="Between us only.")
    here.work()
    assert "Between us" not in here.letters()[0].as_string()


@on_sqlite
def test_another_teams_response_is_nobodys_business(here: Team):
    here.rule(gather=0)
    with here.database.writing() as tx:
        other = make_site(tx, name="Other", team="Other")
    here.client.post(
        f"/v1/sites/{other.key}/responses",
        json={"id": submission_id(1), "score": 8, "page": f"{ORIGIN}/x"},
        headers={"Origin": ORIGIN},
    )
    here.work()
    assert here.letters() == []


@on_sqlite
def test_a_mail_server_that_is_away_is_tried_again_under_the_same_name(here: Team):
    rule = here.rule(gather=0)
    server = Server(Outcome("deferred", "connect lost"), Outcome("deferred", "rcpt 450"))
    here.says(1)
    here.work(outward=by(server))
    assert [(one.state, one.tries, one.result) for one in here.told(rule)] == [("sending", 1, "deferred")]
    here.says(2)
    here.work(timedelta(seconds=10), by(server))
    here.work(timedelta(minutes=10), by(server))
    assert [(one.state, one.count) for one in here.told(rule)] == [("told", 1), ("told", 1)]
    assert len(server.names) == 4
    assert len(set(server.names)) == 2
    assert len(set(server.names[:3])) == 1


@on_sqlite
def test_what_waits_for_a_slow_message_goes_on_gathering(here: Team):
    rule = here.rule(gather=0)
    server = Server(*[Outcome("deferred", "connect lost")] * 4)
    for number in range(1, 7):
        here.says(number)
        here.work(timedelta(minutes=6), by(server))
    assert [(one.state, one.count) for one in here.told(rule)] == [("sending", 1)]
    here.work(timedelta(hours=12), by(server))
    here.work(timedelta(minutes=6), by(server))
    assert [(one.state, one.count) for one in here.told(rule)] == [("told", 5), ("told", 1)]


@on_sqlite
def test_what_is_tried_in_vain_is_given_up_parked_and_can_be_tried_again(here: Team):
    rule = here.rule(gather=0)
    here.says(1)
    for _ in range(12):
        here.work(timedelta(hours=30), by(Server(*[Outcome("deferred", "connect lost")] * 20)))
    assert [(one.state, one.tries) for one in here.told(rule)] == [("given_up", 8)]
    with here.database.writing() as tx:
        parked = tx.scalars(select(EntryRow).where(EntryRow.kind == "notice.tell")).one()
        assert (parked.state, parked.last_error) == ("parked", "NotTold")
        parked.state, parked.due_at = "waiting", here.clock()
    here.work()
    assert [one.state for one in here.told(rule)] == ["told"]


@pytest.mark.parametrize(
    ("said", "state"), [("undeliverable", "refused"), ("uncertain", "told")], ids=["refused", "perhaps taken"]
)
@on_sqlite
def test_a_letter_that_was_refused_or_may_have_arrived_is_not_sent_again(here: Team, said: str, state: str):
    rule = here.rule(gather=0)
    server = Server(Outcome(said, "rcpt 550"))  # type: ignore[arg-type]  # one of the four
    here.says(1)
    here.work(outward=by(server))
    here.work(timedelta(hours=1), by(server))
    assert [(one.state, one.result) for one in here.told(rule)] == [(state, said)]
    assert len(server.names) == 1


@on_sqlite
def test_a_worker_that_died_between_sending_and_writing_sends_the_same_again(here: Team):
    rule = here.rule(gather=0)

    class Deadly(Server):
        def send(self, message: EmailMessage, recipient: str) -> Outcome:
            super().send(message, recipient)
            raise SystemExit

    deadly, alive = Deadly(), Server()
    here.says(1)
    with pytest.raises(SystemExit):
        here.work(outward=by(deadly))
    here.work(timedelta(minutes=6), by(alive))
    assert deadly.names == alive.names
    assert [one.state for one in here.told(rule)] == ["told"]


@on_sqlite
def test_a_rule_that_is_off_says_nothing_and_begins_anew_when_it_is_on(here: Team):
    rule = here.rule(gather=0)
    with here.database.writing() as tx:
        assert switch_rule(tx, here.kept(rule), here.member, "hand", NOW)
    here.says(1)
    here.work()
    with here.database.writing() as tx:
        assert switch_rule(tx, here.kept(rule), here.member, None, NOW)
    here.says(2)
    here.work()
    assert [letter["Subject"] for letter in here.letters()] == ["1 new response: Watch"]


def test_of_two_who_change_a_rule_at_once_one_is_told_so(here: Team):
    read = here.kept(here.rule())
    with here.database.writing() as tx:
        assert switch_rule(tx, read, here.member, "hand", NOW)
        assert not switch_rule(tx, read, here.member, None, NOW)


@on_sqlite
def test_whoever_left_the_team_is_told_nothing_more(here: Team):
    rule = here.rule(gather=0)
    here.says(1)
    with here.database.writing() as tx:
        tx.delete(tx.get_one(MembershipRow, (here.member, here.site.team)))
    here.work()
    assert here.letters() == []
    assert here.kept(rule).off == "left"
    with here.database.reading() as tx:
        line = tx.scalars(select(ChangeRow).order_by(ChangeRow.id.desc())).first()
        assert line is not None
        assert (line.verb, line.target, line.member_id) == ("notice.switched_off", "Watch", None)


def test_what_was_told_is_forgotten_when_nothing_can_come_of_it_any_more(here: Team):
    rule = here.rule(gather=0)
    here.says(1)
    here.work()
    assert forget_messages(here.database, NOW + KEPT) == 0
    assert forget_messages(here.database, NOW + KEPT + timedelta(seconds=1)) == 1
    with here.database.reading() as tx:
        assert (tx.query(MessageRow).count(), tx.query(MatchRow).count()) == (0, 0)
    assert here.kept(rule).id == rule


RESPONSE = StoredResponse(
    team=1, site=3, survey=1, submission=UUID(int=1), scale="nps", score=7, segment="passive", category="price",
    comment="Too dear.", page="https://shop.example/checkout/pay", language="en", attributes={}, partial=False,
    suspect=None, received_at=NOW, set_aside_at=None, revision=0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "is_told"),
    [
        ({}, True),
        ({"site": 3}, True),
        ({"site": 4}, False),
        ({"segment": "passive"}, True),
        ({"segment": "detractor"}, False),
        ({"category": "price"}, True),
        ({"category": "bug"}, False),
        ({"page": "/checkout/*"}, True),
        ({"page": "/checkout"}, False),
        ({"page": "*pay"}, True),
        ({"commented": True}, True),
        ({"commented": False}, False),
        ({"site": 3, "segment": "passive", "category": "price", "page": "/checkout*", "commented": True}, True),
    ],
    ids=str,
)
def test_a_rule_narrows_by_all_that_it_names(parts: dict[str, object], is_told: bool):
    assert matches(Wanted("Watch", "email", **parts), RESPONSE) is is_told  # type: ignore[arg-type]  # as named
