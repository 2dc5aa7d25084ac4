"""The states of a follow-up and the steps between them. Asked before every write; the write then compares and sets."""

from datetime import datetime, timedelta
from typing import Literal

from collector.problems import AnswerFinal, FollowUpExpired

State = Literal[
    "offered", "scheduled", "sending", "sent", "answered", "expired", "cancelled", "undeliverable", "uncertain"
]
#: In these nothing changes any more, but for the answer that is corrected.
FINAL: tuple[State, ...] = ("answered", "expired", "cancelled")
Step = Literal["answer", "correct", "repeat"]

#: How long a question stays open after it was offered.
OPEN_FOR = timedelta(days=60)
#: How long its holder may still change an answer.
CORRECTABLE_FOR = timedelta(days=30)


def answering(state: State, expires_at: datetime, answered_at: datetime | None, same: bool, now: datetime) -> Step:
    """What an incoming answer does: it is the first one, corrects the one before, or repeats it (`same`).

    Raises `FollowUpExpired` when the question was never answered in time or was cancelled, `AnswerFinal` when a changed
    answer comes too late. A repeat is always taken: it changes nothing and tells a person who presses twice that all is
    well."""
    if state == "answered":
        if same:
            return "repeat"
        if answered_at is None or now > answered_at + CORRECTABLE_FOR:
            raise AnswerFinal()
        return "correct"
    if state in ("expired", "cancelled") or now >= expires_at:
        raise FollowUpExpired()
    return "answer"


def takes_answer(state: State, expires_at: datetime, answered_at: datetime | None, now: datetime) -> bool:
    """Whether an answer that says something new would be taken."""
    try:
        answering(state, expires_at, answered_at, False, now)
    except (AnswerFinal, FollowUpExpired):
        return False
    return True
