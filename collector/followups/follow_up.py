"""A follow-up as plain values: the question as it was shown, and the answer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from collector.followups.state import State
from collector.questions.pack import Kind

#: An area as it was shown: its key and its label.
ShownArea = tuple[str, str]


class NewFollowUp(Struct, frozen=True):
    """What is written when a question is offered. `fingerprint` stands for the token, which is not stored."""

    team: int
    site: int
    submission: UUID
    fingerprint: bytes
    channel: str
    pack: str
    question: str
    language: str
    kind: Kind
    text: str
    areas: tuple[ShownArea, ...]
    variant: int
    probability: float
    why: str
    offered_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OfferedFollowUp:
    """A stored follow-up, as far as answering, expiring and repeating a receipt need it."""

    id: int
    team: int
    site: int
    submission: UUID
    fingerprint: bytes
    state: State
    language: str
    kind: Kind
    text: str
    areas: tuple[ShownArea, ...]
    offered_at: datetime
    expires_at: datetime
    answered_at: datetime | None
    revision: int
    answer_text: str
    answer_areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back: tapped areas by key, in the order they were shown, and a text; at least one of the two."""

    areas: tuple[str, ...]
    text: str
