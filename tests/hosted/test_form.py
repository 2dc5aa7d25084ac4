"""The form as a plain page: it goes through the same door as the widget, and brings every word back."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import RFC_4122, uuid4

import pytest
from flask.testing import FlaskClient

from collector.app import create_app
from collector.db import Database
from collector.exports.columns import ExportedResponse
from collector.exports.queries import exported_responses
from collector.hosted.sender import is_own_form
from collector.ids import made_at, new_uuid
from collector.responses.filters import Filter
from collector.sites.site import Site
from collector.surveys.actions import set_open, set_widget
from collector.surveys.appearance import accent
from collector.surveys.queries import surveys_of
from collector.surveys.widget import Look, WidgetSettings
from tests.conftest import Clock
from tests.make import NOW, ORIGIN, make_site

HERE = {"Origin": "http://localhost"}


def stored(database: Database) -> list[ExportedResponse]:
    with database.reading() as tx:
        return exported_responses(tx, None, Filter())


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    return {
        name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    }


class Visitor:
    """Somebody who opened the form and takes half a minute to fill it in."""

    def __init__(self, client: FlaskClient, site: Site, clock: Clock, query: str = "", **headers: str) -> None:
        self.client, self.path = client, f"/f/{site.key}"
        reply = client.get(self.path + query, headers=headers)
        assert reply.status_code == 200
        self.page = reply.text
        self.hidden = fields_of(reply.text)
        clock.move(timedelta(seconds=30))

    def send(self, headers: dict[str, str] = HERE, **fields: Any) -> Any:
        return self.client.post(
            self.path, data=self.hidden | fields, headers=headers, content_type="multipart/form-data"
        )


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What goes through the front door is stored by it, and tested there on both."""
    return sqlite_url


@pytest.fixture
def visitor(client: FlaskClient, site: Site, clock: Clock) -> Visitor:
    return Visitor(client, site, clock)


def test_what_is_sent_is_stored_like_any_submission_and_leads_to_the_question(visitor, database, client):
    reply = visitor.send(score="8", category="price", comment="Fair\r\nbut dear – why? 🙂")
    assert reply.status_code == 303
    (row,) = stored(database)
    assert (row.score, row.segment, row.category) == (8, "passive", "price")
    assert (row.comment, row.language, row.page) == ("Fair\nbut dear – why? 🙂", "en", None)
    assert row.follow_up_state == "offered"
    question = client.get(reply.headers["Location"])
    assert row.question in unescape(question.text)


def test_pressed_twice_it_is_stored_once(visitor, database, clock: Clock):
    first = visitor.send(score="7", comment="Slow")
    clock.move(timedelta(seconds=2))
    again = visitor.send(score="7", comment="Slow")
    assert (first.status_code, first.headers["Location"]) == (again.status_code, again.headers["Location"])
    assert len(stored(database)) == 1


def test_a_missing_score_comes_back_with_every_word_tied_to_the_field(visitor, database):
    reply = visitor.send(category="price", comment='</textarea>"Fair" & <b>dear</b>')
    assert reply.status_code == 422
    assert stored(database) == []
    text = reply.text
    assert "&lt;/textarea&gt;&#34;Fair&#34; &amp; &lt;b&gt;dear&lt;/b&gt;</textarea>" in text
    assert re.search(r'value="price" checked', text)
    assert 'aria-invalid="true"' in text
    assert text.index('role="alert"') < text.index("autofocus")
    assert re.search(r'name="score" value="0" autofocus', text)
    assert fields_of(text) == visitor.hidden
    assert visitor.send(score="8", category="price", comment="Fair").status_code == 303
    assert len(stored(database)) == 1


def test_what_cannot_be_taken_is_marked_and_nothing_is_stored(visitor, database):
    for sent, mark in (
        ({"score": "11"}, "score wrong"),
        ({"score": "7.5"}, "score wrong"),
        ({"score": "٧"}, "score wrong"),
        ({"score": "7", "category": "moon"}, "categories wrong"),
        ({"score": "7", "comment": "x" * 4001}, "words wrong"),
        ({"score": "7", "comment": "a\0b"}, "words wrong"),
    ):
        reply = visitor.send(**sent)
        assert (reply.status_code, mark in reply.text) == (422, True), sent
        assert ("4001 / 4000" in reply.text) is (len(sent.get("comment", "")) > 4000)
    assert stored(database) == []


