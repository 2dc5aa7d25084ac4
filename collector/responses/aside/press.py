"""A press that sets responses aside or takes them back, and what a history says of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: How long a press can be undone; afterwards responses are taken back one by one, or through a filter.
UNDO_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Press:
    """Who pressed, in which team, and when. `name` goes with all that was done by it."""

    team: int
    member: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Pressed:
    """The last press of a member that can still be undone: what it did, to how many responses."""

    name: str
    aside: bool
    count: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A line of a response's history: who set it aside, or took it back, and when."""

    by: str
    aside: bool
    at: datetime
