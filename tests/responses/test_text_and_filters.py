"""What is kept of a visitor's words, and how a filter is read."""

import unicodedata
from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.problems import ValidationFailed
from collector.responses.filters import Filter, parse_filter
from collector.responses.queries import RESPONSE
from collector.responses.response import StoredResponse
from collector.responses.text import clean_text, storable


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("  two\r\nlines\r", "two\nlines"),
        ("a\tb", "a\tb"),
        ("bell\x07 esc\x1b[31m del\x7f", "bell esc[31m del"),
        ("\u202edrow\u202c \u2066x\u2069", "drow x"),
        ("e\u0301", "é"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("می\u200cخواهم \u200fشالوم", "می\u200cخواهم \u200fشالوم"),
        ("=1+1 <b>'x'</b>", "=1+1 <b>'x'</b>"),
        ("a\u2028b", "a\nb"),
    ],
)
def test_words_are_kept_but_for_what_harms_a_reader(sent: str, kept: str):
    assert clean_text(sent) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str):
    once = clean_text(text)
    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_letters_are_cleaned_like_all_others(text: str):
    assert clean_text(text) == clean_text(f"é{text}é")[1:-1].strip()


def test_thirty_marks_may_stand_on_a_letter_and_no_more():
    assert clean_text("q" + "\u0300" * 40 + "ß") == "q" + "\u0300" * 30 + "ß"


@given(st.text(st.characters(exclude_categories=())))
def test_what_utf_8_cannot_write_or_holds_nul_cannot_be_stored(text: str):
    try:
        assert storable(text) is (b"\x00" not in text.encode())
    except UnicodeEncodeError:
        assert not storable(text)


def test_nul_and_half_surrogates_cannot_be_stored():
    assert storable("héllo 👋\n")
    assert not storable("a\x00b")
    assert not storable("\ud83d")


def test_a_filter_is_read_whole():
    read = parse_filter(
        {
            "site": "s",
            "segment": "passive",
            "category": "price",
            "since": "2026-11-01",
            "until": "2026-11-02T10:00:00+02:00",
            "answered": "no",
            "partial": "no",
            "suspect": "yes",
            "attribute": "plan:pro: the small one",
        }
    )
    assert read == Filter(
        site="s",
        segment="passive",
        category="price",
        since=datetime(2026, 11, 1, tzinfo=UTC),
        until=datetime(2026, 11, 2, 8, tzinfo=UTC),
        answered=False,
        partial=False,
        suspect=True,
        attribute=("plan", "pro: the small one"),
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("segment", "Passive"), ("segment", "passives"), ("category", "Price!"), ("since", "yesterday"),
        ("since", "2026-13-01"), ("since", "2026-11-01T10:00:00"), ("until", "0001-01-01T00:00:00+14:00"),
        ("answered", "true"), ("partial", "1"), ("suspect", ""), ("attribute", "plan"), ("attribute", "Plan:pro"),
        ("attribute", "plan:\x00"), ("site", ""), ("site", "a\x00b"),
    ],
)  # fmt: skip
def test_a_part_that_is_not_valid_is_named(name: str, text: str):
    with pytest.raises(ValidationFailed) as caught:
        parse_filter({name: text, "answered": "maybe"} if name != "answered" else {name: text})
    assert name in [fault.parameter for fault in caught.value.faults]


def test_the_columns_that_are_read_stand_in_the_order_of_the_responses_fields():
    """They are put in by their place: two of one type that changed it would be taken for each other."""
    assert [column.name.removesuffix("_id") for column in RESPONSE] == [field.name for field in fields(StoredResponse)]
