"""When a digest goes out, and which time it tells of: by the member's own clocks, also when these are put forward or back."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: How often, each with what that is called. A week begins on Monday.
EVERY: dict[str, str] = {"weekly": "Every Monday", "daily": "Every day", "never": "Never"}
#: What a member gets who has chosen nothing.
USUAL, USUAL_HOUR = "weekly", 8

_DAYS = {"daily": 1, "weekly": 7}


def next_moment(every: str, hour: int, zone: ZoneInfo, after: datetime) -> datetime | None:
    """The next moment after `after` at which the clocks of `zone` show `hour`, on a Monday if `every` is weekly; `None` for
    never. An hour that is left out in spring is the one after it; of one that comes twice in autumn it is the first."""
    if every not in _DAYS:
        return None
    today = after.astimezone(zone).date()
    for ahead in range(9):
        day = today + timedelta(days=ahead)
        moment = datetime.combine(day, time(hour), zone).astimezone(UTC)
        if moment > after and (every == "daily" or day.weekday() == 0):
            return moment
    raise AssertionError("a week has a Monday")


def latest(every: str, hour: int, zone: ZoneInfo, due: datetime, now: datetime) -> datetime:
    """The last moment up to `now` at which a digest was to go out, beginning with `due`: after a pause there is only one."""
    while (following := next_moment(every, hour, zone, due)) is not None and following <= now:
        due = following
    return due


def told_of(every: str, zone: ZoneInfo, due: datetime) -> tuple[datetime, datetime, datetime]:
    """The time that a digest at `due` tells of, as its beginning and its end, after the beginning of the time before it:
    whole days on the clocks of `zone`."""
    days = _DAYS[every]
    local = due.astimezone(zone)
    before, since = (local - timedelta(days=days * times) for times in (2, 1))
    return before.astimezone(UTC), since.astimezone(UTC), due