def test_what_no_person_sent_is_kept_marked_and_thanked_for(client, site, clock, database):
    for fields in ({"website": "https://spam.example"}, {"website": "\0" * 5000}):
        reply = Visitor(client, site, clock).send(score="9", **fields)
        assert (reply.status_code, reply.headers["Location"].endswith("/thanks")) == (303, True)
    fast = Visitor(client, site, clock)
    clock.move(timedelta(seconds=-29.95))
    assert fast.send(score="9").headers["Location"].endswith("/thanks")
    assert [row.suspect for row in stored(database)] == ["trap", "trap", "fast"]


def test_the_page_is_kept_when_it_is_one_of_the_sites(client, site, clock, database):
    for query, kept in (
        (f"{ORIGIN}/pay?token=x", f"{ORIGIN}/pay"),
        ("https://evil.example/", None),
        ("javascript:x", None),
    ):
        visitor = Visitor(client, site, clock, f"?page={query}")
        assert visitor.hidden.get("page") == kept
        assert visitor.send(score="9").status_code == 303
    assert visitor.send(score="9", page="https://evil.example/").status_code == 303
    assert [row.page for row in stored(database)] == [f"{ORIGIN}/pay", None, None]


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("?language=de-AT", "en", "de"),
        ("", "de;q=0.5, en;q=0.4", "de"),
        ("", "tlh, de-CH", "de"),
        ("", "tlh", "en"),
        ("?language=%22%3E", "", "en"),
    ],
)
def test_the_form_speaks_the_visitors_language_and_remembers_it(client, site, clock, database, query, header, language):
    visitor = Visitor(client, site, clock, query, **{"Accept-Language": header})
    assert f'<html lang="{language}" dir="ltr">' in visitor.page
    reply = visitor.send(headers=HERE | {"Accept-Language": "en"}, comment="Hm")
    assert f'<html lang="{language}"' in reply.text
    assert visitor.send(score="8").status_code == 303
    assert stored(database)[0].language == language


def test_a_foreign_pages_form_is_refused(visitor, database):
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": ORIGIN},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        HERE | {"Sec-Fetch-Site": "cross-site"},
        HERE | {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ):
        assert visitor.send(headers=headers, score="8").status_code == 403
    assert stored(database) == []
    assert visitor.send(headers=HERE | {"Sec-Fetch-Site": "same-origin"}, score="8").status_code == 303
    assert visitor.send(headers={}, score="8").status_code == 303


@pytest.mark.parametrize(
    ("site", "origin", "own"),
    [
        (None, "https://feedback.example", True),
        (None, "http://inside:8000", True),
        (None, "https://evil.example", False),
        (None, "null", False),
        (None, None, True),
        ("same-origin", "null", True),
        ("cross-site", None, False),
    ],
)
def test_behind_a_proxy_the_public_address_is_ours_too(site, origin, own):
    assert is_own_form(site, origin, "inside:8000", "https://feedback.example/") is own


def test_a_closed_survey_says_so_and_takes_nothing(client, site, clock, database):
    visitor = Visitor(client, site, clock)
    with database.writing() as tx:
        set_open(tx, surveys_of(tx, site.id)[0], False)
    for reply, status in ((client.get(visitor.path), 200), (visitor.send(score="8"), 409)):
        assert reply.status_code == status
        assert "closed at the moment" in reply.text
        assert "<form" not in reply.text
    assert stored(database) == []


def test_another_text_under_an_id_that_was_sent_comes_back_under_a_new_one(visitor, database):
    visitor.send(score="8", comment="First")
    reply = visitor.send(score="8", comment="Second")
    assert reply.status_code == 422
    assert "Second</textarea>" in reply.text
    visitor.hidden = fields_of(reply.text)
    assert visitor.send(score="8", comment="Second").status_code == 303
    assert [row.comment for row in stored(database)] == ["First", "Second"]


