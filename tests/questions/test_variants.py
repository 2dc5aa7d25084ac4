"""Several wordings of one question take turns."""

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.questions import LANGUAGES, packs_for
from collector.questions.choose import Choice, Situation, choose
from collector.questions.pack import Pack
from collector.questions.parse import read_pack
from collector.scales import SCALES

WORDINGS = ["First?", "Second?", "Third?"]
QUESTION = {"key": "q", "frame": "open", "kind": "text", "text": {"en": WORDINGS}}


def trial(question: dict) -> Pack:
    return read_pack({"name": "trial", "title": "Trial", "question": [question]}, "en")


def asked(submission: UUID, pack: Pack) -> Choice:
    choice = choose(Situation(SCALES["nps"], 7, None, None, "", None, "Example", "en", submission), (pack,))
    assert choice is not None
    return choice


THREE, OTHER = trial(QUESTION), trial({**QUESTION, "key": "other"})


@given(st.uuids())
def test_a_submission_is_asked_the_same_wording_each_time(submission):
    first, again = asked(submission, THREE), asked(submission, THREE)
    assert first == again
    assert first.text == WORDINGS[first.variant - 1]
    assert first.probability == pytest.approx(1 / 3)


def test_a_question_with_one_wording_is_shown_for_certain():
    choice = asked(UUID(int=7), trial({**QUESTION, "text": {"en": "Only?"}}))
    assert (choice.variant, choice.probability) == (1, 1.0)


# Ids as browsers make them one after the other (UUIDv7) differ little; their wordings must not.
@pytest.mark.parametrize("step", [1, 1 << 80, 0x9E3779B97F4A7C15F39CC0605CEDC835])
def test_wordings_take_turns_evenly(step):
    ids = [UUID(int=(number * step) % (1 << 128)) for number in range(9000)]
    shown = Counter(asked(submission, THREE).variant for submission in ids)
    assert sum(shown.values()) == 9000
    assert all(2800 < count < 3200 for count in shown.values()), shown


def test_two_questions_to_one_submission_take_their_turns_apart():
    ids = [UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128)) for number in range(3000)]
    together = Counter((asked(one, THREE).variant, asked(one, OTHER).variant) for one in ids)
    assert len(together) == 9


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_neutral_questions_that_are_asked_most_have_two_wordings(language):
    (neutral,) = packs_for("neutral", language)
    counts = {question.key: len(question.variants) for question in neutral.questions}
    for key in ("silent-7", "silent-8", "vague-7", "vague-8", "plain-7", "plain-8"):
        assert counts[key] == 2, key
