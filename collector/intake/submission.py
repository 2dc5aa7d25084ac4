"""What a visitor sent, and what the collector answers, as plain values."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from collector.contacts.identity import Identity
from collector.followups.follow_up import NewFollowUp, ShownArea
from collector.questions.pack import Kind
from collector.responses.response import NewResponse


@dataclass(frozen=True, slots=True)
class Content:
    """What came over the wire, its types checked, nothing yet compared with the site's settings."""

    id: UUID
    survey: str | None
    score: int
    category: str | None
    comment: str
    page: str | None
    language: str | None
    identity: Identity | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """A content with how it arrived: the Origin header as it was sent, and the time."""

    content: Content
    origin: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class OfferedQuestion:
    """The follow-up question on a receipt, with the token under which its answer is taken."""

    token: str
    question: str
    kind: Kind
    areas: tuple[ShownArea, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the collector answers to a submission: its id, and the question if there is one."""

    id: UUID
    follow_up: OfferedQuestion | None


@dataclass(frozen=True, slots=True)
class Rows:
    """All that is written for one submission, in one transaction."""

    response: NewResponse
    follow_up: NewFollowUp | None


def digest_of(content: Content) -> bytes:
    """SHA-256 over the content without its id, written canonically: the same content has the same digest however its
    JSON was spaced or ordered."""
    fields = (content.survey, content.score, content.category, content.comment, content.page, content.language)
    return hashlib.sha256(msgspec.json.encode(fields)).digest()