def test_who_sends_too_often_keeps_the_words(settings, database, site, clock):
    limited = create_app(replace(settings, network_limit=1), database, now=clock)
    visitor = Visitor(limited.test_client(), site, clock)
    assert visitor.send(score="8", comment="First").status_code == 303
    visitor.hidden = Visitor(limited.test_client(), site, clock).hidden
    reply = visitor.send(score="8", comment="Second")
    assert (reply.status_code, "Second</textarea>" in reply.text) == (429, True)
    assert "Access-Control-Allow-Origin" not in reply.headers


def test_every_scale_has_its_choices(client, database, clock):
    for scale, labels in (("csat", 5), ("ces", 7), ("thumbs", 2)):
        with database.writing() as tx:
            site = make_site(tx, name=scale, scale=scale)
        visitor = Visitor(client, site, clock)
        scores = re.findall(r'name="score" value="(\d+)"', visitor.page)
        assert len(scores) == labels
        assert visitor.send(score=scores[-1]).status_code == 303
        assert stored(database)[-1].score == int(scores[-1])


@pytest.mark.parametrize("drawing", ["stars", "faces"])
def test_a_scale_of_five_is_drawn_as_its_owner_wants_and_each_step_has_a_name(client, database, clock, drawing):
    with database.writing() as tx:
        site = make_site(tx, scale="csat")
        set_widget(tx, surveys_of(tx, site.id)[0], WidgetSettings(look=Look(scale=drawing)))
    visitor = Visitor(client, site, clock)
    names = re.findall(r'name="score" value="\d" aria-label="([^"]+)"', visitor.page)
    assert names == ["Very dissatisfied", "Dissatisfied", "Neither", "Satisfied", "Very satisfied"]
    assert visitor.page.count("<svg") == 5
    assert visitor.send(score="4").status_code == 303
    assert stored(database)[0].score == 4


def test_the_owners_colour_is_shown_as_it_was_made_readable(client, site, database):
    assert "look.css" not in client.get(f"/f/{site.key}").text
    assert client.get(f"/f/{site.key}/look.css").text == ""
    with database.writing() as tx:
        survey = surveys_of(tx, site.id)[0]
        set_widget(tx, survey, WidgetSettings(look=Look(accent="#ffee00", theme="light")))
    assert f'href="/f/{site.key}/look.css"' in client.get(f"/f/{site.key}").text
    made = accent("#ffee00")
    assert made.light != "#ffee00"
    assert client.get(f"/f/{site.key}/look.css").text == (
        "@layer owner { :root { color-scheme: light; "
        f"--accent: light-dark({made.light}, {made.dark}); --on: light-dark({made.on_light}, {made.on_dark}); }} }}\n"
    )


def test_four_thousand_letters_fit_and_what_is_longer_than_sixteen_kilobytes_is_refused(visitor, database):
    assert visitor.send(score="8", comment="漢" * 4000).status_code == 303
    assert visitor.send(score="8", comment="😀" * 4096).status_code == 413
    assert [row.comment for row in stored(database)] == ["漢" * 4000]


def test_an_id_of_any_time_is_taken(visitor, database):
    ids = [
        "00000000-0000-7000-8000-000000000000",
        "ffffffff-ffff-7fff-8fff-ffffffffffff",
        "c1a8a1de-6f5b-4d0e-9a3c-0b7a52f4e911",
    ]
    for made in ids:
        assert visitor.send(id=made, score="8").status_code == 303
    assert [(str(row.id), row.suspect) for row in stored(database)] == [(made, None) for made in ids]


def test_an_id_made_here_says_when_it_was_made_and_no_other_does():
    made = {new_uuid(NOW) for _ in range(100)}
    assert len(made) == 100
    assert {made_at(one) for one in made} == {NOW}
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}
    assert made_at(uuid4()) is None
