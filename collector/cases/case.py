"""A case as plain values."""

from dataclasses import dataclass
from datetime import datetime

from collector.cases.due import Due, due_of
from collector.cases.mentions import Part
from collector.cases.rules import CaseRules
from collector.cases.state import MOVES, STATES, State
from collector.responses.page_link import link_of
from collector.responses.response import StoredResponse


@dataclass(frozen=True, slots=True)
class Who:
    """A member, as far as a case names one."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A label of the team's. `count` is how many cases have it, where that was asked for."""

    id: int
    name: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody in the team wrote down, with the colleagues whom it calls."""

    id: int
    by: Who | None
    at: datetime
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a case's history. `press` names what was done together and is undone together; `revision` is the case's
    after it, where it changed what two may change at once; `words` say what was done, after the name of who did it."""

    id: int
    press: str
    kind: str
    by: Who | None
    at: datetime
    revision: int | None
    undone: bool
    words: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What was written to the person, and how that stands, in words."""

    by: Who
    at: datetime
    text: str
    standing: str


@dataclass(frozen=True, slots=True)
class Case:
    """A case. `id` is its number and `response` that of the response row; `notes` and `history` are oldest first; they, the
    reply, and `no_reply`, why nobody may write to the person, are left out where many cases are asked for at once."""

    id: int
    response: int
    state: State
    owner: Who | None
    due_at: datetime
    made_at: datetime
    revision: int
    rules: CaseRules
    tags: tuple[Tag, ...] = ()
    notes: tuple[Note, ...] = ()
    reply: Reply | None = None
    no_reply: str = ""
    history: tuple[Event, ...] = ()

    @property
    def label(self) -> str:
        """What its state is called on pages."""
        return STATES[self.state]

    @property
    def moves(self) -> tuple[State, ...]:
        """The states that a press may lead to."""
        return MOVES[self.state]

    def due(self, now: datetime) -> Due:
        """The due date as people read it at `now`."""
        return due_of(self.due_at, self.rules.clock, now)


@dataclass(frozen=True, slots=True)
class Line:
    """A case in a list, with what the person said. `site` is the site's name; `calls`: a note calls whoever looks."""

    case: Case
    response: StoredResponse
    question: str | None
    answer: str
    site: str
    calls: bool

    @property
    def link(self) -> str | None:
        """The page, if a browser may be sent there."""
        return link_of(self.response.page)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases a list shows, up to a bound above which nobody counts on."""

    mine: int
    open: int
    overdue: int
