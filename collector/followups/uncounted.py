"""Answers that are kept and do not count."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

#: Why an answer does not count. The first three wait until the person confirms it; the last one was counted before.
Why = Literal["quick", "scanned", "unshown", "replaced"]

WHYS: dict[Why, str] = {
    "quick": "It came within a minute of the message, as programs that look through mail answer.",
    "scanned": "A program had followed a link in the message that no person sees.",
    "unshown": "It came from a form that nobody was shown, or that lay open for more than two days.",
    "replaced": "The next answer took its place.",
}
UNCONFIRMED: tuple[Why, ...] = ("quick", "scanned", "unshown")

#: So many are kept of one follow-up, the latest; a program that goes on sending fills no disk.
MOST_UNCOUNTED = 20


@dataclass(frozen=True, slots=True)
class Uncounted:
    """An answer that does not count, with the site and submission it belongs to."""

    site: int
    submission: UUID
    why: Why
    areas: tuple[str, ...]
    text: str
    made_at: datetime
