"""A message from the team to the person behind a case: at most once, only to whoever agreed, and said how it stands."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from collector.accounts.actions import sign_in
from collector.cases.case import Case
from collector.cases.queries import case_of
from collector.channels.delivery import Outcome
from collector.contacts.actions import forget_address, suppress
from collector.contacts.address import digest_of, read_address
from collector.intake.actions import erase_response
from collector.reaching.outward import Outward, Ready
from collector.reaching.reply.actions import begin_reply
from collector.responses.token import make_token
from collector.web.guards import Role
from tests.make import make_member, submission_id
from tests.reaching.conftest import KEY, ROOT, SENDER, Installation, links
from tests.reaching.test_reach import DUE, Server

TEXT = "The fee is gone since Friday.\n\nAnn"


@pytest.fixture
def ann(here: Installation) -> FlaskClient:
    with here.database.writing() as tx:
        token = sign_in(tx, make_member(tx, Role.analyst), here.site.team, "test", here.clock())
    # Behind TLS, as the installation's own address says.
    here.client.set_cookie("__Host-lukewarm", token)
    here.client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return here.client


def case(here: Installation) -> Case:
    """The case of the first response."""
    with here.database.reading() as tx:
        found = case_of(tx, here.site.team, 1)
    assert found is not None
    return found


def write(ann: FlaskClient, text: str = TEXT) -> str:
    """Where the press leads, or its status."""
    reply = ann.post("/cases/1/reply", data={"reply": text})
    return reply.location or str(reply.status_code)


def test_a_reply_goes_out_once_as_it_was_written(here: Installation, ann: FlaskClient):
    here.person(1, comment="Visitor's words")
    here.work()
    assert write(ann) == "/cases/1?case=replied"
    assert write(ann, "Another") == "/cases/1?case=once"
    assert "goes out within a minute" in ann.get("/cases/1").text
    here.work()
    here.work()
    (mail,) = here.sent()
    assert (mail["To"], mail["Subject"]) == ("ann@example.com", "About your feedback to Shop")
    assert (mail["Auto-Submitted"], mail["List-Unsubscribe-Post"]) == (None, "List-Unsubscribe=One-Click")
    body = mail.get_content()
    assert body.startswith(TEXT)
    assert "Visitor's words" not in body
    assert links(mail) == [mail["List-Unsubscribe"].strip("<>").removeprefix(ROOT)]
    assert case(here).reply.standing == "The mail server took it."
    assert case(here).history[-1].words == "wrote to the person"


def test_whoever_left_no_address_or_said_stop_is_not_written_to(here: Installation, ann: FlaskClient):
    here.person(1)
    here.work()
    with here.database.writing() as tx:
        suppress(tx, here.site, digest_of(read_address("email", "ann@example.com")), "unsubscribed", here.clock())
    assert write(ann) == "/cases/1?case=closed_to_mail"
    page = ann.get("/cases/1").text
    assert "the person said stop" in page
    assert 'action="/cases/1/reply"' not in page
    here.work()
    assert here.sent() == []


@pytest.mark.parametrize("how", ["stop", "forgotten", "erased"])
def test_what_changes_between_the_press_and_the_sending_counts(here: Installation, ann: FlaskClient, how: str):
    here.person(1)
    here.work()
    assert write(ann).endswith("replied")
    address = read_address("email", "ann@example.com")
    with here.database.writing() as tx:
        if how == "stop":
            suppress(tx, here.site, digest_of(address), "unsubscribed", here.clock())
        elif how == "forgotten":
            forget_address(tx, address, here.clock())
        else:
            erase_response(tx, make_token(KEY, here.site.id, UUID(submission_id(1))), KEY, here.clock())
    here.work()
    assert (here.sent(), here.deliveries()) == ([], [])
    if how != "erased":
        assert case(here).reply.standing.startswith("It was not sent. The")


def test_a_worker_that_stops_in_between_leaves_it_uncertain_and_nothing_is_sent_again(
    here: Installation, ann: FlaskClient
):
    here.person(1)
    here.work()
    write(ann)
    server = Server()
    with here.database.writing() as tx:
        assert isinstance(
            begin_reply(tx, Outward({"email": server}, SENDER, ROOT, KEY), {"case": 1}, here.clock()), Ready
        )
    here.work(server)
    assert (server.asked, here.deliveries()) == ([], [("reply", "uncertain")])
    assert "not known whether it arrived" in case(here).reply.standing


def test_a_server_that_is_not_ready_is_tried_again_and_a_mailbox_that_is_gone_is_left(
    here: Installation, ann: FlaskClient
):
    here.person(1)
    here.work()
    write(ann)
    server = Server(Outcome("deferred", "rcpt 451"), Outcome("undeliverable", "rcpt 550", gone=True))
    here.work(server)
    assert "tried again" in case(here).reply.standing
    here.clock.move(timedelta(minutes=5))
    here.work(server)
    assert (len(server.asked), here.deliveries()) == (2, [("reply", "undeliverable")])
    assert "does not exist" in case(here).no_reply


def test_a_reply_waits_while_the_mailbox_has_had_its_messages_of_the_day(here: Installation, ann: FlaskClient):
    for number in range(1, 5):
        here.person(number)
    here.work()
    for number in range(1, 5):
        assert ann.post(f"/cases/{number}/reply", data={"reply": TEXT}).status_code == 303
    here.work()
    assert here.deliveries() == [("reply", "sent")] * 3
    here.clock.move(timedelta(days=1))
    here.work()
    assert here.deliveries() == [("reply", "sent")] * 4


def test_the_follow_up_is_asked_as_if_there_were_no_reply(here: Installation, ann: FlaskClient):
    here.person(1)
    here.work()
    write(ann)
    here.work(Server(Outcome("uncertain", "end lost")))
    here.clock.time = DUE
    here.work()
    assert here.deliveries() == [("reply", "uncertain"), ("ask", "sent")]
    assert here.states() == ["sent"]


@pytest.mark.parametrize("text", ["", " ", "x" * 4001])
def test_a_message_that_is_none_is_told_at_its_field(here: Installation, ann: FlaskClient, text: str):
    here.person(1)
    here.work()
    reply = ann.post("/cases/1/reply", data={"reply": text})
    assert (reply.status_code, reply.text.count('id="case-reply-wrong"')) == (422, 1)
    assert case(here).reply is None
