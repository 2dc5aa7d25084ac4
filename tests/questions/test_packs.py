import re
import tomllib
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest

from collector.questions import INDUSTRIES, LANGUAGES, pack, packs_for
from collector.questions.choose import Situation, choose
from collector.questions.pack import Question
from collector.questions.parse import read_pack
from collector.scales import SCALES
from tests.questions.completeness import problems_of

CATEGORIES = "bug suggestion content usability performance price support question compliment other".split()
every_pack = pytest.mark.parametrize("industry", INDUSTRIES)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def texts(industry: str, language: str) -> list[str]:
    return [wording for question in pack(industry, language).questions for wording in question.variants]


def labels(industry: str, language: str) -> list[str]:
    return [area.label for area in pack(industry, language).areas.values()]


@every_pack
def test_a_pack_leaves_nothing_open(industry):
    assert problems_of(industry, CATEGORIES) == []


@every_pack
def test_a_pack_is_called_as_its_industry(industry):
    assert (pack(industry, "en").name, pack(industry, "en").title) == (industry, INDUSTRIES[industry])


@every_pack
@every_language
def test_no_two_questions_share_a_text(industry, language):
    assert [wording for wording, count in Counter(texts(industry, language)).items() if count > 1] == []


@every_pack
@every_language
def test_questions_and_areas_are_short(industry, language):
    assert [wording for wording in texts(industry, language) if len(wording) > 140] == []
    assert [label for label in labels(industry, language) if len(label) > 36] == []


@every_pack
@every_language
def test_one_thing_is_asked_at_a_time(industry, language):
    assert [wording for wording in texts(industry, language) if wording.count("?") != 1] == []


@every_pack
@every_language
def test_signs_are_typographic(industry, language):
    written = texts(industry, language) + labels(industry, language)
    assert [wording for wording in written if re.search(r"['\"`]| - |  ", wording)] == []


@every_pack
def test_a_question_for_a_band_fits_every_scale(industry):
    for language in LANGUAGES:
        for question in pack(industry, language).questions:
            for wording in question.variants if question.when.band else ():
                assert not re.search(r"\d|\{score\}|re[ck]o[mn]+end|empfehl|suosittel|NPS", wording), question.key


@every_pack
def test_a_silent_passive_chooses_among_four_to_seven_areas(industry):
    for question in pack(industry, "en").questions:
        if "empty" in question.when.comment and question.when.segment:
            assert question.kind in ("areas", "both"), question.key
            assert 4 <= len(question.areas) <= 7, question.key


@every_pack
def test_every_area_is_offered_or_asked_about(industry):
    questions = pack(industry, "en").questions
    used = {area.key for question in questions for area in question.areas} | {k for q in questions for k in q.about}
    assert set(pack(industry, "en").areas) - used == set()


#: One comment of each depth that speaks of nothing, and words that answer the questions standing before others.
COMMENTS = {
    "empty": "",
    "vague": "{}",
    "plain": "{} kettle ladder window",
    "detailed": "{} kettle ladder window garden engine saddle mirror bridge carpet pencil basket lamp curtain",
}
ALREADY_SAID = ("", " always", " always since", " always since should", " should")


def reached_by(question: Question, industry: str, depth: str) -> set[tuple[str, str]]:
    when = question.when
    scale, score = {"low": ("nps", 0), "middle": ("ces", 4), "high": ("nps", 10), None: ("nps", 7)}[
        next(iter(when.band), None)
    ]
    comment = COMMENTS[depth].format(when.words[0].rstrip("*") if when.words else "kettle")
    found = set()
    for more in ALREADY_SAID if depth == "detailed" else ("",):
        situation = Situation(
            scale=SCALES[scale],
            score=next(iter(when.score), score),
            category=next(iter(when.category), None),
            category_label=None,
            comment=comment + more,
            page=f"https://example.com{next(iter(when.page), '/somewhere').replace('*', '')}",
            site="Example",
            language="en",
            submission=UUID(int=1),
        )
        choice = choose(situation, packs_for(industry, "en"))
        found.add((choice.pack, choice.question) if choice else ("", ""))
    return found


@every_pack
def test_every_question_can_be_asked(industry):
    for question in pack(industry, "en").questions:
        for depth in question.when.comment:
            assert (industry, question.key) in reached_by(question, industry, depth), (question.key, depth)


def test_the_page_about_questions_names_every_pack_and_its_example_is_a_pack():
    page = (Path(__file__).parents[2] / "docs" / "questions.md").read_text("utf-8")
    example = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert example is not None
    assert read_pack(tomllib.loads(example[1]), "en").questions[0].key == "delivery-plain-7"
    assert [industry for industry in INDUSTRIES if f"| `{industry}` |" not in page] == []
