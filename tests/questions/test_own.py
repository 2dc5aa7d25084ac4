"""A site's own questions, pure: they go before all packs, where they fit."""

import json
from uuid import UUID

import pytest

from collector.questions import check_own, own_pack, packs_for
from collector.questions.choose import Choice, Situation, choose
from collector.questions.parse import PackError
from collector.scales import SCALES

OWN = {
    "words": {"lamps": {"en": ["lamp*"], "fr": ["lampe*"]}},
    "area": [
        {"key": "bulb", "label": {"en": "The bulb", "fr": "L’ampoule"}},
        {"key": "shade", "label": {"en": "The shade"}},
    ],
    "question": [
        {
            "key": "any",
            "frame": "open",
            "kind": "text",
            "segment": ["passive"],
            "text": {"en": "What would you change?", "sv": "Vad skulle du ändra?"},
        },
        {
            "key": "lamps",
            "frame": "obstacle",
            "kind": "both",
            "words": "lamps",
            "areas": ["bulb", "shade"],
            "text": {"en": "Which part of the lamp?", "fr": "Quelle partie de la lampe ?"},
        },
        {
            "key": "category",
            "frame": "probe",
            "kind": "text",
            "category": ["price"],
            "comment": ["plain"],
            "text": {"en": "{category}: too much, or too complicated?"},
        },
    ],
}
TEXT = json.dumps(OWN)


def asked(comment: str = "", score: int = 7, language: str = "en", category: str | None = None) -> Choice:
    label = category and category.title()
    situation = Situation(SCALES["nps"], score, category, label, comment, None, "Example", language, UUID(int=1))
    choice = choose(situation, (own_pack(TEXT, language), *packs_for("ecommerce", language)))
    assert choice is not None
    return choice


def test_an_own_question_goes_before_a_more_specific_one_of_a_pack():
    assert (asked().pack, asked().question) == ("own", "any")
    assert asked("The parcel took nine days to Leeds").question == "any"


def test_among_own_questions_the_most_specific_one_goes_first():
    assert asked("The lamp arrived without its shade").question == "lamps"
    assert asked("Far beyond what others charge here", category="price").text == "Price: too much, or too complicated?"


def test_where_no_own_question_fits_the_packs_are_asked():
    assert asked(score=10).pack == "ecommerce"


@pytest.mark.parametrize(
    ("language", "comment", "text", "shown"),
    [
        ("fr-CA", "La lampe est arrivée sans son abat-jour", "Quelle partie de la lampe ?", "L’ampoule"),
        ("fi", "The lamp arrived without its shade", "Which part of the lamp?", "The bulb"),
        ("sv", "Skärmen saknades när den kom", "Vad skulle du ändra?", None),
    ],
)
def test_an_own_question_is_asked_in_the_nearest_language_that_it_has(language, comment, text, shown):
    choice = asked(comment, language=language)
    assert choice.text == text
    assert [label for _, label in choice.areas[:1]] == ([shown] if shown else [])


def test_any_language_that_is_asked_for_makes_no_pack_of_its_own():
    assert own_pack(TEXT, "xx-AA") is own_pack(TEXT, "yy-BB") is own_pack(TEXT, "en")


def test_questions_of_a_site_need_no_name_and_every_fault_has_a_pointer():
    check_own(OWN)
    broken = {**OWN, "question": [{**OWN["question"][0], "text": {"en": "{you}?"}}, {"key": "x"}], "colour": "red"}
    with pytest.raises(PackError) as refused:
        check_own({name: value for name, value in broken.items() if name != "colour"})
    assert [fault.pointer for fault in refused.value.faults] == ["/question/0/text/en", "/question/1/kind"]
    with pytest.raises(PackError, match="there is no question"):
        check_own({"area": OWN["area"]})
    with pytest.raises(PackError, match="'colour' means nothing here"):
        check_own(broken)
