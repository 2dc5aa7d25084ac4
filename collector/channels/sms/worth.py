"""Whether writing to people is worth their while: a site that almost nobody answers has bad numbers, or bad questions."""

from dataclasses import dataclass
from datetime import timedelta

#: How many of the latest questions are looked at; before as many were asked, nothing is judged.
OF_LAST = 50
#: How long a person has before the question counts as not answered.
TIME_TO_ANSWER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Tally:
    """Of the latest questions that a site asked by SMS long enough ago, at most `OF_LAST`: how many, and how many were
    answered."""

    asked: int
    answered: int


def stopped(tally: Tally, least: int) -> str | None:
    """Why a site sends no more messages, in a sentence; `None` when it may. `least` is the least share of answers in per cent;
    0 stops nothing."""
    if tally.asked < OF_LAST or tally.answered * 100 >= least * tally.asked:
        return None
    return f"SMS is stopped at this site: of its last {tally.asked} questions {tally.answered} were answered, under {least} %."
