"""The zones that times can be shown in."""

from functools import lru_cache
from zoneinfo import available_timezones

#: Areas of the IANA data base that places are named in; the others are old names and fixed offsets.
_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@lru_cache(1)
def zones() -> tuple[str, ...]:
    """UTC, and every place of the IANA time zone data base, by name."""
    return (
        "UTC",
        *sorted(zone for zone in available_timezones() if zone.startswith(tuple(f"{area}/" for area in _AREAS))),
    )


def zone_or_utc(said: str) -> str:
    """The zone that a browser says its clock is in; UTC where it says none that is known."""
    return said if said in zones() else "UTC"
