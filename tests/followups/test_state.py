"""The steps of a follow-up, without a database."""

from datetime import timedelta

import pytest

from collector.followups.state import CORRECTABLE_FOR, OPEN_FOR, answering, takes_answer
from collector.problems import AnswerFinal, FollowUpExpired
from tests.make import NOW

END = NOW + OPEN_FOR
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize("same", [True, False])
def test_an_open_question_takes_an_answer_until_its_end(same: bool):
    assert answering("offered", END, None, same, END - TICK) == "answer"
    with pytest.raises(FollowUpExpired):
        answering("offered", END, None, same, END)


def test_an_expired_question_takes_none_even_if_the_clock_goes_back():
    with pytest.raises(FollowUpExpired):
        answering("expired", END, None, False, NOW)


def test_an_answer_may_be_corrected_to_its_last_moment():
    assert answering("answered", END, NOW, False, NOW + CORRECTABLE_FOR) == "correct"
    with pytest.raises(AnswerFinal):
        answering("answered", END, NOW, False, NOW + CORRECTABLE_FOR + TICK)


def test_a_repeat_is_always_taken():
    assert answering("answered", END, NOW, True, NOW + timedelta(days=9999)) == "repeat"


def test_something_new_is_taken_while_the_question_or_its_answer_is_open():
    assert [takes_answer("sent", END, None, now) for now in (END - TICK, END)] == [True, False]
    last = NOW + CORRECTABLE_FOR
    assert [takes_answer("answered", NOW, NOW, now) for now in (last, last + TICK)] == [True, False]
    assert not takes_answer("cancelled", END, None, NOW)
