"""The address that a visitor leaves with a response."""

from dataclasses import replace
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from collector.app import create_app
from collector.config import Settings
from collector.contacts.consent import sentences, version_of
from collector.contacts.queries import contact_of
from collector.db import Database
from collector.intake.actions import erase_response
from collector.responses.token import make_token
from collector.signing import token_for
from collector.sites.site import Site
from collector.surveys.actions import set_widget
from collector.surveys.queries import surveys_of
from collector.surveys.wording import wording
from tests.conftest import Clock
from tests.intake.test_submit import send
from tests.make import submission, submission_id

FIRST = UUID(submission_id(1))
KEY = b"a key for tests that is long enough to be one"


@pytest.fixture
def client(settings: Settings, database: Database, clock: Clock, tmp_path) -> FlaskClient:
    """A collector that writes its mails into a folder."""
    told = replace(settings, mail_folder=tmp_path, mail_from="ask@example.com", public_url="https://ask.example.com")
    return create_app(told, database, now=clock).test_client()


@pytest.fixture
def token(client: FlaskClient, site: Site) -> str:
    send(client, site, submission(1))
    return make_token(KEY, site.id, FIRST)


def given(**parts: object) -> dict[str, object]:
    version = version_of(sentences(wording("en").contact, "Shop"))
    return {"channel": "email", "address": "ann@example.com", "consent": version, "language": "en-GB", **parts}


def test_an_address_is_kept_with_what_was_agreed_to(client, token, site: Site, database: Database):
    for _ in range(2):
        reply = client.post(f"/v1/responses/{token}/contact", json=given(zone="Europe/Helsinki"))
        assert (reply.status_code, reply.json) == (200, {"state": "kept"})
    with database.reading() as tx:
        contact = contact_of(tx, site.id, FIRST)
    (address,) = contact.addresses
    assert address.address == "ann@example.com"
    assert address.consent.wording.startswith("Shop may send me")
    assert (address.consent.language, address.consent.how, contact.zone) == ("en", "form", "Europe/Helsinki")


def test_a_zone_that_nobody_knows_is_left_out(client, token, site: Site, database: Database):
    assert client.post(f"/v1/responses/{token}/contact", json=given(zone="Mars/Base")).status_code == 200
    with database.reading() as tx:
        assert contact_of(tx, site.id, FIRST).zone is None


def test_what_cannot_be_kept_is_refused_and_nothing_stored(client, token, site, database):
    wrong: list[tuple[dict[str, str], str]] = [
        ({"address": "ann"}, "/address"),
        ({"address": "a@x.com, b@y.com"}, "/address"),
        ({"address": "a@x.com\r\nBcc: b@y.com"}, "/address"),
        ({"address": ""}, "/address"),
        ({"address": "Ask+me@example.com"}, "/address"),  # it would write to itself
        ({"channel": "sms", "address": "+447400123456"}, "/channel"),
        ({"channel": "pigeon"}, "/channel"),
        ({"consent": "another"}, "/consent"),
        ({"language": "de"}, "/consent"),
        ({"language": "?"}, "/language"),
        ({"zone": "../etc"}, "/zone"),
        ({"name": "Ann"}, "/name"),
    ]
    for parts, pointer in wrong:
        reply = client.post(f"/v1/responses/{token}/contact", json=given(**parts))
        assert reply.status_code == 422, parts
        assert pointer in [fault["pointer"] for fault in reply.json["errors"]]
    with database.reading() as tx:
        assert contact_of(tx, site.id, FIRST) is None


def test_only_the_responses_own_token_opens_it_and_only_a_post(client, token, site: Site):
    other = token_for(KEY, "follow-up", site.id, FIRST)
    unknown = make_token(KEY, site.id, UUID(submission_id(9)))
    assert client.get(f"/v1/responses/{token}/contact").status_code == 405
    wrong = [other, unknown, token[:-1], token + "A", "é", "A" * 50]
    replies = [client.post(f"/v1/responses/{bad}/contact", json=given()) for bad in wrong]
    assert {reply.status_code for reply in replies} == {404}
    assert len({reply.json["detail"] for reply in replies}) == 1


def test_without_a_channel_no_address_is_taken(app, site: Site):
    client = app.test_client()
    send(client, site, submission(1))
    reply = client.post(f"/v1/responses/{make_token(KEY, site.id, FIRST)}/contact", json=given())
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/channel")


def test_a_survey_that_asks_for_an_address_says_so_where_mail_is_configured(
    client, site: Site, database: Database, app
):
    with database.writing() as tx:
        survey = surveys_of(tx, site.id)[0]
        set_widget(tx, survey, replace(survey.widget, contact=True))
    path = f"/v1/sites/{site.key}/survey"
    asked = client.get(path).json["contact"]
    assert (asked["channels"], asked["version"]) == (["email"], given()["consent"])
    assert asked["consent"]["email"].startswith("Shop may send me")
    german = client.get(f"{path}?language=de").json
    assert german["text"]["agree"]
    assert german["contact"]["version"] != asked["version"]
    assert app.test_client().get(path).json["contact"] is None
    token = send(client, site, submission(1)).json["token"]
    body = given(consent=german["contact"]["version"], language="de")
    assert client.post(f"/v1/responses/{token}/contact", json=body).status_code == 200


def test_an_erased_response_takes_no_address(client, token, database: Database, clock: Clock):
    with database.writing() as tx:
        erase_response(tx, token, KEY, clock())
    assert client.post(f"/v1/responses/{token}/contact", json=given()).status_code == 404
