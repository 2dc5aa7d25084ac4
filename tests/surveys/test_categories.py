"""Categories: stable keys, at most seven shown, renamed, hidden, added and ordered by the owner."""

import pytest

from collector.problems import ValidationFailed
from collector.surveys import categories as rules
from collector.surveys.wording import LANGUAGES


def keys(categories: rules.Categories) -> list[str]:
    return [category.key for category in categories]


def test_a_new_survey_has_the_ten_keys_and_shows_seven_with_other_last():
    categories = rules.default_categories()
    assert keys(categories) == [
        "bug", "suggestion", "content", "usability", "performance", "price", "support", "question", "compliment", "other",
    ]  # fmt: skip
    assert len(rules.shown(categories)) == rules.MOST_SHOWN == 7
    assert keys(rules.shown(categories))[-1] == "other"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_default_has_a_label_and_a_hint_in_every_language(language: str):
    for category in rules.default_categories():
        assert category.label_in(language)
        assert category.hint_in(language)


def test_a_renamed_category_keeps_its_key():
    categories = rules.rename(rules.default_categories(), "price", "en", "  Costs  ")
    assert keys(categories) == keys(rules.default_categories())
    price = next(category for category in categories if category.key == "price")
    assert price.label_in("en") == "Costs"


def test_a_renamed_category_shows_the_owners_words_in_every_language():
    """The default's translation would say what the owner no longer means."""
    categories = rules.rename(rules.default_categories(), "price", "en", "Tickets")
    price = next(category for category in categories if category.key == "price")
    assert price.label_in("de") == "Tickets"
    price = next(c for c in rules.rename(categories, "price", "de", "Karten") if c.key == "price")
    assert (price.label_in("de"), price.label_in("de-at"), price.label_in("en")) == ("Karten", "Karten", "Tickets")


def test_hidden_categories_are_not_shown_and_come_back_in_place():
    hidden = rules.hide(rules.default_categories(), "content")
    assert "content" not in keys(rules.shown(hidden))
    assert keys(rules.shown(rules.show(hidden, "content"))) == keys(rules.shown(rules.default_categories()))


def test_an_eighth_is_not_shown():
    with pytest.raises(ValidationFailed) as caught:
        rules.show(rules.default_categories(), "support")
    assert "hide one first" in caught.value.faults[0].detail
    room = rules.hide(rules.default_categories(), "bug")
    assert len(rules.shown(rules.show(room, "support"))) == 7


def test_showing_what_is_shown_changes_nothing():
    assert rules.show(rules.default_categories(), "bug") == rules.default_categories()


def test_an_added_category_stands_before_the_last_and_is_shown_if_there_is_room():
    full = rules.add(rules.default_categories(), "delivery", "en", "Delivery")
    assert keys(full)[-2:] == ["delivery", "other"]
    assert "delivery" not in keys(rules.shown(full))
    room = rules.add(rules.hide(rules.default_categories(), "bug"), "delivery", "en", "Delivery")
    assert keys(rules.shown(room))[-2:] == ["delivery", "other"]


@pytest.mark.parametrize("key", ["", "Price", "1st", "two words", "bug", "x" * 41, "é", "a_b"])
def test_a_key_that_is_none_or_there_already_is_refused(key: str):
    with pytest.raises(ValidationFailed):
        rules.add(rules.default_categories(), key, "en", "Label")


@pytest.mark.parametrize("label", ["", "   ", "x" * 41])
def test_a_label_that_is_none_is_refused(label: str):
    with pytest.raises(ValidationFailed):
        rules.rename(rules.default_categories(), "bug", "en", label)


def test_order_puts_the_named_first_and_keeps_the_rest():
    ordered = rules.order(rules.default_categories(), ["price", "bug", "price"])
    assert keys(ordered)[:4] == ["price", "bug", "suggestion", "content"]
    assert sorted(keys(ordered)) == sorted(keys(rules.default_categories()))


@pytest.mark.parametrize("change", [rules.hide, rules.show])
def test_an_unknown_category_is_refused_by_name(change):
    with pytest.raises(ValidationFailed) as caught:
        change(rules.default_categories(), "prices")
    assert "'prices'" in caught.value.faults[0].detail
