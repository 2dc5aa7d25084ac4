"""Responses at an age: erased, or made to point to nobody."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from collector.cases.actions import add_note
from collector.cases.models import CaseRow
from collector.cases.replies.actions import order_reply
from collector.channels.models import DeliveryRow
from collector.channels.providers.folder import Folder
from collector.config import Settings
from collector.contacts.address import digest_of, read_address
from collector.contacts.consent import sentences, version_of
from collector.contacts.identity import Identity, sign, signed_text
from collector.contacts.models import ContactRow
from collector.contacts.queries import identity_secret
from collector.db import Database
from collector.followups.models import FollowUpRow
from collector.reaching.outward import Outward
from collector.responses.anonymous import day_of, without_parameters
from collector.responses.models import ResponseRow
from collector.sites.actions import set_keep_days, set_parameters
from collector.sites.queries import site_of
from collector.sites.site import Site
from collector.surveys.wording import wording
from collector.web.guards import Role
from collector.worker import Worker
from tests.conftest import Clock
from tests.make import ORIGIN, make_member, submission, submission_id
from tests.setup.conftest import writing_mail

KEY = b"a key for tests that is long enough to be one"
#: What was said, by whom, and where each of it is written down at first.
WORDS = {
    "wombatique": "comment",
    "numbatique": "answer",
    "potorooish": "answer before",
    "bilbyplan": "attribute",
    "dunnartref": "parameter of the page",
    "quollmail": "address",
    "bettongish": "note",
    "bandicootly": "reply",
}


@pytest.fixture
def app(settings: Settings, database: Database, clock: Clock, tmp_path: Path) -> Flask:
    return writing_mail(settings, database, clock, tmp_path)


def everything(database: Database) -> str:
    """All that stands in any table, those of the index of words too."""
    with database.reading() as tx:
        if database.embedded:
            names = tx.scalars(text("select name from sqlite_master where type = 'table'")).all()
            rows = [row for name in names for row in tx.execute(text(f"select * from {name}"))]
            values = [value for row in rows for value in row]
        else:
            named = text("select table_name from information_schema.tables where table_schema = 'public'")
            values = [
                value
                for name in tx.scalars(named).all()
                for value in tx.scalars(text(f'select t::text from "{name}" t'))
            ]
    return " ".join(value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in values)


def found(database: Database) -> list[str]:
    """What of `WORDS` is in the database. An index shortens what begins alike, so only the ends of words are looked for."""
    dump = everything(database)
    return [where for word, where in WORDS.items() if word[3:] in dump]


class Told:
    """A response with all that may be said of it: answered, corrected, asked by mail, a case with a note and a reply."""

    def __init__(self, client: FlaskClient, database: Database, site: Site, clock: Clock, folder: Path) -> None:
        self.client, self.database, self.site, self.clock, self.folder = client, database, site, clock, folder
        with database.writing() as tx:
            set_parameters(tx, site, ["ref"])
        self.sent = submission(
            1, score=7, category="price", comment="All wombatique.", attributes={"plan": "bilbyplan"},
            page=f"{ORIGIN}/prices?ref=dunnartref",
        )  # fmt: skip
        self.receipt = self.say(self.sent)
        version = version_of(sentences(wording("en").contact, site.name))
        kept = {"channel": "email", "address": "quollmail@example.com", "language": "en", "consent": version}
        assert client.post(f"/v1/responses/{self.receipt['token']}/contact", json=kept).status_code == 200
        self.work()
        for words in ("A potorooish answer.", "A numbatique answer."):
            reply = client.post(f"/v1/follow-ups/{self.receipt['follow_up']['token']}", json={"text": words})
            assert reply.status_code == 200
        with database.writing() as tx:
            member, [case] = make_member(tx, Role.editor), tx.scalars(select(CaseRow.id)).all()
            add_note(tx, site.team, case, member, "p_1", "A bettongish note.", clock())
            assert order_reply(tx, site.team, case, member, "p_2", "Yours bandicootly.", clock()) == "done"
        self.work()

    def say(self, sent: dict) -> dict:
        reply = self.client.post(f"/v1/sites/{self.site.key}/responses", json=sent, headers={"Origin": ORIGIN})
        assert reply.status_code == 201
        return reply.get_json()

    def work(self) -> None:
        outward = Outward({"email": Folder(self.folder)}, "ask@example.com", "https://ask.example.com", KEY)
        while Worker(self.database, self.clock, outward).run_once():
            pass


@pytest.fixture
def told(client: FlaskClient, database: Database, site: Site, clock: Clock, tmp_path: Path) -> Told:
    return Told(client, database, site, clock, tmp_path / "mails")


def test_of_an_anonymous_response_nothing_is_left_that_points_to_a_person(
    told: Told, owner: FlaskClient, client: FlaskClient, database: Database, site: Site, clock: Clock
):
    assert found(database) == list(WORDS.values())
    with database.writing() as tx:
        set_keep_days(tx, site, 4, "anonymise")
    clock.move(timedelta(days=5))
    for _ in range(2):
        told.work()
    assert found(database) == []
    with database.reading() as tx:
        [row], [asked] = tx.scalars(select(ResponseRow)).all(), tx.scalars(select(FollowUpRow)).all()
        [case] = tx.scalars(select(CaseRow)).all()
        messages = tx.scalars(select(DeliveryRow)).all()
        assert tx.scalars(select(ContactRow)).all() == []
        assert (row.score, row.segment, row.category, row.page) == (7, "passive", "price", f"{ORIGIN}/prices")
        assert row.received_at == datetime(2026, 11, 22, 12, tzinfo=UTC)
        assert (asked.state, asked.answer_text, asked.text != "", asked.question != "") == ("answered", "", True, True)
        assert (case.state, case.submission_id) == ("new", row.submission_id)
        # The mailbox was written to, which still counts for it; about what is known no more.
        assert {bytes(one.digest) for one in messages} == {digest_of(read_address("email", "quollmail@example.com"))}
        assert row.submission_id not in {one.submission_id for one in messages}
    page = owner.get("/responses/1").text
    assert "points to nobody" in page
    assert "Price" in page
    assert ">Anonymous<" in owner.get("/inbox").text
    assert '"score":7' in owner.get("/exports/responses.jsonl").text.replace(" ", "")


def test_nobody_brings_anything_back_into_an_anonymous_response(
    told: Told, client: FlaskClient, database: Database, site: Site, clock: Clock
):
    with database.writing() as tx:
        set_keep_days(tx, site, 1, "anonymise")
    clock.move(timedelta(days=2))
    told.work()
    token, asked = told.receipt["token"], told.receipt["follow_up"]["token"]
    with database.reading() as tx:
        secret = identity_secret(tx, site.id, KEY)
    ann = Identity("user-7", "quollmail@example.com", None, int(clock().timestamp()) + 600, "")
    named = asdict(replace(ann, signature=sign(secret, signed_text(site.key, ann))))
    del named["phone"]
    assert told.say(told.sent | {"identity": named})["id"] == submission_id(
        1
    )  # a repeat is received, and changes nothing
    assert client.post(f"/v1/responses/{token}", json={"score": 9, "comment": "wombatique"}).status_code == 404
    assert client.post(f"/v1/follow-ups/{asked}", json={"text": "numbatique"}).status_code == 404
    assert client.get(f"/r/{token}").status_code == 404
    kept = {"channel": "email", "address": "quollmail@example.com", "language": "en", "consent": "x"}
    assert client.post(f"/v1/responses/{token}/contact", json=kept).status_code == 404
    assert found(database) == []


def test_a_question_that_is_open_ends_and_another_persons_response_stays(
    client: FlaskClient, database: Database, site: Site, clock: Clock
):
    for number in (1, 2):
        sent = submission(number, comment=f"Words of {number}.", category="price")
        client.post(f"/v1/sites/{site.key}/responses", json=sent, headers={"Origin": ORIGIN})
        clock.move(timedelta(days=2))
    with database.writing() as tx:
        set_keep_days(tx, site, 3, "anonymise")
    Worker(database, clock).run_once()
    with database.reading() as tx:
        rows = tx.execute(select(ResponseRow.comment, ResponseRow.anonymised_at).order_by(ResponseRow.id)).all()
        ends = tx.execute(select(FollowUpRow.state, FollowUpRow.reason).order_by(FollowUpRow.id)).all()
    assert [tuple(row) for row in rows] == [("", clock()), ("Words of 2.", None)]
    assert [tuple(end) for end in ends] == [("cancelled", "anonymised"), ("offered", None)]


def test_an_anonymous_response_is_erased_when_its_owner_wants_that_instead(
    client: FlaskClient, owner: FlaskClient, database: Database, site: Site, clock: Clock
):
    path = f"/sites/{site.key}/retention"
    for number in range(1, 53):  # more than one transaction takes
        sent = submission(number, category="price")
        client.post(f"/v1/sites/{site.key}/responses", json=sent, headers={"Origin": ORIGIN})
    clock.move(timedelta(days=5))
    asked = owner.post(path, data={"days": "3", "at_age": "anonymise"})
    assert asked.status_code == 422
    assert "52 responses are older than that" in asked.text
    assert owner.post(path, data={"days": "3", "at_age": "anonymise", "sure": "erase 3"}).status_code == 422
    assert owner.post(path, data={"days": "3", "at_age": "anonymise", "sure": "anonymise 3"}).status_code == 303
    Worker(database, clock).run_once()
    with database.reading() as tx:
        assert site_of(tx, site.team, site.key).ended_before == clock() - timedelta(days=3)
        assert tx.scalars(select(ResponseRow.id).where(ResponseRow.anonymised_at.is_(None))).all() == []
    assert owner.get("/exports/responses.jsonl").text.count("\n") == 52
    assert owner.post(path, data={"days": "3", "at_age": "erase", "sure": "erase 3"}).status_code == 303
    clock.move(timedelta(minutes=11))
    Worker(database, clock).run_once()
    assert owner.get("/exports/responses.jsonl").text == ""


def test_the_day_and_the_path_are_all_that_is_kept_of_time_and_place():
    assert day_of(datetime(2026, 11, 22, 23, 59, 59, 7, tzinfo=UTC)) == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert day_of(datetime(2026, 11, 22, 1, tzinfo=UTC)) == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert without_parameters("https://a.example/b?c=d?e") == "https://a.example/b"
    assert without_parameters(None) is None
