"""How a site behaves towards people who have left the page. Kept as JSON with the site; what is not said has a default."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from collector.channels.sms.number import COUNTRIES
from collector.problems import Fault, ValidationFailed
from collector.reaching.hours import zone_called


@dataclass(frozen=True, slots=True)
class Manners:
    """Days, hours and counts. Hours are on the person's clocks; Monday is day 0."""

    #: Whether anybody is asked after leaving the page.
    ask: bool = True
    #: Days until somebody who wrote nothing is asked, and somebody who did.
    days_silent: int = 4
    days_written: int = 1
    #: Days until the one reminder; 0 sends none.
    days_reminder: int = 5
    #: Days for which a person who was asked is left in peace by this site, over all channels.
    days_rest: int = 30
    #: From which hour up to which (not included) people are asked, and on which days.
    hour_first: int = 9
    hour_last: int = 12
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    #: The zone of people whose own is not known.
    zone: str = "UTC"
    #: Countries to which messages go by SMS, out of those that the operator allows; or all of these, or none.
    sms_countries: tuple[str, ...] = ("all",)
    #: Per cent of the latest questions by SMS that must have been answered, or the site sends no more; 0 stops nothing.
    sms_answers: int = 5


#: Hours in which a message that could not be handed over is tried again: whoever sleeps is not woken by it.
WAKING = ((0, 1, 2, 3, 4, 5, 6), 8, 20)
#: Messages that one mailbox gets from the whole installation within a day, whatever the sites.
MOST_A_DAY = 3
#: What that is counted over: the last 24 hours, not a calendar's day.
DAY = timedelta(days=1)

#: Least and most of each number.
_BOUNDS = {
    "days_silent": (0, 50),
    "days_written": (0, 50),
    "days_reminder": (0, 30),
    "days_rest": (1, 365),
    "hour_first": (0, 23),
    "hour_last": (1, 24),
    "sms_answers": (0, 50),
}


def manners_from(stored: Mapping[str, object]) -> Manners:
    """The manners that stored JSON gives. A setting of another version's is passed over."""
    known = {field.name for field in fields(Manners)}
    values: dict[str, Any] = {name: value for name, value in stored.items() if name in known}
    values |= {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return replace(Manners(), **values)


def changed(manners: Manners, name: str, text: str) -> Manners:
    """`manners` with one setting as somebody typed it. Raises `ValidationFailed` with what it must look like."""
    made = replace(manners, **{name: _read(name, text)})
    if made.hour_first >= made.hour_last:
        raise _fault("hour_first must lie before hour_last")
    return made


def _read(name: str, text: str) -> Any:
    if name == "ask":
        if text not in ("on", "off"):
            raise _fault("ask is on or off")
        return text == "on"
    if name == "days":
        found = tuple(sorted({int(day) for day in text.split(",") if day in tuple("0123456")}))
        if not found or len(found) != len(text.split(",")):
            raise _fault("days are numbers with commas, Monday is 0: 0,1,2,3,4")
        return found
    if name == "sms_countries":
        return _countries(text)
    if name == "zone":
        if str(zone_called(text)) != text:
            raise _fault(f"{text!r} is not a time zone such as Europe/Helsinki")
        return text
    if name not in _BOUNDS:
        raise _fault(f"{name!r} is none of {', '.join(field.name for field in fields(Manners))}")
    lowest, highest = _BOUNDS[name]
    if not text.isascii() or not text.isdecimal() or not lowest <= int(text) <= highest:
        raise _fault(f"{name} is a whole number from {lowest} to {highest}")
    return int(text)


def _countries(text: str) -> tuple[str, ...]:
    found = tuple(sorted(set(text.split(","))))
    if text not in ("all", "none") and not COUNTRIES.issuperset(found):
        raise _fault("sms_countries is all, none, or countries with commas: FI,SE")
    return found


def free_at(messages: Iterable[datetime], moment: datetime) -> datetime:
    """`moment` if a mailbox that got `messages` has room for one more then, else when it next has."""
    recent = sorted(at for at in messages if at > moment - DAY)
    return recent[-MOST_A_DAY] + DAY if len(recent) >= MOST_A_DAY else moment


def hours_for(channel: str, manners: Manners) -> tuple[tuple[int, ...], int, int]:
    """Days, first and last hour at which people are asked. A phone that rings wakes people: no message by SMS outside waking
    hours, whatever the site wants."""
    first, last = manners.hour_first, manners.hour_last
    if channel == "sms":
        first, last = max(first, WAKING[1]), min(last, WAKING[2])
        if first >= last:
            first, last = WAKING[1:]
    return manners.days, first, last


def _fault(detail: str) -> ValidationFailed:
    return ValidationFailed(faults=[Fault(f"{detail}.")])
