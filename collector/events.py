"""Facts: what happened, in the past tense, with the few values that say to what. A fact holds no comment, no answer and
no address; who needs more reads it by the id."""

from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ResponseRecorded:
    """A response was stored and tagged with its segment."""

    kind: ClassVar[str] = "response.recorded"
    team: int
    site: int
    submission: str
    segment: str


@dataclass(frozen=True, slots=True)
class ResponseAmended:
    """The visitor changed a response, or finished it; it has this segment now."""

    kind: ClassVar[str] = "response.amended"
    team: int
    site: int
    submission: str
    segment: str


@dataclass(frozen=True, slots=True)
class ResponseErased:
    """The visitor erased a response, with its follow-up and the answer. Whoever keeps a copy has to let go of it."""

    kind: ClassVar[str] = "response.erased"
    team: int
    site: int
    submission: str


@dataclass(frozen=True, slots=True)
class ResponseAnonymised:
    """What points to the person behind a response was taken away, by age. Whoever keeps a copy has to let go of that."""

    kind: ClassVar[str] = "response.anonymised"
    team: int
    site: int
    submission: str


@dataclass(frozen=True, slots=True)
class FollowUpAnswered:
    """The visitor answered the follow-up. Published once; a later correction publishes `followup.corrected`."""

    kind: ClassVar[str] = "followup.answered"
    team: int
    site: int
    submission: str


@dataclass(frozen=True, slots=True)
class FollowUpCorrected:
    """The visitor changed an answer that was given before."""

    kind: ClassVar[str] = "followup.corrected"
    team: int
    site: int
    submission: str


@dataclass(frozen=True, slots=True)
class FollowUpWithdrawn:
    """The visitor took the answer back. Whoever keeps a copy has to let go of it."""

    kind: ClassVar[str] = "followup.withdrawn"
    team: int
    site: int
    submission: str


@dataclass(frozen=True, slots=True)
class FollowUpExpired:
    """A follow-up stayed unanswered until its time was over."""

    kind: ClassVar[str] = "followup.expired"
    team: int
    site: int
    submission: str


Fact = (
    ResponseRecorded
    | ResponseAmended
    | ResponseErased
    | ResponseAnonymised
    | FollowUpAnswered
    | FollowUpCorrected
    | FollowUpWithdrawn
    | FollowUpExpired
)

FACTS: tuple[type[Fact], ...] = (
    ResponseRecorded,
    ResponseAmended,
    ResponseErased,
    ResponseAnonymised,
    FollowUpAnswered,
    FollowUpCorrected,
    FollowUpWithdrawn,
    FollowUpExpired,
)


_NAMES = {fact: tuple(field.name for field in fields(fact)) for fact in FACTS}


def payload(fact: Fact) -> dict[str, object]:
    """The values of `fact` as they are written into the outbox."""
    return {name: getattr(fact, name) for name in _NAMES[type(fact)]}
