"""The mail itself: one question, two forms, nothing of the visitor's, and headers that mail programs understand."""

import re
from datetime import timedelta

import pytest

from collector.reaching.wording import LANGUAGES, words
from tests.reaching.conftest import ROOT, Installation, links
from tests.reaching.test_reach import DUE


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """A mail is made from values, whichever database they came from."""
    return sqlite_url


@pytest.fixture
def mail(here: Installation):
    here.person(1)
    here.clock.time = DUE
    here.work()
    (mail,) = here.sent()
    return mail


def test_it_says_who_writes_to_whom_and_that_a_program_did(mail):
    assert mail["From"] == "Shop <ask@example.com>"
    assert mail["To"] == "ann@example.com"
    assert mail["Subject"] == "One question from Shop"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    assert re.fullmatch(r"<[0-9a-f]{74}@example\.com>", mail["Message-ID"])


def test_one_click_stops_it(mail):
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"] == f"<{ROOT}{links(mail)[-1]}>"


def test_it_asks_the_question_that_was_chosen_and_areas_only_choose(mail, here: Installation):
    plain = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert "Thank you. One question is left" in plain
    chosen = [link for link in links(mail) if "?area=" in link]
    assert len(chosen) >= 2
    for link in links(mail):
        assert link in html
    page = here.client.get(chosen[0]).text
    assert page.count(" checked") == 1
    assert here.states() == ["sent"]


def test_nothing_that_the_visitor_wrote_is_in_it(here: Installation):
    """A-36."""
    here.person(1, comment="Buy pills at http://spam.example {{ config }} %(x)s", category="price")
    here.clock.time = DUE
    here.work()
    (mail,) = here.sent()
    assert not re.search(r"pills|spam|config|%\(", mail.as_string())


def test_nothing_is_loaded_from_elsewhere(mail):
    """A-47."""
    html = mail.get_body(("html",)).get_content()
    assert not re.search(r"(?i)<img|<script|<link|@import|url\(|src=", html)
    assert {address.startswith(ROOT) for address in re.findall(r'href="([^"]+)"', html)} == {True}


def test_a_second_message_has_a_name_of_its_own(here: Installation, mail):
    here.clock.time = DUE + timedelta(days=5)
    here.work()
    first, second = here.sent()
    assert first["Message-ID"] != second["Message-ID"]
    assert second["Subject"] == "Still open: one question from Shop"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_with_the_same_placeholders(language: str):
    english, other = words("en"), words(language)
    assert other.keys() == english.keys()
    for name, text in english.items():
        assert set(re.findall(r"\{\w+\}", other[name])) == set(re.findall(r"\{\w+\}", text)), name
        assert other[name].strip() == other[name] != ""


def test_the_nearest_language_is_taken():
    assert words("de-AT")["language"] == "de"
    assert words("tlh")["language"] == "en"
