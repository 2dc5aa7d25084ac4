"""A wave as a plain value, and what it is called."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

#: What the team says of a wave: set aside, or all right.
Verdict = Literal["aside", "fine"]
#: Kinds beside the segments: reasons for suspicion, and what a response of each kind is.
SUSPECT: dict[str, str] = {
    "trap": "filled in a field that nobody sees",
    "fast": "were sent within a tenth of a second",
    "copy": "repeat another one word for word",
}


@dataclass(frozen=True, slots=True)
class Wave:
    """A run of responses of one kind on a site: a segment, or a reason for suspicion. `first` and `last` are when they came,
    `hourly` is how many of the kind were usual in an hour."""

    id: int
    team: int
    site: int
    site_key: str
    site_name: str
    kind: str
    first: datetime
    last: datetime
    number: int
    hourly: float
    verdict: Verdict | None
    judged_by: str | None
    judged_at: datetime | None

    @property
    def is_suspect(self) -> bool:
        """Whether the wave is of responses that are hardly a person's."""
        return self.kind in SUSPECT

    @property
    def headline(self) -> str:
        """What the wave is, such as "500 Detractors in 12 minutes"."""
        many = f"{self.number:,}"
        what = f"{many} responses that {SUSPECT[self.kind]}" if self.is_suspect else f"{many} {_plural(self.kind)}"
        return f"{what} in {_span(self.last - self.first)}"

    @property
    def expected(self) -> int:
        """How many would have come in the same time as usual."""
        return round(self.hourly * ((self.last - self.first) / timedelta(hours=1)))

    @property
    def usually(self) -> str:
        """What is usual, such as "usually 3 an hour"."""
        return "usually one an hour or fewer" if self.hourly < 1.5 else f"usually {round(self.hourly):,} an hour"


def _plural(segment: str) -> str:
    named = segment.replace("-", " ").capitalize()
    return f"{named}s" if segment in ("detractor", "passive", "promoter") else f"{named} responses"


def _span(span: timedelta) -> str:
    minutes = max(1, round(span / timedelta(minutes=1)))
    if minutes < 100:
        return "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"{round(minutes / 60)} hours"
