"""Decent hours, in the zone where the person lives."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_called(*names: str | None) -> ZoneInfo:
    """The first of these IANA time zones that there is; UTC in the end."""
    for name in names:
        try:
            if name:
                return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


def next_open(moment: datetime, zone: ZoneInfo, days: tuple[int, ...], first: int, last: int) -> datetime:
    """`moment` if the clocks of `zone` then show an hour from `first` up to `last` (not included) on one of `days` (Monday is
    0), else the next moment at which they do. Where the clocks are put forward over the whole of it, the day after that.

    Raises `ValueError` when no such hour comes within two weeks: there are no days, or no hours."""
    local = moment.astimezone(zone)
    if _is_open(local, days, first, last):
        return moment
    for ahead in range(15):
        day = local.date() + timedelta(days=ahead)
        # Put forward into the gap, the first hour stands for one that the clocks do show; the look back says which.
        begin = datetime.combine(day, time(first), zone).astimezone(UTC)
        if (
            begin >= moment
            and begin.astimezone(zone).date() == day
            and _is_open(begin.astimezone(zone), days, first, last)
        ):
            return begin
    raise ValueError("there are no such hours")


def next_open_in_all(
    moment: datetime, zones: Sequence[ZoneInfo], days: tuple[int, ...], first: int, last: int
) -> datetime:
    """As `next_open`, on the clocks of all `zones` at once: for somebody who may live by any of them.

    Raises `ValueError` when no such hour comes, or none within sixty turns."""
    for _ in range(60):
        began = moment
        for zone in zones:
            moment = next_open(moment, zone, days, first, last)
        if moment == began:
            return moment
    raise ValueError("there are no such hours")


def _is_open(local: datetime, days: tuple[int, ...], first: int, last: int) -> bool:
    return local.weekday() in days and first <= local.hour < last
