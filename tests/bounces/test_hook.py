"""A-51: reports of bounces and complaints. Only who has the secret is believed; nothing that is reported lets an address be
written to again."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from collector.app import create_app
from collector.bounces.report import KINDS
from collector.bounces.schemas import MOST
from collector.bounces.signature import WINDOW, signature
from collector.config import Settings
from collector.contacts.actions import lift, suppress
from collector.contacts.address import digest_of, read_address
from collector.contacts.queries import suppression_of
from collector.db import Database
from tests.conftest import Clock
from tests.make import make_site
from tests.reaching.conftest import ROOT, SENDER, Installation
from tests.reaching.conftest import here as here
from tests.reaching.conftest import mails as mails
from tests.reaching.test_reach import DUE

SECRET = "what the mail server signs its reports with"
ANN = digest_of(read_address("email", "ann@example.com"))


@pytest.fixture
def app(settings: Settings, database: Database, clock: Clock, mails) -> Flask:
    told = replace(settings, mail_folder=mails, mail_from=SENDER, public_url=ROOT, mail_hook_secret=SECRET)
    return create_app(told, database, now=clock)


@pytest.fixture
def asked(here: Installation) -> str:
    """The Message-ID of a message that was sent to ann@example.com."""
    here.person(1)
    here.clock.time = DUE
    here.work()
    return here.sent()[0]["Message-ID"]


def report(**parts: object) -> dict[str, object]:
    return {"id": "e1", "kind": "bounce", "permanent": True, **parts}


def tell(here: Installation, *events: dict[str, object], secret: str = SECRET, late: timedelta = timedelta()):
    body = json.dumps({"events": events}).encode()
    timestamp = str(int((here.clock() - late).timestamp()))
    headers = {"Lukewarm-Timestamp": timestamp, "Lukewarm-Signature": signature(secret, timestamp, body)}
    return here.client.post("/hooks/mail", data=body, headers=headers, content_type="application/json")


def kept_from(here: Installation, digest: bytes = ANN, site: int | None = None) -> str | None:
    with here.database.reading() as tx:
        return suppression_of(tx, site or here.site.id, digest)


@pytest.mark.parametrize(
    ("parts", "reason", "state"),
    [
        ({}, "bounced", "undeliverable"),
        ({"permanent": False}, None, "sent"),
        ({"kind": "complaint", "permanent": False}, "complained", "sent"),
    ],
)
@pytest.mark.parametrize("by", ["message", "address"])
def test_a_report_keeps_its_address_from_being_written_to(here: Installation, asked, parts, reason, state, by):
    named = {"message": asked} if by == "message" else {"address": "Ann+x@Example.com"}
    for _ in range(2):
        assert tell(here, report(**parts, **named)).status_code == 204
    assert (kept_from(here), here.states()) == (reason, [state])
    here.clock.time = DUE + timedelta(days=5)
    here.work()
    assert len(here.sent()) == (2 if reason is None else 1)


def test_a_report_is_acted_on_once_and_never_lets_anybody_write_again(here: Installation, asked):
    with here.database.writing() as tx:
        suppress(tx, here.site, ANN, "unsubscribed", here.clock())
    for kind in KINDS:
        for permanent in (True, False):
            tell(here, report(id=f"{kind} {permanent}", kind=kind, permanent=permanent, message=asked))
            assert kept_from(here) == "unsubscribed"
    with here.database.writing() as tx:
        lift(tx, here.site.id, ANN)
    assert tell(here, report(id="bounce True", message=asked)).status_code == 204
    assert kept_from(here) is None


def test_a_mailbox_that_is_gone_is_gone_for_every_site_that_has_it(here: Installation, asked):
    with here.database.writing() as tx:
        other, third = make_site(tx, name="Other"), make_site(tx, name="Third")
    here.person(2, "ann@example.com", other)
    tell(here, report(address="ann@example.com"))
    assert [kept_from(here, site=site.id) for site in (here.site, other, third)] == ["bounced", "bounced", None]


def test_what_is_about_nobody_is_answered_alike_and_changes_nothing(here: Installation, asked):
    nobody = ({"message": "<00@example.com>"}, {"message": "é"}, {"address": "nobody@example.com"}, {"address": "no"})
    for parts in nobody:
        assert tell(here, report(**parts)).status_code == 204
        assert (kept_from(here), here.states()) == (None, ["sent"]), parts


def test_a_forged_or_an_old_call_is_refused_and_told_nothing(here: Installation, asked):
    wrong = [tell(here, report(message=asked), secret="x" * 40), tell(here, report(message=asked), secret="")]
    wrong += [tell(here, report(message=asked), late=late) for late in (WINDOW + timedelta(seconds=1), -WINDOW * 2)]
    body = json.dumps({"events": [report(message=asked)]})
    for headers in ({}, {"Lukewarm-Timestamp": "9" * 30, "Lukewarm-Signature": "é"}, {"Lukewarm-Timestamp": "-1"}):
        wrong.append(here.client.post("/hooks/mail", data=body, headers=headers, content_type="application/json"))
    wrong.append(here.client.post("/hooks/mail", data="not even JSON", content_type="application/json"))
    assert {reply.status_code for reply in wrong} == {403}
    assert len({reply.json["detail"] for reply in wrong}) == 1
    assert kept_from(here) is None


def test_without_a_secret_no_call_is_believed(settings: Settings, database: Database, here: Installation, asked):
    here.client = create_app(settings, database, now=here.clock).test_client()
    for secret in (SECRET, "", "None"):
        assert tell(here, report(message=asked), secret=secret).status_code == 403
    assert kept_from(here) is None


def test_what_is_no_report_is_refused_and_the_others_with_it(here: Installation, asked):
    for event, pointer in (
        ({"id": "", "kind": "bounce", "address": "a@example.com"}, "/events/0/id"),
        ({"id": "1", "kind": "joy", "address": "a@example.com"}, "/events/0/kind"),
        ({"id": "1", "kind": "bounce"}, "/events/0"),
        ({"id": "1", "kind": "bounce", "address": "a@example.com", "message": "x"}, "/events/0"),
        ({"id": "1", "kind": "bounce", "address": "a@example.com", "permanent": "yes"}, "/events/0/permanent"),
        ({"id": "1", "kind": "bounce", "address": "a@example.com", "site": 1}, "/events/0/site"),
    ):
        reply = tell(here, event, report(message=asked))
        assert reply.status_code == 422, event
        assert pointer in [fault["pointer"] for fault in reply.json["errors"]]
    assert tell(here, *(report(id=f"{number}", message="x") for number in range(MOST + 1))).status_code == 422
    assert kept_from(here) is None


def test_the_example_in_the_documents_is_signed_as_it_says():
    body = b'{"events": [{"id": "e1", "kind": "complaint", "address": "ann@example.com"}]}'
    made = signature("0123456789abcdef0123456789abcdef", "1763800000", body)
    assert made in (Path(__file__).parents[2] / "docs" / "channels.md").read_text()
