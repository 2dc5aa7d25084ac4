"""A response as one line of the list, and a page of lines."""

from dataclasses import dataclass
from datetime import datetime

from collector.inbox.place import Place


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
    state: str | None
    answer: str
    areas: tuple[str, ...]

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
