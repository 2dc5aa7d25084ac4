"""Which clocks a phone number's owner may live by, where nothing else says so."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from collector.channels.sms.number import country_of


def zones_of(number: str) -> tuple[str, ...]:
    """The IANA time zones of the country that a number in E.164 form belongs to; none where that is not known."""
    return _by_country().get(country_of(number) or "", ())


@cache
def _by_country() -> Mapping[str, tuple[str, ...]]:
    """The table that comes with the time zones: country, coordinates, zone, parted by tabs."""
    found: dict[str, tuple[str, ...]] = {}
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found[country] = (*found.get(country, ()), zone)
    return found
