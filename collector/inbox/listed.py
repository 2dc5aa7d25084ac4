"""A response as one line of the list, and a page of lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from collector.cases.case import Case
from collector.inbox.place import Place
from collector.responses.response import StoredResponse
from collector.responses.search import excerpt

#: Letters of a comment or an answer that a line shows.
_SHOWN = 180
#: State of a follow-up -> what became of it, for the team.
BECAME = {
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
    """What a line says. `site` is the site's name, `state` the follow-up's; `answer` is the answer in words, `areas` the labels
    that were tapped; `case` is without tags, notes and history."""

    number: int
    site: str
    response: StoredResponse
    anonymous: bool
    state: str | None
    answer: str
    areas: tuple[str, ...]
    case: Case | None

    def said(self, words: Sequence[str] = ()) -> list[tuple[str, bool]]:
        """What a line shows of the comment, in pieces, each with whether it is what was searched for."""
        return excerpt(self.response.comment, words, _SHOWN)

    def replied(self, words: Sequence[str] = ()) -> list[tuple[str, bool]]:
        """The same of the answer, areas first."""
        return excerpt(". ".join([*self.areas, *([self.answer] if self.answer else [])]), words, _SHOWN)

    @property
    def became(self) -> str:
        """What became of the follow-up, in a word or two; empty where nothing was asked."""
        return BECAME[self.state] if self.state else ""

    @property
    def place(self) -> Place:
        """Where it stands in the list."""
        return Place(self.response.received_at, self.number)


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of the list, newest first, and whether there is more on either side of it."""

    lines: tuple[Listed, ...]
    newer: bool
    older: bool
