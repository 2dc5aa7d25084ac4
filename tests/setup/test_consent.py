"""The wording of consents: who agreed before keeps the words they read, who agrees afterwards the new ones."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from collector.accounts.models import ChangeRow
from collector.config import Settings
from collector.contacts.queries import contact_of
from collector.db import Database
from collector.responses.token import make_token
from collector.sites.site import Site
from collector.surveys.queries import surveys_of
from tests.conftest import Clock
from tests.make import ORIGIN, submission, submission_id
from tests.setup.conftest import writing_mail
from tests.setup.test_survey import send

OWN = {"email.en": " {site} may write to me\nabout this order. ", "email.de": "{site} darf mir schreiben."}


@pytest.fixture
def app(settings: Settings, database: Database, clock: Clock, tmp_path: Path) -> Flask:
    return writing_mail(settings, database, clock, tmp_path)


def asked(client: FlaskClient, site: Site, language: str) -> dict:
    """How visitors are asked for an address, as their form's settings say."""
    return client.get(f"/v1/sites/{site.key}/survey?language={language}").json["contact"]


def agree(client: FlaskClient, site: Site, number: int, version: str, language: str = "en") -> int:
    """The status of leaving an address with a new response, under this version of the consent."""
    client.post(f"/v1/sites/{site.key}/responses", json=submission(number), headers={"Origin": ORIGIN})
    token = make_token(b"a key for tests that is long enough to be one", site.id, UUID(submission_id(number)))
    given = {"channel": "email", "address": "ann@example.com", "consent": version, "language": language}
    return client.post(f"/v1/responses/{token}/contact", json=given).status_code


def agreed(database: Database, site: Site, number: int) -> tuple[str, str, str]:
    with database.reading() as tx:
        [address] = contact_of(tx, site.id, UUID(submission_id(number))).addresses
    return address.consent.wording, address.consent.version, address.consent.language


def test_each_consent_keeps_the_words_that_were_read(
    client: FlaskClient, owner: FlaskClient, database: Database, site: Site, clock: Clock
):
    send(owner, site, "/survey/look", {"contact": "on", "languages": ["en", "de"]})
    before = asked(client, site, "en")
    assert agree(client, site, 1, before["version"]) == 200
    send(owner, site, "/survey/consent", OWN)
    after, german = asked(client, site, "en"), asked(client, site, "de-AT")
    assert after["consent"]["email"] == "Shop may write to me about this order."
    assert german["consent"]["email"] == "Shop darf mir schreiben."
    assert after["consent"]["sms"] == before["consent"]["sms"]
    assert len({before["version"], after["version"], german["version"]}) == 3
    assert "about this order" in client.get(f"/w/1/{site.key}.js", headers={"Referer": ORIGIN}).text
    assert agree(client, site, 2, after["version"]) == agree(client, site, 3, german["version"], "de") == 200
    # A page that lay open when it was changed: what its visitor read is what they agree to, for a day.
    assert agree(client, site, 4, before["version"]) == 200
    assert agree(client, site, 5, german["version"], "en") == 422
    clock.move(timedelta(hours=25))
    assert agree(client, site, 6, before["version"]) == 422
    for number in (1, 4):
        assert agreed(database, site, number) == (before["consent"]["email"], before["version"], "en")
    assert agreed(database, site, 2) == ("Shop may write to me about this order.", after["version"], "en")
    assert agreed(database, site, 3) == ("Shop darf mir schreiben.", german["version"], "de")
    page = owner.get(f"/sites/{site.key}/survey/consent").text
    assert before["consent"]["email"] in page.partition("Earlier words")[2]
    assert "about this order" in owner.get(f"/sites/{site.key}/survey/look").text


def test_empty_brings_our_words_back_and_every_change_is_written_down(
    owner: FlaskClient, database: Database, site: Site
):
    send(owner, site, "/survey/consent", OWN)
    send(owner, site, "/survey/consent", {"email.en": " "})
    with database.reading() as tx:
        assert surveys_of(tx, site.id)[0].widget.consent == {"de": {"email": "{site} darf mir schreiben."}}
        lines = tx.execute(select(ChangeRow.verb, ChangeRow.detail).order_by(ChangeRow.id)).all()
    assert [verb for verb, _ in lines] == ["survey.consent_changed"] * 2
    assert [detail["languages"] for _, detail in lines] == [["de", "en"], ["en"]]
    assert lines[0].detail["versions"][1] != lines[1].detail["versions"][0]
    assert owner.get(f"/sites/{site.key}/survey/consent").text.count("Shop may write to me about this order.") == 1


@pytest.mark.parametrize(
    "typed",
    ["x" * 301, "<b>Shop</b> may write", "{name} may write", "{site may write", "a\u202eb", "{{site}}"],
    ids=["long", "markup", "unknown", "open", "turned", "twice"],
)
def test_what_cannot_be_shown_as_plain_words_is_refused_at_its_field(
    owner: FlaskClient, database: Database, site: Site, typed: str
):
    reply = send(owner, site, "/survey/consent", {"email.en": typed})
    assert reply.status_code == 422
    assert 'id="email.en-wrong"' in reply.text
    assert "<b>" not in reply.text
    with database.reading() as tx:
        assert surveys_of(tx, site.id)[0].widget.consent == {}


def test_the_sample_reads_as_visitors_would_and_saves_nothing(owner: FlaskClient, database: Database, site: Site):
    path = f"/sites/{site.key}/survey/consent/sample"
    german = owner.get(path, query_string={"language": "de", "email.de": "{site} darf schreiben."}).text
    assert "Shop darf schreiben." in german
    assert 'lang="de"' in german
    assert "E-Mail-Adresse" in german
    refused = owner.get(path, query_string={"language": "en", "email.en": "<i>x"}).text
    assert "Shop may send me questions" in refused
    assert "Not shown yet" in refused
    assert 'dir="rtl"' in owner.get(f"{path}?language=ar").text
    with database.reading() as tx:
        assert surveys_of(tx, site.id)[0].widget.consent == {}
