"""The story of a response as plain values."""

from dataclasses import dataclass
from datetime import datetime

from collector.channels.delivery import Attempt
from collector.contacts.contact import Contact
from collector.inbox.listed import Listed
from collector.inbox.story.reason import Weighed
from collector.responses.aside.press import Moved


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """The follow-up. `areas` are the labels as they were shown, each with whether it was tapped; `wordings` is how many the
    question had then, of which `variant` was shown; `reason` says why it was cancelled."""

    text: str
    channel: str
    pack: str
    question: str
    language: str
    why: str
    areas: tuple[tuple[str, bool], ...]
    variant: int
    wordings: int
    state: str
    reason: str | None
    offered_at: datetime
    expires_at: datetime
    answered_at: datetime | None
    corrected_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What was last decided about reaching the person later, and why."""

    why: str
    due_at: datetime | None
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """A response with all that became of it. `earlier` are the latest of the same contact's other responses;
    since `anonymised_at` it points to nobody; `moves` says who set it aside and took it back."""

    line: Listed
    survey: str
    label: str | None
    amended_at: datetime | None
    anonymised_at: datetime | None
    asked: AskedQuestion | None
    weighed: Weighed | None
    decision: Decision | None
    attempts: tuple[Attempt, ...]
    contact: Contact | None
    earlier: tuple[Listed, ...]
    moves: tuple[Moved, ...]


#: Why a response is hardly a person's, in words.
SUSPICIONS: dict[str, str] = {
    "trap": "Something stands in a field that nobody sees. A program fills in every field; some browsers do too.",
    "copy": "It says word for word what another response to this site said within a day before, with the same score and page.",
    "fast": "It was sent within a tenth of a second after the form opened.",
}
