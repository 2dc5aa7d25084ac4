"""Comments as people write them, with the question that should follow."""

import tomllib
from pathlib import Path
from uuid import UUID

import pytest

from collector.questions import LANGUAGES, packs_for
from collector.questions.choose import Situation, choose
from collector.scales import SCALES

EXAMPLES = tomllib.loads(Path(__file__).with_name("examples.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("language", "industry", "score", "comment", "question"),
    [(language, *example) for language, listed in EXAMPLES.items() for example in listed],
)
def test_a_comment_gets_the_question_that_fits_it(language, industry, score, comment, question):
    situation = Situation(SCALES["nps"], score, None, None, comment, None, "Example", language, UUID(int=1))
    choice = choose(situation, packs_for(industry, language))
    assert choice is not None
    assert f"{choice.pack}/{choice.question}" == (question if "/" in question else f"{industry}/{question}")
    assert choice.language == language


def test_every_language_has_at_least_forty_examples():
    assert {language: len(EXAMPLES[language]) >= 40 for language in LANGUAGES} == dict.fromkeys(LANGUAGES, True)
