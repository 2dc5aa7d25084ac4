"""Which responses are meant: parsed once, used alike by the list, the export and the command line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from collector.problems import Fault, ValidationFailed
from collector.responses import attributes
from collector.responses.search import sought_in
from collector.responses.text import storable
from collector.scales import SEGMENTS

_CATEGORY = re.compile(r"[a-z][a-z0-9-]{0,39}")
_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")
_PAGE = re.compile(r"(/|https?://)[!-~]{0,500}")
#: Letters of a search.
LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """What narrows a set of responses. `since` is included, `until` is not; both are aware and in UTC. `text` holds the
    words that are looked for, folded; `page` is the beginning of a path or of a whole address. What the team set aside is left
    out unless `set_aside` asks for it: alone, or together with the rest."""

    site: str | None = None
    survey: str | None = None
    segment: str | None = None
    category: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    answered: bool | None = None
    partial: bool | None = None
    suspect: bool | None = None
    attribute: tuple[str, str] | None = None
    language: str | None = None
    page: str | None = None
    text: tuple[str, ...] | None = None
    set_aside: Literal["no", "yes", "all"] = "no"


#: The names that a filter may have, on the wire and on the command line, and what each means.
FILTERS: dict[str, str] = {
    "site": "Key of the site.",
    "survey": "Key of the survey.",
    "segment": "Segment, such as passive.",
    "category": "Key of the category, such as price.",
    "since": "First moment: a day (2026-11-01) or a time with its zone (2026-11-01T09:00:00Z).",
    "until": "Moment from which on responses are left out, written alike.",
    "answered": "yes: only with an answered follow-up; no: only without.",
    "partial": "yes: only what was left after a score was picked; no: only what was sent.",
    "suspect": "yes: only what is hardly a person's; no: all the rest.",
    "attribute": "Name and value of something that the page said, such as plan:pro.",
    "language": "Language of the form; de is also de-AT.",
    "page": "How the page's path begins (/checkout), or its whole address (https://www.example.com/checkout).",
    "text": "Words in the comment or the answer, all of them; the beginning of a word is enough.",
    "set_aside": "yes: only what the team set aside; all: together with the rest; otherwise it is left out.",
}


def parse_filter(given: Mapping[str, str]) -> Filter:
    """The filter that these names and texts mean. Raises `ValidationFailed` with a fault for each that is not valid."""
    faults: list[Fault] = []
    values: dict[str, object] = {}
    for name, text in given.items():
        try:
            values[name] = _READERS[name](text)
        except ValueError as error:
            faults.append(Fault(str(error), parameter=name))
    if faults:
        raise ValidationFailed(faults=faults)
    return Filter(**values)  # type: ignore[arg-type]  # each reader gives what its field holds


def _site(text: str) -> str:
    if not 1 <= len(text) <= 120 or not text.isprintable():
        raise ValueError("is not a site's key or name")
    return text


def _segment(text: str) -> str:
    if text not in SEGMENTS:
        raise ValueError(f"must be one of {', '.join(SEGMENTS)}")
    return text


def _category(text: str) -> str:
    if not _CATEGORY.fullmatch(text):
        raise ValueError("is not the key of a category")
    return text


def _moment(text: str) -> datetime:
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("must be a day such as 2026-11-01 or a time with its zone such as 2026-11-01T09:00:00Z")


def _yes_or_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError("must be yes or no")
    return text == "yes"


def _attribute(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not attributes.NAME.fullmatch(name) or not (len(value) <= attributes.LONGEST and storable(value)):
        raise ValueError("must be a name and a value such as plan:pro")
    return name, value


def _survey(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise ValueError("is not a survey's key")
    return text


def _language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise ValueError("must be a language such as de or pt-BR")
    return text


def _page(text: str) -> str:
    if not _PAGE.fullmatch(text):
        raise ValueError("must begin with / or https://")
    return text


def _text(text: str) -> tuple[str, ...]:
    words = sought_in(text) if len(text) <= LONGEST_SEARCH else ()
    if not words:
        raise ValueError(f"needs a word of two letters or more, and has at most {LONGEST_SEARCH} letters")
    return words


def _set_aside(text: str) -> str:
    if text not in ("no", "yes", "all"):
        raise ValueError("must be no, yes or all")
    return text


_READERS = {
    "site": _site,
    "survey": _survey,
    "segment": _segment,
    "category": _category,
    "since": _moment,
    "until": _moment,
    "answered": _yes_or_no,
    "partial": _yes_or_no,
    "suspect": _yes_or_no,
    "attribute": _attribute,
    "language": _language,
    "page": _page,
    "text": _text,
    "set_aside": _set_aside,
}
