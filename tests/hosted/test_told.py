"""What somebody said, for whoever holds its token: opening a page changes nothing, a form that is sent does."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from collector.db import Database
from collector.exports.columns import ExportedResponse
from collector.exports.queries import exported_responses
from collector.followups.state import OPEN_FOR
from collector.intake.amend import AMENDABLE_FOR
from collector.responses.filters import Filter
from collector.surveys.actions import set_categories
from collector.surveys.queries import surveys_of
from tests.conftest import Clock
from tests.intake.test_submit import send
from tests.make import submission

PAGES = ("", "/question", "/thanks", "/correct", "/erase")
HERE = {"Origin": "null"}


def stored(database: Database) -> list[ExportedResponse]:
    with database.reading() as tx:
        return exported_responses(tx, None, Filter())


def post(client: FlaskClient, path: str, **fields: Any) -> Any:
    return client.post(path, data=fields, headers=HERE, content_type="multipart/form-data")


@pytest.fixture
def token(client: FlaskClient, site: Any) -> str:
    """A silent Passive's, who is offered areas to tap."""
    return str(send(client, site, submission(1, score=7)).json["token"])


def test_what_was_said_asked_and_answered_is_shown(client, site):
    said = {"score": 8, "category": "price", "comment": "<i>Fair</i> – “dear”\nתודה"}
    receipt = send(client, site, submission(1, **said)).json
    client.post(f"/v1/follow-ups/{receipt['follow_up']['token']}", json={"text": "The <fee>"})
    page = client.get(f"/r/{receipt['token']}")
    shown = unescape(re.sub(r"<[^>]+>", "", page.text))
    for words in ("8", "Price", said["comment"], receipt["follow_up"]["question"], "The <fee>", "until 2026-12-22"):
        assert words in shown
    assert "<i>Fair" not in page.text
    assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == ("no-referrer", "no-store")


def test_opening_pages_changes_nothing(client, token, database):
    def all_rows() -> list[Any]:
        with database.reading() as tx:
            return [
                tuple(row) for name in ("response", "follow_up") for row in tx.execute(text(f"select * from {name}"))
            ]

    before = all_rows()
    for method in ("GET", "HEAD"):
        for page in PAGES:
            assert client.open(f"/r/{token}{page}", method=method).status_code == 200
    assert all_rows() == before


def test_areas_are_tapped_and_words_written_once_and_then_thanked_for(client, token, database):
    page = client.get(f"/r/{token}/question").text
    areas = re.findall(r'name="areas" value="([^"]+)"', page)
    reply = post(client, f"/r/{token}/question", areas=areas[:2], text="The form\r\nabove all")
    assert (reply.status_code, reply.headers["Location"]) == (303, f"/r/{token}/thanks")
    (row,) = stored(database)
    assert (row.follow_up_state, row.answer_areas, row.answer) == ("answered", tuple(areas[:2]), "The form\nabove all")
    assert client.get(f"/r/{token}/question").headers["Location"] == f"/r/{token}/thanks"
    assert f'href="/r/{token}"' in client.get(f"/r/{token}/thanks").text


def test_an_empty_or_too_long_answer_comes_back(client, token, database):
    empty = post(client, f"/r/{token}/question", text="  ")
    assert (empty.status_code, "Tap an area or write" in empty.text, "autofocus" in empty.text) == (422, True, True)
    long = post(client, f"/r/{token}/question", text="x" * 4001)
    assert (long.status_code, "4001 / 4000" in long.text, f"{'x' * 4001}</textarea>" in long.text) == (422, True, True)
    assert stored(database)[0].follow_up_state == "offered"


def test_a_question_that_is_over_is_not_gone_on_about(client, token, clock: Clock):
    clock.move(OPEN_FOR)
    assert client.get(f"/r/{token}/question").headers["Location"] == f"/r/{token}/thanks"
    assert post(client, f"/r/{token}/question", text="Late").headers["Location"] == f"/r/{token}/thanks"


