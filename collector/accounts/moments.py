"""Times as a member reads them."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def shown(at: datetime, zone: str) -> str:
    """`at` in the member's zone, such as `22 Nov 2026, 09:05`; in UTC, and saying so, when the zone is not known any more."""
    try:
        local = at.astimezone(ZoneInfo(zone))
        return f"{local.day} {local:%b %Y, %H:%M}"
    except (ZoneInfoNotFoundError, ValueError):
        return f"{at.day} {at:%b %Y, %H:%M} UTC"
