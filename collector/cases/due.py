"""Until when somebody deals with a case. A due date is a whole day on the team's calendar and ends at
midnight in the team's zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

_SATURDAY = 5
#: Second precision, as the databases and forms keep it.
_LAST_SECOND = time(23, 59, 59)

Group = Literal["over", "today", "week", "later"]


@dataclass(frozen=True, slots=True)
class Due:
    """A due date as people read it: `words` such as "in 2 days", `group` for putting cases together."""

    day: date
    words: str
    group: Group

    @property
    def is_over(self) -> bool:
        """Whether the day has passed."""
        return self.group == "over"


def working_day(start: date, count: int) -> date:
    """The day that lies `count` working days after `start`. Saturdays and Sundays are passed over; holidays are not known.
    With 0 it is `start` itself, or the Monday after it."""
    day = start
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    if day != start and count:
        # The weekend's end is the first working day after a Saturday.
        count -= 1
    weeks, rest = divmod(count, 5)
    day += timedelta(weeks=weeks)
    for _ in range(rest):
        day += timedelta(days=3 if day.weekday() == _SATURDAY - 1 else 1)
    return day


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second of `day` in `zone`, in UTC."""
    return datetime.combine(day, _LAST_SECOND, zone).astimezone(UTC)


def due_after(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """When a case that came at `moment` is due: at the end of the day `days` working days later, in `zone`."""
    return end_of(working_day(moment.astimezone(zone).date(), days), zone)


def due_of(due_at: datetime, zone: ZoneInfo, now: datetime) -> Due:
    """`due_at` as people read it at `now`. Days are counted on the calendar of `zone`."""
    day = due_at.astimezone(zone).date()
    ahead = (day - now.astimezone(zone).date()).days
    if ahead < 0:
        return Due(day, "1 day over" if ahead == -1 else f"{-ahead} days over", "over")
    if ahead < 2:
        return Due(day, "tomorrow" if ahead else "today", "week" if ahead else "today")
    return Due(day, f"in {ahead} days", "week" if ahead < 7 else "later")
