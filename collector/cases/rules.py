"""What a team set about its cases: which segments become one by themselves, and how long there is for them. Kept as JSON with
the team; what is not said has a default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from collector.problems import Fault, ValidationFailed
from collector.scales import SCALES

#: Working days until a case is due, by where its segment lies on its scale.
_DAYS = {"low": 2, "middle": 4, "high": 10}
MOST_DAYS = 60

#: Segment -> where it lies.
_PLACES = {band.segment: band.place for scale in SCALES.values() for band in scale.bands}


@dataclass(frozen=True, slots=True)
class CaseRules:
    """`zone` is the IANA name of the zone whose days count; `days` are working days until a case of a segment is due;
    `by_itself` are the segments of which a response becomes a case without a press."""

    zone: str = "UTC"
    days: Mapping[str, int] = field(default_factory=lambda: {name: _DAYS[place] for name, place in _PLACES.items()})
    by_itself: frozenset[str] = frozenset(name for name, place in _PLACES.items() if place == "middle")

    @property
    def clock(self) -> ZoneInfo:
        """The zone itself."""
        return ZoneInfo(self.zone)


def rules_from(stored: Mapping[str, object]) -> CaseRules:
    """The rules that stored JSON gives. A segment of another version's is passed over."""
    default = CaseRules()
    days, chosen, zone = stored.get("days"), stored.get("by_itself"), stored.get("zone")
    given = {name: count for name, count in days.items() if name in _PLACES} if isinstance(days, Mapping) else {}
    return CaseRules(
        zone=zone if isinstance(zone, str) and _is_known(zone) else default.zone,
        days={**default.days, **given},
        by_itself=frozenset(chosen) & _PLACES.keys() if isinstance(chosen, list) else default.by_itself,
    )


def _is_known(zone: str) -> bool:
    # One is looked up in microseconds; the list of all is read from the disk anew each time.
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def stored_from(rules: CaseRules) -> dict[str, object]:
    """The JSON that `rules_from` reads."""
    return {"zone": rules.zone, "days": dict(rules.days), "by_itself": sorted(rules.by_itself)}


def changed(rules: CaseRules, zone: str, days: Mapping[str, str], by_itself: frozenset[str]) -> CaseRules:
    """`rules` with what a form says: of the segments in `days`, and of no others. Raises `ValidationFailed` with a fault for
    each field, whose name is its `parameter`."""
    faults = []
    if zone not in available_timezones():
        faults.append(Fault("There is no such time zone. One is called Europe/Berlin.", parameter="zone"))
    counts: dict[str, int] = {}
    for name, text in days.items():
        if text.isascii() and text.isdecimal() and len(text) < 4 and int(text) <= MOST_DAYS:
            counts[name] = int(text)
        else:
            faults.append(Fault(f"A whole number of days from 0 to {MOST_DAYS}.", parameter=f"days-{name}"))
    if faults:
        raise ValidationFailed(faults=faults)
    return CaseRules(zone, {**rules.days, **counts}, (rules.by_itself - days.keys()) | (by_itself & days.keys()))
