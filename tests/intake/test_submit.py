"""Submissions through HTTP: tagging, receipts, repeats, what is kept and what is not."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from collector.db import Database
from collector.exports.columns import ExportedResponse
from collector.exports.queries import exported_responses
from collector.followups.models import FollowUpRow
from collector.outbox.models import EntryRow
from collector.responses.filters import Filter
from collector.responses.models import ResponseRow
from collector.sites.actions import set_origins
from collector.sites.site import Site
from collector.surveys import categories as rules
from collector.surveys.actions import set_categories, set_open
from collector.surveys.queries import surveys_of
from tests.conftest import Clock
from tests.make import ORIGIN, make_site, submission


def send(client: FlaskClient, site: Site, body: object, **headers: str) -> object:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(
        f"/v1/sites/{site.key}/responses",
        data=text,
        headers={"Origin": ORIGIN, "Content-Type": "text/plain", **headers},
    )


def stored(database: Database) -> list[ExportedResponse]:
    with database.reading() as tx:
        return exported_responses(tx, None, Filter())


@pytest.mark.parametrize(
    ("score", "segment"),
    [(0, "detractor"), (6, "detractor"), (7, "passive"), (8, "passive"), (9, "promoter"), (10, "promoter")],
)
def test_a_score_is_tagged_with_its_segment(client, site, database, score, segment):
    assert send(client, site, submission(score=score)).status_code == 201
    assert [(row.score, row.segment) for row in stored(database)] == [(score, segment)]


def test_response_follow_up_fact_and_order_are_written_together(client, site, database):
    reply = send(client, site, submission(score=7, category="price"))
    assert reply.json["follow_up"]["question"]
    with database.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(ResponseRow)) == 1
        assert tx.scalar(select(FollowUpRow.state)) == "offered"
        assert sorted(tx.scalars(select(EntryRow.kind))) == ["response.recorded"]


def test_a_repeat_gets_the_same_receipt_and_is_stored_once(client, site, database):
    first = send(client, site, submission(comment="Slow"))
    again = send(client, site, submission(comment="Slow"))
    assert (first.status_code, first.data) == (again.status_code, again.data)
    assert len(stored(database)) == 1
    with database.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(EntryRow)) == 1


def test_a_repeat_gets_the_same_receipt_after_the_survey_changed(client, site, database, clock: Clock):
    first = send(client, site, submission(category="price"))
    with database.writing() as tx:
        survey = surveys_of(tx, site.id)[0]
        set_categories(tx, survey, tuple(item for item in survey.categories if item.key != "price"))
        set_open(tx, survey, False)
    clock.move(timedelta(days=400))
    assert send(client, site, submission(category="price")).data == first.data
    refused = send(client, site, submission(2))
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/survey-closed")


def test_another_content_under_the_same_id_is_refused(client, site, database):
    send(client, site, submission(score=7))
    reply = send(client, site, submission(score=8))
    assert (reply.status_code, reply.json["type"]) == (422, "/problems/submission-conflict")
    assert [row.score for row in stored(database)] == [7]


def test_one_id_on_two_sites_is_two_responses(client, site, database):
    with database.writing() as tx:
        other = make_site(tx, name="Other")
    assert send(client, site, submission()).status_code == 201
    assert send(client, other, submission()).status_code == 201
    assert len(stored(database)) == 2


def test_a_hundred_posts_of_one_id_at_once_store_one_row(app: Flask, site, database):
    def post(_: int) -> tuple[int, bytes]:
        with app.test_client() as client:
            reply = send(client, site, submission())
            return reply.status_code, reply.data

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(post, range(100)))
    assert len(answers) == 1
    assert answers.pop()[0] == 201
    assert len(stored(database)) == 1


def test_the_token_of_a_receipt_depends_on_site_and_submission(client, site, database):
    with database.writing() as tx:
        other = make_site(tx, name="Other")
    tokens = {
        send(client, where, submission(number)).json["follow_up"]["token"]
        for where in (site, other)
        for number in (1, 2)
    }
    assert len(tokens) == 4
    assert all(len(token) == 50 for token in tokens)


def test_the_token_itself_is_not_stored(client, site, database):
    token = send(client, site, submission()).json["follow_up"]["token"]
    with database.reading() as tx:
        row = tx.scalars(select(FollowUpRow)).one()
        assert token.encode() not in bytes(row.fingerprint)
        assert all(token not in str(getattr(row, column.key)) for column in FollowUpRow.__table__.columns)


def test_a_comment_is_kept_word_for_word(client, site, database):
    words = "Zu langsam 🐌 – “schon” wieder!\n\nLéa & <b>co</b> \u200d עברית"
    send(client, site, submission(comment=words))
    assert stored(database)[0].comment == words


def test_the_page_is_kept_without_query_and_fragment(client, site, database):
    send(client, site, submission(page=f"{ORIGIN}/pay?token=secret&plan=pro#step"))
    assert stored(database)[0].page == f"{ORIGIN}/pay"


def test_a_named_parameter_of_the_page_is_kept(client, database):
    with database.writing() as tx:
        site = make_site(tx, name="With", parameters=("plan",))
    send(client, site, submission(page=f"{ORIGIN}/pay?token=secret&plan=pro#step"))
    assert stored(database)[0].page == f"{ORIGIN}/pay?plan=pro"


@pytest.mark.parametrize(
    "page", ["https://evil.example/", "javascript:alert(1)", "/relative", "https://", "https://a@shop.example/"]
)
def test_a_page_of_another_site_is_refused(client, site, database, page):
    reply = send(client, site, submission(page=page))
    assert reply.status_code == 422
    assert reply.json["errors"][0]["pointer"] == "/page"
    assert stored(database) == []


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://shop.example",
        "https://shop.example:444",
        "https://www.shop.example",
        "https://shop.example.evil.example",
        "https://evilshop.example",
        "https://SHOP.example",
        "https://shop.example/",
        "https://shopxexample",
    ],
)
def test_only_the_exact_origin_may_submit(client, site, database, origin):
    headers = {"Content-Type": "text/plain"} | ({"Origin": origin} if origin else {})
    reply = client.post(f"/v1/sites/{site.key}/responses", data=json.dumps(submission()), headers=headers)
    assert (reply.status_code, reply.json["type"]) == (403, "/problems/origin-not-allowed")
    assert "Access-Control-Allow-Origin" not in reply.headers
    assert "Origin" in reply.headers["Vary"]
    assert stored(database) == []


def test_an_allowed_origin_may_read_the_receipt_and_its_refusals(client, site):
    for body, status in ((submission(), 201), (submission(2, score=99), 422)):
        reply = send(client, site, body)
        assert reply.status_code == status
        assert reply.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "Origin" in reply.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in reply.headers
        assert reply.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in reply.headers


def test_a_preflight_is_answered_for_the_site_alone(client, site):
    def ask(origin: str) -> object:
        return client.options(
            f"/v1/sites/{site.key}/responses",
            headers={
                "Origin": origin,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "content-type",
                "Access-Control-Request-Private-Network": "true",
            },
        )

    allowed, refused = ask(ORIGIN), ask("https://evil.example")
    assert allowed.status_code == 204
    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert allowed.headers["Access-Control-Allow-Headers"].lower() == "content-type"
    assert allowed.headers["Access-Control-Max-Age"] == "7200"
    assert allowed.headers.get("Access-Control-Allow-Private-Network") != "true"
    assert "Access-Control-Allow-Origin" not in refused.headers


def test_a_new_origin_works_at_once(client, site, database):
    with database.writing() as tx:
        set_origins(tx, site, ["https://new.example"])
    assert send(client, site, submission()).status_code == 403
    assert send(client, site, submission(page="https://new.example/"), Origin="https://new.example").status_code == 201


def test_json_is_taken_as_application_json_too(client, site):
    assert send(client, site, submission(), **{"Content-Type": "application/json"}).status_code == 201


def test_an_unknown_site_is_404(client):
    reply = client.post("/v1/sites/site_nobody/responses", data="{}", headers={"Content-Type": "text/plain"})
    assert (reply.status_code, reply.json["type"]) == (404, "/problems/site-not-found")


def test_a_hidden_category_is_still_taken_and_an_unknown_one_is_not(client, site, database):
    with database.writing() as tx:
        survey = surveys_of(tx, site.id)[0]
        set_categories(tx, survey, rules.hide(survey.categories, "price"))
    assert send(client, site, submission(category="price")).status_code == 201
    reply = send(client, site, submission(2, category="prices"))
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/category")


@pytest.mark.parametrize(("scale", "score"), [("csat", 0), ("csat", 6), ("ces", 8), ("thumbs", 2), ("thumbs", 10)])
def test_a_score_off_the_surveys_scale_is_refused(client, database, scale, score):
    with database.writing() as tx:
        site = make_site(tx, name=scale, scale=scale)
    reply = send(client, site, submission(score=score))
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/score")
    assert stored(database) == []


def test_a_middle_score_of_another_scale_is_no_passive(client, database):
    for number, (scale, score, segment) in enumerate(
        (("csat", 3, "neutral"), ("ces", 4, "undecided"), ("thumbs", 0, "down"))
    ):
        with database.writing() as tx:
            site = make_site(tx, name=scale, scale=scale)
        assert send(client, site, submission(number, score=score)).status_code == 201
        assert stored(database)[-1].segment == segment
