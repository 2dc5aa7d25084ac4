"""Answers to follow-ups: stored once, corrected by their holder for a while, never after that."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from collector.db import Database
from collector.exports.queries import exported_responses
from collector.followups.state import CORRECTABLE_FOR, OPEN_FOR
from collector.outbox.models import EntryRow
from collector.responses.filters import Filter
from collector.sites.site import Site
from tests.conftest import Clock
from tests.intake.test_submit import send
from tests.make import submission


@pytest.fixture
def offered(client: FlaskClient, site: Site) -> dict:
    """A silent Passive's question, with areas to tap."""
    return send(client, site, submission(1, score=7)).json["follow_up"]


def answer(client: FlaskClient, token: str, **parts: object) -> object:
    return client.post(f"/v1/follow-ups/{token}", json=parts)


def stored(database: Database) -> tuple[str, tuple[str, ...], str]:
    with database.reading() as tx:
        (row,) = exported_responses(tx, None, Filter())
    return row.follow_up_state, row.answer_areas, row.answer


def facts(database: Database) -> list[str]:
    with database.reading() as tx:
        return [
            kind for kind in tx.scalars(select(EntryRow.kind).order_by(EntryRow.id)) if kind.startswith("followup.")
        ]


def test_tapped_areas_and_words_are_stored_in_the_order_shown(client, offered, database):
    first, second = (area["key"] for area in offered["areas"][:2])
    reply = answer(client, offered["token"], areas=[second, first, second], text=" The form \n")
    assert reply.status_code == 200
    assert reply.json["state"] == "answered"
    assert stored(database) == ("answered", (first, second), "The form")


def test_the_same_answer_again_changes_nothing(client, offered, database):
    first = answer(client, offered["token"], text="The form")
    again = answer(client, offered["token"], text="The form")
    assert first.data == again.data
    assert facts(database) == ["followup.answered"]


def test_the_holder_may_correct_an_answer_and_the_last_word_counts(client, offered, database, clock: Clock):
    answer(client, offered["token"], text="The form")
    clock.move(CORRECTABLE_FOR)
    assert answer(client, offered["token"], text="No, the price").status_code == 200
    assert stored(database) == ("answered", (), "No, the price")
    assert facts(database) == ["followup.answered", "followup.corrected"]


def test_after_thirty_days_an_answer_is_final_but_may_be_repeated(client, offered, database, clock: Clock):
    answer(client, offered["token"], text="The form")
    clock.move(CORRECTABLE_FOR + timedelta(seconds=1))
    refused = answer(client, offered["token"], text="No, the price")
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/answer-final")
    assert answer(client, offered["token"], text="The form").status_code == 200
    assert stored(database)[2] == "The form"


def test_an_unanswered_question_closes_after_sixty_days(client, offered, database, clock: Clock):
    clock.move(OPEN_FOR)
    reply = answer(client, offered["token"], text="Late")
    assert (reply.status_code, reply.json["type"]) == (410, "/problems/follow-up-expired")
    assert stored(database)[0] == "offered"


def test_a_hundred_answers_at_once_are_one_answer(app: Flask, client, offered, database):
    def post(_: int) -> int:
        with app.test_client() as own:
            return answer(own, offered["token"], text="The form").status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(post, range(100))) == {200}
    assert stored(database) == ("answered", (), "The form")
    assert facts(database) == ["followup.answered"]


def test_corrections_at_once_leave_one_of_them_whole(app: Flask, client, offered, database):
    keys = [area["key"] for area in offered["areas"][:4]]

    def post(number: int) -> int:
        with app.test_client() as own:
            return answer(own, offered["token"], areas=[keys[number % 4]], text=keys[number % 4]).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(post, range(40))) <= {200, 503}
    state, areas, text = stored(database)
    assert (state, areas) == ("answered", (text,))


def test_an_answer_that_is_none_is_refused(client, offered, database):
    for body, pointer in (
        ({}, ""),
        ({"areas": [], "text": "  "}, ""),
        ({"areas": ["moon"]}, "/areas/0"),
        ({"areas": [7]}, "/areas/0"),
        ({"areas": "speed"}, "/areas"),
        ({"text": 7}, "/text"),
        ({"text": "x" * 4001}, "/text"),
        ({"text": "x", "score": 10}, "/score"),
    ):
        reply = client.post(f"/v1/follow-ups/{offered['token']}", json=body)
        assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, pointer)
    assert stored(database)[0] == "offered"


def test_a_token_that_is_not_whole_opens_nothing(client, offered, database):
    token = offered["token"]
    wrong = [token[:-1], token + "A", token.swapcase(), "A" * 22, "..%2F", "é", "x" * 3000]
    replies = [answer(client, bad, text="x") for bad in wrong]
    assert {reply.status_code for reply in replies} == {404}
    assert (
        len({reply.json["detail"] for reply in replies if reply.json["type"] == "/problems/follow-up-not-found"}) == 1
    )
    assert stored(database)[0] == "offered"


def test_nothing_but_a_post_answers(client, offered, database):
    for method in ("get", "head", "put", "delete"):
        reply = getattr(client, method)(f"/v1/follow-ups/{offered['token']}")
        assert reply.status_code == 405
        assert set(reply.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}
    assert stored(database)[0] == "offered"