def test_a_correction_begins_with_what_was_said_and_amends_it(client, site, database):
    said = {"category": "price", "comment": "Fair <dear>", "attributes": {"plan": "pro"}}
    token = send(client, site, submission(1, score=8, **said)).json["token"]
    with database.writing() as tx:
        survey = surveys_of(tx, site.id)[0]
        set_categories(tx, survey, tuple(item for item in survey.categories if item.key != "bug"))
    page = client.get(f"/r/{token}/correct").text
    assert re.search(r'value="8" checked', page)
    assert re.search(r'value="price" checked', page)
    assert "Fair &lt;dear&gt;</textarea>" in page
    reply = post(client, f"/r/{token}/correct", score="9", category="price", comment="Dear, but fair")
    assert (reply.status_code, reply.headers["Location"]) == (303, f"/r/{token}?saved=yes")
    assert "Your changes are saved." in client.get(reply.headers["Location"]).text
    (row,) = stored(database)
    assert (row.score, row.comment, row.attributes) == (9, "Dear, but fair", {"plan": "pro"})


def test_a_correction_without_a_score_comes_back_with_every_word(client, token, database):
    reply = post(client, f"/r/{token}/correct", comment="Other words")
    assert (reply.status_code, "Other words</textarea>" in reply.text) == (422, True)
    assert stored(database)[0].comment == ""


def test_finishing_what_was_left_leads_to_the_question(client, site):
    token = send(client, site, submission(1, score=7, partial=True)).json["token"]
    assert "not finished this yet" in client.get(f"/r/{token}").text
    reply = post(client, f"/r/{token}/correct", score="7")
    assert reply.headers["Location"] == f"/r/{token}/question"
    assert "<form" in client.get(f"/r/{token}/question").text


def test_after_thirty_days_it_can_still_be_seen_and_erased(client, token, database, clock: Clock):
    clock.move(AMENDABLE_FOR + timedelta(seconds=1))
    page = client.get(f"/r/{token}").text
    assert f"/r/{token}/correct" not in page
    assert client.get(f"/r/{token}/correct").headers["Location"] == f"/r/{token}"
    assert post(client, f"/r/{token}/correct", score="1").headers["Location"] == f"/r/{token}"
    assert stored(database)[0].score == 7
    assert post(client, f"/r/{token}/erase").status_code == 303


def test_erasing_is_asked_for_once_more_and_then_final(client, token, database):
    assert "cannot be undone" in client.get(f"/r/{token}/erase").text
    assert len(stored(database)) == 1
    reply = post(client, f"/r/{token}/erase")
    assert (reply.status_code, reply.headers["Location"]) == (303, "/r/erased?language=en")
    assert "is deleted" in client.get(reply.headers["Location"]).text
    assert stored(database) == []
    assert post(client, f"/r/{token}/erase").status_code == 404


def test_wrong_and_erased_tokens_get_one_and_the_same_page(client, site, token):
    gone = send(client, site, submission(2)).json
    assert post(client, f"/r/{gone['token']}/erase").status_code == 303
    answers = {
        (reply.status_code, reply.data)
        for other in (
            gone["token"],
            gone["follow_up"]["token"],
            token[:-1],
            token[:-1] + "!",
            "x",
            "%00",
            "%F0%9F%90%8C",
        )
        for page in PAGES
        for reply in (client.get(f"/r/{other}{page}"),)
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_a_foreign_page_changes_nothing_even_with_the_token(client, token, database):
    for page in ("question", "correct", "erase"):
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}):
            assert (
                client.post(f"/r/{token}/{page}", data={"score": "1", "text": "x"}, headers=headers).status_code == 403
            )
    (row,) = stored(database)
    assert (row.score, row.follow_up_state) == (7, "offered")


def test_pages_speak_the_language_of_the_form_or_another_that_is_asked_for(client, site):
    token = send(client, site, submission(1, score=7, language="de-AT")).json["token"]
    assert '<html lang="de" dir="ltr">' in client.get(f"/r/{token}").text
    assert '<html lang="en" dir="ltr">' in client.get(f"/r/{token}?language=en").text
    reply = post(client, f"/r/{token}/erase")
    assert '<html lang="de"' in client.get(reply.headers["Location"]).text


def test_a_question_in_another_language_says_so_and_keeps_its_own_direction(client, site):
    receipt = send(client, site, submission(1, score=7, language="ar")).json
    token, question = receipt["token"], receipt["follow_up"]["question"]
    for page in ("", "/question"):
        shown = unescape(client.get(f"/r/{token}{page}").text)
        assert '<html lang="ar" dir="rtl">' in shown
        assert f'<bdi lang="en">{question}</bdi>' in shown
