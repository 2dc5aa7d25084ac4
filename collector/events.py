"""Facts: what happened, in the past tense, with the few values that say to what. A fact holds no comment, no answer and
no address; who needs more reads it by the id."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Fact:
    """What every fact says: which response it is about. `kind` is its name in the outbox."""

    kind: ClassVar[str]
    team: int
    site: int
    submission: str


@dataclass(frozen=True, slots=True)
class ResponseRecorded(Fact):
    """A response was stored and tagged with its segment."""

    kind: ClassVar[str] = "response.recorded"
    segment: str


@dataclass(frozen=True, slots=True)
class ResponseAmended(Fact):
    """The visitor changed a response, or finished it; it has this segment now."""

    kind: ClassVar[str] = "response.amended"
    segment: str


class ResponseErased(Fact):
    """The visitor erased a response, with its follow-up and the answer. Whoever keeps a copy has to let go of it."""

    kind = "response.erased"


class ResponseAnonymised(Fact):
    """What points to the person behind a response was taken away, by age. Whoever keeps a copy has to let go of that."""

    kind = "response.anonymised"


class FollowUpAnswered(Fact):
    """The visitor answered the follow-up. Published once; a later correction publishes `followup.corrected`."""

    kind = "followup.answered"


class FollowUpCorrected(Fact):
    """The visitor changed an answer that was given before."""

    kind = "followup.corrected"


class FollowUpWithdrawn(Fact):
    """The visitor took the answer back. Whoever keeps a copy has to let go of it."""

    kind = "followup.withdrawn"


class FollowUpHandedOver(Fact):
    """The person was asked by every channel there is, reminded, and said nothing: the team may take over. Published once."""

    kind = "followup.handed_over"


class FollowUpExpired(Fact):
    """A follow-up stayed unanswered until its time was over."""

    kind = "followup.expired"


FACTS: tuple[type[Fact], ...] = (
    ResponseRecorded,
    ResponseAmended,
    ResponseErased,
    ResponseAnonymised,
    FollowUpAnswered,
    FollowUpCorrected,
    FollowUpWithdrawn,
    FollowUpHandedOver,
    FollowUpExpired,
)


_NAMES = {fact: tuple(field.name for field in fields(fact)) for fact in FACTS}


def payload(fact: Fact) -> dict[str, object]:
    """The values of `fact` as they are written into the outbox."""
    return {name: getattr(fact, name) for name in _NAMES[type(fact)]}


@dataclass(frozen=True, slots=True)
class Heard:
    """A fact as whoever listens gets it: the response that it is about, and the response's segment where the fact says it."""

    team: int
    site: int
    submission: UUID
    segment: str | None = None


def heard(told: Mapping[str, object]) -> Heard:
    """The fact that `payload` wrote into the outbox."""
    segment = told.get("segment")
    return Heard(
        int(str(told["team"])),
        int(str(told["site"])),
        UUID(str(told["submission"])),
        None if segment is None else str(segment),
    )
