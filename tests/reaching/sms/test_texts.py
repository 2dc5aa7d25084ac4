"""Follow-ups by SMS: asked once, within limits that no attack gets past, and never after a stop."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from collector.channels.delivery import Outcome
from collector.channels.models import DeliveryRow
from collector.channels.sms.worth import OF_LAST
from collector.followups.models import FollowUpRow
from collector.outbox.models import EntryRow
from collector.reaching.actions import set_manners
from collector.reaching.manners import Manners
from collector.reaching.sms.actions import resume_texts
from collector.reaching.sms.room import TextRules
from collector.responses.models import ResponseRow
from tests.make import make_site, submission_id
from tests.reaching.conftest import ROOT, links
from tests.reaching.sms.conftest import ANN, Texting
from tests.reaching.test_reach import DUE, Server
from tests.servers.sms import Answer, refused


def as_the_first(here: Texting, number: int) -> None:
    """One more person of whom everything is known that is known of the first."""
    with here.database.writing() as tx:
        for model in (ResponseRow, FollowUpRow, DeliveryRow):
            first = (
                tx.execute(select(model.__table__).where(model.submission_id == UUID(submission_id(1)))).one()._asdict()
            )
            more = first | {"submission_id": UUID(submission_id(number))}
            tx.execute(insert(model.__table__).values({name: value for name, value in more.items() if name != "id"}))


def test_the_silent_are_asked_and_reminded_by_sms_with_a_link_and_how_to_stop(here: Texting):
    here.phone(1)
    here.clock.time = DUE
    here.work()
    (sent,) = here.service.asked
    assert sent["To"] == ANN
    assert sent["Body"].startswith("Shop asks: ")
    assert "STOP ends these messages." in sent["Body"]
    link = re.search(r"https://\S+", sent["Body"])[0]
    assert here.client.get(link.removeprefix(ROOT)).status_code == 200
    assert sent["StatusCallback"].startswith(f"{ROOT}/hooks/sms/status/")
    here.clock.time = DUE + timedelta(days=5)
    here.work()
    assert here.service.asked[1]["Body"].startswith("Shop asks once more: ")
    here.clock.time = DUE + timedelta(days=50)
    here.work()
    assert (here.ways(), here.states()) == ([("sms", "ask", "sent"), ("sms", "remind", "sent")], ["sent"])


def test_who_answers_neither_mail_is_asked_once_by_sms_and_then_left_alone(here: Texting):
    here.person(1)
    here.leave(1, "sms", ANN, here.site)
    for days in (0, 5, 10, 15, 40):
        here.clock.time = DUE + timedelta(days=days)
        here.work()
    assert here.ways() == [("email", "ask", "sent"), ("email", "remind", "sent"), ("sms", "ask", "sent")]
    assert here.why() == ["Asked by email and by another channel; somebody in the team may take over."]


@pytest.mark.parametrize("countries", [(), ("FI",)])
def test_a52_nothing_goes_to_a_country_that_nobody_allowed_until_somebody_does(here: Texting, countries):
    assert TextRules().countries == ()
    here.allow(countries=countries)
    here.phone(1)
    here.clock.time = DUE
    here.work()
    assert (here.service.asked, here.states()) == ([], ["scheduled"])
    assert "No messages go to phone numbers of GB: the country is not allowed." in here.why()[0]
    here.allow(countries=("GB",))
    here.clock.time = DUE + timedelta(days=1)
    here.work()
    assert here.states() == ["sent"]


def test_a52_a_site_may_allow_less_than_the_operator_and_never_more(here: Texting):
    for named in (("none",), ("FI",), ("SE",)):
        with here.database.writing() as tx:
            set_manners(tx, here.site, Manners(sms_countries=named))
        here.phone(1 + len(here.states()))
        here.clock.time = DUE
        here.work()
    assert here.service.asked == []


@pytest.mark.parametrize(
    ("limit", "most", "words"),
    [
        ("prefix_a_day", 5, "to numbers that begin like this one"),
        ("site_a_day", 3, "from this site"),
        ("a_day", 2, "from the whole installation"),
    ],
)
def test_a52_neighbouring_numbers_get_a_few_messages_a_day_in_all(here: Texting, limit: str, most: int, words: str):
    here.allow(**{limit: most})
    for number in range(1, 9):
        here.phone(number, f"+44740012{number:04}")
    here.clock.time = DUE
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(lambda worker: worker.run_once(), (here.worker(), here.worker())))
    here.work()
    assert len(here.service.asked) == most
    assert any(f"fewer than {most} messages by SMS went {words} within a day" in why for why in here.why())
    here.clock.time = DUE + timedelta(days=1)
    here.work()
    assert len(here.service.asked) == min(2 * most, 8)


def test_a52_one_person_gets_one_message_whoever_types_their_number_wherever(here: Texting):
    with here.database.writing() as tx:
        sites = [make_site(tx, name=f"Shop {number}") for number in range(5)]
    for number, site in enumerate((*sites, here.site, here.site), start=1):
        here.phone(number, "+44 7400-123456", site)
    here.clock.time = DUE
    here.work()
    assert len(here.service.asked) == 3  # from the whole installation within a day, one of each site


def test_where_almost_nobody_answers_it_stops_by_itself_until_somebody_has_it_go_on(here: Texting):
    with here.database.writing() as tx:
        set_manners(tx, here.site, Manners(days_reminder=0))
    here.phone(1, "+358401200001")
    here.clock.time = DUE
    here.work()
    for number in range(2, OF_LAST + 1):
        as_the_first(here, number)
    here.phone(100)
    here.clock.time = DUE + timedelta(days=4)
    here.work()
    assert len(here.service.asked) == 1
    assert f"SMS is stopped at this site: of its last {OF_LAST} questions 0 were answered, under 5 %." in here.why()[0]
    with here.database.writing() as tx:
        resume_texts(tx, here.site, here.clock())
    here.clock.time = DUE + timedelta(days=5)
    here.work()
    assert len(here.service.asked) == 2


def test_a53_who_told_the_carrier_to_stop_is_written_to_by_nobody_any_more(here: Texting):
    with here.database.writing() as tx:
        other = make_site(tx, name="Other")
    here.person(1)
    here.leave(1, "sms", ANN, here.site)
    here.phone(2, site=other)
    here.service.answers.append(refused(400, 21610))
    here.clock.time = DUE
    here.work()
    assert here.states() == ["sent", "undeliverable"]
    here.clock.time = DUE + timedelta(days=20)
    here.work()
    assert [way for way in here.ways() if way[0] == "sms"] == [("sms", "ask", "undeliverable")]
    assert "said stop" in here.why()[0]


def test_who_cannot_be_reached_one_way_is_asked_another_way_at_once(here: Texting):
    here.person(1)
    here.leave(1, "sms", ANN, here.site)
    here.clock.time = DUE
    here.work(Server(Outcome("undeliverable", "rcpt 550 5.1.1", gone=True)))
    assert here.ways() == [("email", "ask", "undeliverable"), ("sms", "ask", "sent")]
    assert here.states() == ["sent"]


def test_a53_a_stop_by_mail_counts_for_sms_as_well(here: Texting):
    here.person(1)
    here.leave(1, "sms", ANN, here.site)
    here.clock.time = DUE
    here.work()
    assert here.client.post(links(here.sent()[0])[-1]).status_code == 200
    for days in (5, 10, 15):
        here.clock.time = DUE + timedelta(days=days)
        here.work()
    assert here.ways() == [("email", "ask", "sent")]


def test_a_number_that_is_gone_is_written_to_by_nobody(here: Texting):
    here.phone(1)
    here.service.answers.append(refused(400, 21211))
    here.clock.time = DUE
    here.work()
    here.phone(2)
    here.clock.time = DUE + timedelta(days=40)
    here.work()
    assert (len(here.service.asked), here.states()) == (1, ["undeliverable", "offered"])


def test_a_service_that_was_not_heard_is_never_asked_twice(here: Texting):
    here.phone(1)
    here.service.answers.append(Answer(drop="after"))
    for days in range(0, 40, 4):
        here.clock.time = DUE + timedelta(days=days)
        here.work()
    assert (len(here.service.asked), here.ways()) == (1, [("sms", "ask", "uncertain")])


def test_a_service_that_is_busy_is_asked_again_and_the_message_is_one(here: Texting):
    here.phone(1)
    here.service.answers += [Answer(429), Answer(503)]
    here.clock.time = DUE
    here.work()
    assert "The service for SMS was not ready" in here.why()[0]
    for _ in range(6):
        here.clock.move(timedelta(minutes=5))
        here.work()
    assert (len(here.service.asked), here.ways()) == (3, [("sms", "ask", "sent")])


def test_no_log_and_no_order_holds_a_number(here: Texting, capsys):
    here.phone(1)
    here.service.answers.append(Answer(500, b"to +447400123456"))
    here.clock.time = DUE
    here.work()
    with here.database.reading() as tx:
        assert "7400123456" not in repr([(row.payload, row.key) for row in tx.scalars(select(EntryRow))])
    assert "7400123456" not in capsys.readouterr().out
