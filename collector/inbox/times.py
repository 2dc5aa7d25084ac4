"""Moments as people read them in a list: the shorter the nearer."""

from datetime import datetime, tzinfo


def when(at: datetime, now: datetime, zone: tzinfo) -> str:
    """The clock's time for today, the day for this year, else the day with its year; in `zone`."""
    there, today = at.astimezone(zone), now.astimezone(zone)
    if there.date() == today.date():
        return f"{there:%H:%M}"
    return f"{there.day} {there:%b}" if there.year == today.year else f"{there.day} {there:%b %Y}"
