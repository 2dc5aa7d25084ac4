"""A response as one line of the list, and a page of lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.inbox.place import Place
from collector.responses.search import excerpt
from collector.scales import SCALES

#: Letters of a comment or an answer that a line shows.
_SHOWN = 180
#: A band's place on its scale -> the colour it has, which is named after NPS.
_TONES = {"low": "detractor", "middle": "passive", "high": "promoter"}
#: What became of the follow-up, for the team.
_STATES = {
    "offered": "Asked",
    "scheduled": "Asked",
    "sending": "Asked",
    "sent": "Asked",
    "answered": "Answered",
    "expired": "No answer",
    "cancelled": "Cancelled",
    "undeliverable": "Undeliverable",
    "uncertain": "Uncertain",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """What a line says. `answer` is the answer in words, `areas` the labels that were tapped; `state` is the follow-up's."""

    number: int
    site: str
    survey: int
    received_at: datetime
    scale: str
    score: int
    segment: str
    category: str | None
    comment: str
    page: str | None
    language: str
    partial: bool
    suspect: str | None
    anonymous: bool
    state: str | None
    answer: str
    areas: tuple[str, ...]

    @property
    def tone(self) -> str:
        """The colour of the score."""
        return _TONES[SCALES[self.scale].band(self.score).place]

    def said(self, words: Sequence[str] = ()) -> list[tuple[str, bool]]:
        """What a line shows of the comment, in pieces, each with whether it is what was searched for."""
        return excerpt(self.comment, words, _SHOWN)

    def replied(self, words: Sequence[str] = ()) -> list[tuple[str, bool]]:
        """The same of the answer, areas first."""
        return excerpt(". ".join([*self.areas, *([self.answer] if self.answer else [])]), words, _SHOWN)

    @property
    def became(self) -> str:
        """What became of the follow-up, in a word or two; empty where nothing was asked."""
        return _STATES[self.state] if self.state else ""

    @property
    def place(self) -> Place:
        """Where it stands in the list."""
        return Place(self.received_at, self.number)


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of the list, newest first, and whether there is more on either side of it."""

    lines: tuple[Listed, ...]
    newer: bool
    older: bool
