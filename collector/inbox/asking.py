"""What the inbox's query string asks for: which filter is on, and the addresses that turn parts of it off and on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.cases.filters import CASE_FILTERS, CaseFilter, parse_case_filter
from collector.inbox.views import query_of
from collector.problems import ValidationFailed
from collector.responses.filters import FILTERS, Filter, parse_filter

NAMES: tuple[str, ...] = (*FILTERS, *CASE_FILTERS)

#: How a filter is called on its chip; the others carry the words of their values.
_CALLED: dict[str, str] = {
    "since": "Since",
    "until": "Before",
    "page": "Page",
    "language": "Language",
    "attribute": "Attribute",
    "survey": "Survey",
    "tag": "Tag",
    "owner": "Owner",
    "state": "Case",
}
_YES_AND_NO: dict[str, tuple[str, str]] = {
    "answered": ("Answered", "Not answered"),
    "partial": ("Unfinished", "Finished"),
    "suspect": ("Suspect", "Not suspect"),
    "overdue": ("Overdue", ""),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of the filter that is on. `without` is the query string that is left when it is taken off."""

    name: str
    words: str
    without: str


@dataclass(frozen=True, slots=True)
class Asking:
    """A query as it was given and what it means. `faults` says by name what is wrong with it."""

    given: Mapping[str, str]
    wanted: Filter
    cases: CaseFilter
    faults: Mapping[str, str]

    @property
    def query(self) -> str:
        """The filter as a query string, without a place."""
        return query_of(self.given.items())


def asking(given: Mapping[str, str], now: datetime) -> Asking:
    """What these parameters mean; those that are empty or no filter are passed over."""
    kept = {name: given[name].strip() for name in NAMES if given.get(name, "").strip()}
    faults: dict[str, str] = {}
    wanted, cases = Filter(), CaseFilter()
    try:
        wanted = parse_filter({name: text for name, text in kept.items() if name in FILTERS})
    except ValidationFailed as refused:
        faults |= {str(fault.parameter): fault.detail for fault in refused.faults}
    try:
        cases = parse_case_filter({name: text for name, text in kept.items() if name in CASE_FILTERS}, now)
    except ValidationFailed as refused:
        faults |= {str(fault.parameter): fault.detail for fault in refused.faults}
    return Asking(kept, wanted, cases, faults)


def chips(asked: Asking, names: Mapping[str, Mapping[str, str]]) -> Sequence[Chip]:
    """A chip for each part of the filter that is on. `names` holds what values are called, by filter: sites by their key."""
    return [
        Chip(
            name,
            _words(name, text, names),
            query_of((other, is_) for other, is_ in asked.given.items() if other != name),
        )
        for name, text in asked.given.items()
    ]


def _words(name: str, text: str, names: Mapping[str, Mapping[str, str]]) -> str:
    if name in _YES_AND_NO:
        yes, no = _YES_AND_NO[name]
        return yes if text == "yes" else no if text == "no" and no else f"{name} {text}"
    if name == "set_aside" and text == "no":
        return "Not set aside"
    words = names.get(name, {}).get(text, text)
    if name == "text":
        return f"“{words}”"
    return f"{_CALLED[name]}: {words}" if name in _CALLED else words
