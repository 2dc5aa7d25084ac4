"""How far a site's responses were looked at, and what of a response is looked at, as plain values."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from collector.waves.copies import REMEMBERED, print_of


@dataclass(frozen=True, slots=True)
class Watch:
    """A site that is watched: up to which response it was looked at, by time and number, since when its responses are counted,
    and the key of its prints. `is_new`: nobody has looked at it yet."""

    team: int
    site: int
    at: datetime
    number: int
    since: datetime
    key: str
    key_made_at: datetime
    is_new: bool = False

    def after(self, last: "Seen") -> "Watch":
        """The same, looked at up to a response."""
        return replace(self, at=last.at, number=last.number, is_new=False)

    def with_key(self, key: str, now: datetime) -> "Watch":
        """The same with its key, or with this one where it has none."""
        return self if self.key else replace(self, key=key, key_made_at=now)


@dataclass(frozen=True, slots=True)
class Seen:
    """A response as it is looked at. `kind` is its segment, or the reason why it is suspect."""

    number: int
    submission: UUID
    at: datetime
    survey: int
    score: int
    category: str | None
    page: str | None
    comment: str
    kind: str
    suspect: bool

    def print_by(self, key: str, until: datetime) -> bytes | None:
        """What it is compared by; `None` where it is not compared: it is suspect already, says too little, or came longer
        before `until` than responses are remembered."""
        if self.suspect or self.at < until - REMEMBERED:
            return None
        return print_of(key, self.survey, self.score, self.category, self.page, self.comment)
