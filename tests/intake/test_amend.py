"""Responses that are finished, corrected and erased by whoever holds their token: one response, never two."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from collector.db import Database
from collector.exports.columns import ExportedResponse
from collector.exports.queries import exported_responses
from collector.followups.models import FollowUpRow
from collector.intake.actions import amend_response, erase_response
from collector.intake.amend import AMENDABLE_FOR
from collector.intake.submission import Said
from collector.outbox.models import EntryRow
from collector.problems import ResponseNotFound
from collector.responses.filters import Filter
from collector.responses.models import ResponseRow
from collector.surveys.actions import set_categories, set_open
from collector.surveys.queries import surveys_of
from tests.conftest import Clock
from tests.intake.test_submit import send
from tests.make import submission

LATER = timedelta(seconds=20)


def amend(client: Any, token: str, **parts: object) -> Any:
    return client.post(f"/v1/responses/{token}", data=json.dumps(parts), headers={"Content-Type": "text/plain"})


def stored(database: Database) -> list[ExportedResponse]:
    with database.reading() as tx:
        return exported_responses(tx, None, Filter())


def facts(database: Database) -> list[str]:
    with database.reading() as tx:
        return list(tx.scalars(select(EntryRow.kind).order_by(EntryRow.id)))


def erase(app: Flask, database: Database, token: str) -> None:
    here = app.extensions["lukewarm"]
    with database.writing() as tx:
        erase_response(tx, token, here.token_key, here.now())


def test_a_picked_score_is_kept_and_asked_nothing(client, site, database):
    reply = send(client, site, submission(score=7, partial=True))
    assert (reply.status_code, reply.json["follow_up"]) == (201, None)
    (row,) = stored(database)
    assert (row.score, row.segment, row.partial, row.question) == (7, "passive", True, None)


def test_finishing_a_partial_response_asks_what_a_whole_one_is_asked(client, site, database, clock: Clock):
    token = send(client, site, submission(1, score=7, partial=True)).json["token"]
    clock.move(LATER)
    whole = send(client, site, submission(2, score=8, category="price", comment="Fair")).json
    reply = amend(client, token, score=8, category="price", comment="Fair")
    assert reply.status_code == 200
    assert (reply.json["id"], reply.json["token"]) == (submission(1)["id"], token)
    assert {**reply.json["follow_up"], "token": ""} == {**whole["follow_up"], "token": ""}
    first, second = stored(database)
    assert (first.score, first.category, first.comment, first.partial) == (8, "price", "Fair", False)
    assert (first.question_key, first.question_why) == (second.question_key, second.question_why)
    assert first.page == second.page
    assert first.amended_at is not None
    assert facts(database) == ["response.recorded", "response.recorded", "response.amended"]
    answer = client.post(f"/v1/follow-ups/{reply.json['follow_up']['token']}", json={"text": "The fee"})
    assert answer.status_code == 200


def test_the_same_words_again_get_the_same_receipt_and_change_nothing(client, site, database):
    token = send(client, site, submission(partial=True)).json["token"]
    first, again = (amend(client, token, score=7, comment="Slow") for _ in range(2))
    assert first.data == again.data
    assert facts(database) == ["response.recorded", "response.amended"]


def test_a_late_repeat_of_the_submission_gets_its_own_receipt_and_resets_nothing(client, site, database, clock: Clock):
    for number, parts in ((1, {"partial": True}), (2, {"comment": "Slow"})):
        first = send(client, site, submission(number, **parts))
        clock.move(LATER)
        assert amend(client, first.json["token"], score=3, comment="Too slow").status_code == 200
        assert send(client, site, submission(number, **parts)).data == first.data
    assert [(row.score, row.comment) for row in stored(database)] == [(3, "Too slow")] * 2


def test_the_segment_follows_the_score_and_a_question_that_was_shown_stays(client, site, database):
    first = send(client, site, submission(score=8, comment="Fine")).json
    reply = amend(client, first["token"], score=2, comment="Not fine at all").json
    assert reply["follow_up"] == first["follow_up"]
    (row,) = stored(database)
    assert (row.score, row.segment, row.comment) == (2, "detractor", "Not fine at all")


def test_an_amendment_that_is_unfinished_itself_asks_nothing_yet(client, site, database):
    token = send(client, site, submission(score=7, partial=True)).json["token"]
    assert amend(client, token, score=6, partial=True).json["follow_up"] is None
    assert [(row.score, row.partial) for row in stored(database)] == [(6, True)]


def test_what_was_finished_is_not_made_unfinished_by_something_late(client, site, database):
    token = send(client, site, submission(score=7, partial=True)).json["token"]
    whole = amend(client, token, score=9, comment="Whole")
    assert amend(client, token, score=7, partial=True).data == whole.data
    assert [(row.score, row.comment, row.partial) for row in stored(database)] == [(9, "Whole", False)]


def test_an_amendment_that_no_person_wrote_is_marked_and_asked_nothing(client, site, database):
    token = send(client, site, submission(partial=True)).json["token"]
    assert amend(client, token, score=7, trap="x").json["follow_up"] is None
    assert [row.suspect for row in stored(database)] == ["trap"]


def test_a_response_may_be_changed_for_thirty_days_and_repeated_after_that(client, site, database, clock: Clock):
    token = send(client, site, submission(comment="Slow")).json["token"]
    clock.move(AMENDABLE_FOR)
    assert amend(client, token, score=8, comment="Slower").status_code == 200
    clock.move(timedelta(microseconds=1))
    refused = amend(client, token, score=8, comment="Fast")
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/response-final")
    assert amend(client, token, score=8, comment="Slower").status_code == 200
    assert stored(database)[0].comment == "Slower"


def test_a_closed_survey_takes_corrections_and_asks_nothing(client, site, database):
    token = send(client, site, submission(partial=True)).json["token"]
    with database.writing() as tx:
        set_open(tx, surveys_of(tx, site.id)[0], False)
    reply = amend(client, token, score=7)
    assert (reply.status_code, reply.json["follow_up"]) == (200, None)


def test_a_category_that_was_chosen_stays_one_after_the_survey_lost_it(client, site, database):
    token = send(client, site, submission(category="price")).json["token"]
    with database.writing() as tx:
        survey = surveys_of(tx, site.id)[0]
        set_categories(tx, survey, tuple(item for item in survey.categories if item.key not in ("price", "bug")))
    assert amend(client, token, score=8, category="price", comment="Words").status_code == 200
    refused = amend(client, token, score=8, category="bug")
    assert [error["pointer"] for error in refused.json["errors"]] == ["/category"]


@pytest.mark.parametrize("name", ["id", "survey", "page", "segment", "received_at", "suspect", "revision"])
def test_only_what_a_visitor_says_can_be_amended(client, site, database, name):
    token = send(client, site, submission()).json["token"]
    assert amend(client, token, score=7, **{name: "x"}).json["errors"][0]["pointer"] == f"/{name}"
    assert stored(database)[0].score == 8


def test_no_other_token_amends(client, site):
    receipt = send(client, site, submission(1)).json
    token = receipt["token"]
    made = base64.urlsafe_b64decode(f"{token}==")
    wrong = [receipt["follow_up"]["token"], token[:-1], f"{token}A", "x", "%00", "ü"]
    for place in range(0, len(made) * 8, 5):
        turned = bytearray(made)
        turned[place // 8] ^= 1 << place % 8
        wrong.append(base64.urlsafe_b64encode(turned).rstrip(b"=").decode())
    for other in wrong:
        reply = amend(client, other, score=1)
        assert (reply.status_code, reply.json["type"]) == (404, "/problems/response-not-found"), other
    assert client.post(f"/v1/follow-ups/{token}", json={"text": "x"}).status_code == 404


def test_amendments_at_once_leave_one_of_them_whole_and_one_question(app: Flask, client, site, database):
    token = send(client, site, submission(partial=True)).json["token"]

    def post(number: int) -> tuple[int, str | None]:
        reply = amend(app.test_client(), token, score=number % 11, comment=f"Words {number % 11}")
        return reply.status_code, reply.json["follow_up"]["token"] if reply.status_code == 200 else None

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(post, range(66)))
    # Whoever was overtaken again and again is told to send it once more.
    assert len(answers - {(503, None)}) == 1
    (row,) = stored(database)
    assert row.comment == f"Words {row.score}"
    with database.reading() as tx:
        assert len(tx.scalars(select(FollowUpRow.id)).all()) == 1


def test_an_amendment_that_is_broken_off_leaves_everything_as_it_was(app: Flask, client, site, database):
    token = send(client, site, submission(score=7, partial=True)).json["token"]
    here = app.extensions["lukewarm"]
    for do in (
        lambda tx: amend_response(tx, token, Said(score=8, comment="Half"), here.token_key, here.now()),
        lambda tx: erase_response(tx, token, here.token_key, here.now()),
    ):
        with pytest.raises(KeyboardInterrupt), database.writing() as tx:
            do(tx)
            raise KeyboardInterrupt
    assert [(row.score, row.comment, row.partial, row.question) for row in stored(database)] == [(7, "", True, None)]
    assert facts(database) == ["response.recorded"]


def test_erasing_leaves_nothing_of_what_was_said_asked_or_answered(app: Flask, client, site, database):
    said = {"comment": "Secret words", "category": "price", "attributes": {"plan": "hidden"}}
    receipt = send(client, site, submission(score=7, **said)).json
    client.post(f"/v1/follow-ups/{receipt['follow_up']['token']}", json={"text": "Secret answer"})
    erase(app, database, receipt["token"])
    assert stored(database) == []
    with database.reading() as tx:
        left = [tuple(row) for table in ("response", "follow_up") for row in tx.execute(text(f"select * from {table}"))]
        states = tx.execute(select(FollowUpRow.state, FollowUpRow.reason)).one()
        payloads = [entry.payload for entry in tx.scalars(select(EntryRow).order_by(EntryRow.id))]
        erased = tx.execute(select(ResponseRow.score, ResponseRow.segment, ResponseRow.digest)).one()
    for words in ("Secret", "hidden", "price", "somewhere", receipt["follow_up"]["question"]):
        assert words not in repr(left)
    assert (erased.score, erased.segment, bytes(erased.digest)) == (0, "", bytes(32))
    assert tuple(states) == ("cancelled", "erased")
    assert facts(database) == ["response.recorded", "followup.answered", "response.erased"]
    assert payloads[-1] == {"facts": [{"team": site.team, "site": site.id, "submission": receipt["id"]}]}


def test_what_was_erased_does_not_come_back(app: Flask, client, site, database, clock: Clock):
    first = send(client, site, submission(comment="Secret")).json
    erase(app, database, first["token"])
    clock.move(timedelta(days=400))
    again = send(client, site, submission(comment="Secret"))
    assert (again.status_code, again.json) == (201, {**first, "follow_up": None})
    assert amend(client, first["token"], score=8).status_code == 404
    assert client.post(f"/v1/follow-ups/{first['follow_up']['token']}", json={"text": "x"}).status_code == 404
    with pytest.raises(ResponseNotFound):
        erase(app, database, first["token"])
    assert stored(database) == []


def test_what_is_amended_and_erased_at_once_ends_erased(app: Flask, client, site, database):
    tokens = [send(client, site, submission(number, partial=True)).json["token"] for number in range(1, 21)]

    def both(token: str) -> None:
        with ThreadPoolExecutor(2) as pair:
            writing = pair.submit(lambda: amend(app.test_client(), token, score=7, comment="Secret").status_code)
            pair.submit(erase, app, database, token).result()
            assert writing.result() in (200, 404)

    for token in tokens:
        both(token)
    assert stored(database) == []
    with database.reading() as tx:
        assert set(tx.scalars(select(FollowUpRow.state))) <= {"cancelled"}
        assert set(tx.scalars(select(FollowUpRow.text))) <= {""}
        assert set(tx.scalars(select(ResponseRow.comment))) == {""}
