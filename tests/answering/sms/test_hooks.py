"""What the service for SMS tells: answers, stops, and what became of a message. Forged, it changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select, update

from collector.app import create_app
from collector.channels.models import DeliveryRow, InboundRow
from collector.channels.sms.twilio import signature
from collector.contacts.actions import lift
from collector.contacts.address import digest_of, read_address
from collector.contacts.queries import suppression_of
from collector.exports.queries import exported_responses
from collector.followups.state import CORRECTABLE_FOR
from collector.responses.filters import Filter
from tests.make import make_site
from tests.reaching.conftest import ROOT
from tests.reaching.conftest import mails as mails
from tests.reaching.sms.conftest import ANN, Texting
from tests.reaching.sms.conftest import app as app
from tests.reaching.sms.conftest import here as here
from tests.reaching.sms.conftest import listening as listening
from tests.reaching.sms.conftest import service as service
from tests.reaching.test_reach import DUE
from tests.servers.sms import TOKEN, Answer

REPLY = "/hooks/sms/reply"


@pytest.fixture
def asked(here: Texting) -> Texting:
    """Somebody was asked by SMS three hours ago."""
    here.phone(1)
    here.clock.time = DUE
    here.work()
    here.clock.move(timedelta(hours=3))
    return here


def tell(here: Texting, path: str, fields: dict[str, str], token: str = TOKEN):
    """What the service posts, signed for the address that it was told."""
    given = signature(token, f"{ROOT}{path}", fields.items())
    return here.client.post(path, data=fields, headers={"X-Twilio-Signature": given})


def text(here: Texting, body: str, sid: str = "SM1", number: str = ANN, **more: str):
    reply = tell(here, REPLY, {"MessageSid": sid, "From": number, "Body": body, "To": "+358401000000", **more})
    assert (reply.status_code, reply.mimetype) == (200, "text/xml")
    assert "Message" not in reply.text


def stored(here: Texting) -> list[tuple[str, tuple[str, ...], str]]:
    with here.database.reading() as tx:
        rows = exported_responses(tx, None, Filter())
        return [(row.follow_up_state, row.answer_areas, row.answer) for row in rows]


def report(here: Texting, word: str, code: str | None = None, number: int = -1, sid: str = "SM9"):
    path = urlsplit(here.service.asked[number]["StatusCallback"]).path
    fields = {"MessageSid": sid, "MessageStatus": word} | ({} if code is None else {"ErrorCode": code})
    return tell(here, path, fields)


def test_a_reply_becomes_the_answer_in_the_persons_own_words(asked: Texting):
    text(asked, " Ihr Zug kam zu spät 🚂\r\nund war voll. ")
    assert stored(asked) == [("answered", (), "Ihr Zug kam zu spät 🚂\nund war voll.")]
    asked.clock.time = DUE + timedelta(days=5)
    asked.work()
    assert len(asked.service.asked) == 1


def test_a_reply_that_is_a_listed_number_or_a_name_chooses_the_area_and_nothing_is_guessed(asked: Texting):
    lines = [line.partition(" ") for line in asked.service.asked[0]["Body"].splitlines() if line[0].isdigit()]
    number, _, label = lines[1]
    text(asked, f" {number}. ", "SM1")
    text(asked, label.upper(), "SM2")
    ((state, areas, words),) = stored(asked)
    assert (state, len(areas), words) == ("answered", 1, "")
    text(asked, f"{number} and {label}", "SM3")
    assert stored(asked) == [("answered", areas, f"{number} and {label}")]
    text(asked, "99", "SM4")
    assert stored(asked)[0][2].endswith("\n99")


def test_an_answer_in_several_messages_is_one_and_each_is_heard_once(asked: Texting):
    for sid, body in (("SM1", "Too slow."), ("SM2", "And dear."), ("SM1", "Too slow."), ("SM2", "And dear.")):
        text(asked, body, sid)
    assert stored(asked) == [("answered", (), "Too slow.\nAnd dear.")]


def test_a_message_told_twice_at_once_is_heard_once(asked: Texting):
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: text(asked, "Too slow."), range(4)))
    assert stored(asked) == [("answered", (), "Too slow.")]


def test_pieces_that_come_at_once_are_all_kept(asked: Texting):
    pieces = [f"piece {number}" for number in range(6)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda piece: text(asked, piece, f"SM{piece[-1]}"), pieces))
    assert sorted(stored(asked)[0][2].splitlines()) == pieces


def test_a_reply_belongs_to_the_last_question_that_is_open(asked: Texting):
    with asked.database.writing() as tx:
        other = make_site(tx, name="Other")
    asked.clock.time = DUE
    asked.phone(2, site=other)
    asked.clock.time = DUE + timedelta(days=4)
    asked.work()
    assert len(asked.service.asked) == 2
    text(asked, "The second one")
    assert [answer for _, _, answer in stored(asked)] == ["", "The second one"]
    asked.clock.move(CORRECTABLE_FOR + timedelta(days=1))
    text(asked, "The first one", "SM2")
    assert [answer for _, _, answer in stored(asked)] == ["The first one", "The second one"]


def test_who_was_not_asked_is_not_listened_to(asked: Texting):
    numbers = ("+447400999999", "shortcode", "", "+٤٤٧٤٠٠١٢٣٤٥٦", ANN + "\n")
    for place, number in enumerate(numbers, start=1):
        text(asked, "Hello", f"SM{place}", number=number)
        assert stored(asked) == [("sent", (), "")], number


def test_a53_a_stop_by_sms_counts_on_every_channel_and_at_every_site(here: Texting):
    with here.database.writing() as tx:
        other = make_site(tx, name="Other")
        empty = make_site(tx, name="Empty")
    here.person(1)
    here.leave(1, "sms", ANN, here.site)
    here.person(2, "other@example.com", other)
    here.leave(2, "sms", ANN, other)
    text(here, "älkää lähettäkö viestejä")
    with here.database.reading() as tx:
        reasons = [
            suppression_of(tx, site.id, digest_of(read_address(channel, address)))
            for channel, address, site in (
                ("sms", ANN, here.site),
                ("email", "ann@example.com", here.site),
                ("sms", ANN, other),
                ("email", "other@example.com", other),
                ("sms", ANN, empty),
            )
        ]
    assert reasons == ["unsubscribed"] * 5
    here.clock.time = DUE
    here.work()
    assert (here.service.asked, here.sent()) == ([], [])
    assert [state for state, _, _ in stored(here)] == ["offered", "offered"]


@pytest.mark.parametrize("more", [{}, {"OptOutType": "START"}])
def test_a53_start_takes_no_stop_back_by_itself_and_is_no_answer(asked: Texting, more: dict[str, str]):
    text(asked, "Stop", **({"OptOutType": "STOP"} if more else {}))
    text(asked, "START", "SM2", **more)
    digest = digest_of(read_address("sms", ANN))
    with asked.database.reading() as tx:
        assert suppression_of(tx, asked.site.id, digest) == "unsubscribed"
    assert stored(asked) == [("sent", (), "")]
    with asked.database.writing() as tx:
        assert lift(tx, asked.site.id, digest)


def test_what_the_service_says_of_a_keyword_is_believed(asked: Texting):
    text(asked, "HELP", OptOutType="HELP")
    assert stored(asked) == [("sent", (), "")]
    text(asked, "Genug davon", "SM2", OptOutType="STOP")
    with asked.database.reading() as tx:
        assert suppression_of(tx, asked.site.id, digest_of(read_address("sms", ANN))) == "unsubscribed"


def test_a51_what_the_service_did_not_sign_is_refused_alike_and_changes_nothing(asked: Texting):
    path = urlsplit(asked.service.asked[0]["StatusCallback"]).path
    fields = {"MessageSid": "SM1", "From": ANN, "Body": "STOP", "MessageStatus": "failed", "ErrorCode": "30005"}
    right = signature(TOKEN, f"{ROOT}{REPLY}", fields.items())
    replies = []
    for there in (REPLY, path, "/hooks/sms/status/x"):
        elsewhere = signature(TOKEN, f"https://evil.example{there}", fields.items())
        replies += [
            asked.client.post(there, data=fields),
            asked.client.post(there, data=fields, headers={"X-Twilio-Signature": "é"}),
            asked.client.post(there, json=fields, headers={"X-Twilio-Signature": right}),
            asked.client.post(there, data=fields, headers={"X-Twilio-Signature": elsewhere, "Host": "evil.example"}),
            tell(asked, there, fields, token="another"),
        ]
    changed = [{**fields, "Body": "stop"}, {**fields, "x": ""}, {"Body": "STOP"}, {}]
    replies += [asked.client.post(REPLY, data=other, headers={"X-Twilio-Signature": right}) for other in changed]
    replies += [asked.client.post(f"{REPLY}?x=1", data=fields, headers={"X-Twilio-Signature": right})]
    assert {reply.status_code for reply in replies} == {403}
    assert {reply.mimetype for reply in replies} == {"application/problem+json"}
    assert len({(reply.json["type"], reply.json["detail"]) for reply in replies}) == 1
    assert asked.ways() == [("sms", "ask", "sent")]
    with asked.database.reading() as tx:
        assert suppression_of(tx, asked.site.id, digest_of(read_address("sms", ANN))) is None
        assert tx.scalar(select(func.count()).select_from(InboundRow)) == 0


def test_what_was_signed_for_one_address_opens_no_other(asked: Texting):
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    path = urlsplit(asked.service.asked[0]["StatusCallback"]).path
    other = path[:-1] + ("A" if path[-1] != "A" else "B")
    assert tell(asked, other, fields).status_code == 404
    given = signature(TOKEN, f"{ROOT}{path}", fields.items())
    assert asked.client.post(other, data=fields, headers={"X-Twilio-Signature": given}).status_code == 403
    assert asked.ways() == [("sms", "ask", "sent")]


def test_a_message_too_large_or_without_a_name_or_not_posted_is_refused(asked: Texting):
    assert {getattr(asked.client, method)(REPLY).status_code for method in ("get", "head", "put")} == {405}
    assert tell(asked, REPLY, {"From": ANN, "Body": "x"}).status_code == 400
    assert tell(asked, REPLY, {"MessageSid": "<script>", "From": ANN, "Body": "x"}).status_code == 400
    assert tell(asked, REPLY, {"MessageSid": "SM1", "Body": "x" * 70_000}).status_code == 413
    long = "漢" * 1600
    text(asked, long, "SM2")
    assert stored(asked)[0][2] == long


def test_without_the_channel_there_is_no_hook(here: Texting, settings, database):
    client = create_app(settings, database).test_client()
    assert client.post(REPLY, data={"MessageSid": "SM1"}).status_code == 403


def test_reports_only_lead_on_however_they_come(asked: Texting):
    for word in ("sent", "delivered", "sent", "failed", "delivered", "queued", "moon"):
        assert report(asked, word).status_code == 204
    assert (asked.ways(), asked.states()) == ([("sms", "ask", "delivered")], ["sent"])


def test_a_message_that_was_not_delivered_leaves_the_number_alone_when_it_is_gone(asked: Texting):
    report(asked, "undelivered", "30005")
    assert (asked.ways(), asked.states()) == ([("sms", "ask", "undeliverable")], ["undeliverable"])
    with asked.database.reading() as tx:
        assert suppression_of(tx, asked.site.id, digest_of(read_address("sms", ANN))) == "bounced"
    asked.clock.time = DUE + timedelta(days=30)
    asked.work()
    assert len(asked.service.asked) == 1


def test_a_phone_that_is_switched_off_is_not_gone(asked: Texting):
    for code in ("x", "9" * 30, None, "30003"):
        with asked.database.writing() as tx:
            tx.execute(update(DeliveryRow).values(state="sent"))
        assert report(asked, "undelivered", code).status_code == 204
        assert asked.ways() == [("sms", "ask", "undeliverable")]
        with asked.database.reading() as tx:
            assert suppression_of(tx, asked.site.id, digest_of(read_address("sms", ANN))) is None, code


def test_a_report_says_what_became_of_a_message_that_nobody_knew_of(here: Texting):
    here.phone(1)
    here.service.answers.append(Answer(drop="after"))
    here.clock.time = DUE
    here.work()
    assert here.states() == ["uncertain"]
    report(here, "delivered")
    assert (here.ways(), here.states()) == ([("sms", "ask", "delivered")], ["sent"])


def test_a_late_report_of_the_first_message_says_nothing_of_the_second(asked: Texting):
    asked.clock.time = DUE + timedelta(days=5)
    asked.work()
    report(asked, "undelivered", "30003", number=0)
    assert asked.ways() == [("sms", "ask", "undeliverable"), ("sms", "remind", "sent")]
    assert asked.states() == ["sent"]


def test_what_came_in_is_remembered_for_thirty_days_only(asked: Texting):
    text(asked, "First", "SM1")
    asked.clock.move(timedelta(days=31))
    text(asked, "Second", "SM2", number="+447400999999")
    with asked.database.reading() as tx:
        assert tx.scalars(select(InboundRow.sid)).all() == ["SM2"]
