"""Whether a message by SMS may go to a number at all, and whether there is room for one more: each costs money, and whoever
types in numbers that are not theirs spends our money (https://www.twilio.com/docs/glossary/what-is-sms-pumping-fraud)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from collector.channels.sms.number import refusal
from collector.channels.sms.worth import Tally, stopped
from collector.reaching.manners import DAY, Manners

Limit = Literal["prefix", "site", "installation"]
_WHERE: dict[Limit, str] = {
    "prefix": "to numbers that begin like this one",
    "site": "from this site",
    "installation": "from the whole installation",
}


@dataclass(frozen=True, slots=True)
class TextRules:
    """What the operator allows: countries (ISO 3166, two letters), and messages by SMS within 24 hours."""

    countries: tuple[str, ...] = ()
    prefix_a_day: int = 5
    site_a_day: int = 50
    a_day: int = 200

    def most(self) -> Mapping[Limit, int]:
        """The most messages within 24 hours, by what they are counted over."""
        return {"prefix": self.prefix_a_day, "site": self.site_a_day, "installation": self.a_day}


@dataclass(frozen=True, slots=True)
class Full:
    """There is no room for a message before `until`; `why` ends the sentence "asked by sms …"."""

    until: datetime
    why: str


def barred(number: str, rules: TextRules, manners: Manners, tally: Tally) -> str | None:
    """Why no message goes to this number, in a sentence; `None` when one may."""
    wanted = manners.sms_countries
    countries = rules.countries if wanted == ("all",) else tuple(set(wanted) & set(rules.countries))
    return refusal(number, countries) or stopped(tally, manners.sms_answers)


def full(rules: TextRules, decisive: Mapping[Limit, datetime | None]) -> Full | None:
    """Whether there is no room, and until when. `decisive` holds, for each limit, when the message was tried that must be older
    than a day before the next one may go; `None` where there is room."""
    found = [(at + DAY, limit) for limit, at in decisive.items() if at is not None]
    if not found:
        return None
    until, limit = max(found)
    return Full(until, f"once fewer than {rules.most()[limit]} messages by SMS went {_WHERE[limit]} within a day")
