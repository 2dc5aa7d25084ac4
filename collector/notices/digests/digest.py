"""A digest as plain values, and what it says first."""

from collections.abc import Mapping
from dataclasses import dataclass

from collector.notices.notice import Item
from collector.scales import SEGMENTS

_SPANS = {"daily": ("in a day", "the day before"), "weekly": ("in a week", "the week before")}


@dataclass(frozen=True, slots=True)
class Digest:
    """What one member is told. `came` and `before` count responses by segment in this time and in the one before it;
    `overdue` counts open cases; `changes` are lines of the audit log; `link` leads to the responses."""

    team: str
    every: str
    came: Mapping[str, int]
    before: Mapping[str, int]
    categories: tuple[tuple[str, int], ...]
    comments: tuple[Item, ...]
    overdue: int
    changes: tuple[str, ...]
    link: str

    @property
    def is_news(self) -> bool:
        """Whether there is anything to tell. Nobody gets a letter that says that nothing happened."""
        return bool(self.count or self.overdue or self.changes)

    @property
    def count(self) -> int:
        """How many responses came."""
        return sum(self.came.values())

    @property
    def headline(self) -> str:
        """What the digest says first: "12 responses in a week, 4 more than the week before"."""
        span, earlier = _SPANS[self.every]
        before = sum(self.before.values())
        counted = f"{self.count} response{'' if self.count == 1 else 's'}" if self.count else "No responses"
        if self.count == before:
            return f"{counted} {span}" + (f", as many as {earlier}" if before else "")
        return (
            f"{counted} {span}, {abs(self.count - before)} {'more' if self.count > before else 'fewer'} than {earlier}"
        )

    @property
    def segments(self) -> tuple[tuple[str, int, int], ...]:
        """Segment, how many came, and how many in the time before, for all that came in either, from low to high."""
        known = [name for name in SEGMENTS if self.came.get(name) or self.before.get(name)]
        return tuple((name, self.came.get(name, 0), self.before.get(name, 0)) for name in known)

    @property
    def late(self) -> str:
        """What the digest says of overdue cases; empty for none."""
        if not self.overdue:
            return ""
        return "One case is overdue." if self.overdue == 1 else f"{self.overdue} cases are overdue."


def line(who: str | None, verb: str, target: str) -> str:
    """One line of the audit log: "Ann: site renamed, Shop"."""
    return f"{who or 'The program'}: {verb.replace('.', ' ').replace('_', ' ')}, {target}"
