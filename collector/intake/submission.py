"""What a visitor sent, and what the collector answers, as plain values."""

import hashlib
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from collector.contacts.identity import Identity
from collector.followups.follow_up import NewFollowUp, ShownArea
from collector.questions.pack import Kind
from collector.responses.attributes import Attributes
from collector.responses.response import NewResponse


class Said(Struct, frozen=True, kw_only=True):
    """What a visitor says and may say anew, its types checked, nothing yet compared with the site's settings. `attributes`
    are what the page knows of the visitor, by name; `trap` is what stands in the field that a person does not see, `seconds`
    the time from the opening of the form to its sending."""

    score: int
    category: str | None = None
    comment: str = ""
    language: str | None = None
    attributes: Attributes = ()
    partial: bool = False
    trap: str = ""
    seconds: float | None = None


class Content(Said, frozen=True, kw_only=True):
    """What came over the wire in a submission: what was said, and of what."""

    id: UUID
    survey: str | None = None
    page: str | None = None
    identity: Identity | None = None


class Submission(Struct, frozen=True):
    """A content with how it arrived: the Origin header as it was sent, and the time. `own` says that it comes from a page of
    the collector's own, which the edge has made sure of; no other origin is then asked for."""

    content: Content
    origin: str | None
    received_at: datetime
    own: bool = False


class OfferedQuestion(Struct, frozen=True):
    """The follow-up question on a receipt, with the token under which its answer is taken."""

    token: str
    question: str
    kind: Kind
    areas: tuple[ShownArea, ...]


class Receipt(Struct, frozen=True):
    """What the collector answers to a submission: its id, the token under which the response may be seen, corrected and
    erased, and the question if there is one."""

    id: UUID
    token: str
    follow_up: OfferedQuestion | None


class Rows(Struct, frozen=True):
    """All that is written for one submission, in one transaction."""

    response: NewResponse
    follow_up: NewFollowUp | None


def digest_of(content: Content) -> bytes:
    """SHA-256 over the content without its id, written canonically: the same content has the same digest however its
    JSON was spaced or ordered. How it was sent (`trap`, `seconds`) is no part of what was said, and may differ when a form is
    sent again."""
    said = (content.survey, content.score, content.category, content.comment, content.page, content.language)
    # What nobody says is left out, so that a digest stored before it could be said is still found.
    more = (content.partial, dict(content.attributes)) if content.partial or content.attributes else ()
    return hashlib.sha256(msgspec.json.encode((*said, *more))).digest()
