"""Saved views: a filter of the inbox under a name."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

#: Letters of a name, and of a query.
LONGEST_NAME = 60
LONGEST_QUERY = 1000


@dataclass(frozen=True, slots=True)
class View:
    """A saved view. `by` is the colleague who shares it; `None` for one's own."""

    id: int
    name: str
    query: str
    shared: bool
    by: str | None


def query_of(given: Iterable[tuple[str, str]]) -> str:
    """The query string in its one form: in the order of the names, without what is empty."""
    return urlencode(sorted((name, text) for name, text in given if text))


def kept_query(query: str, names: Iterable[str]) -> str:
    """What of a query string is a filter by one of `names`; where a page begins is no part of a view."""
    allowed = set(names)
    return query_of((name, text) for name, text in parse_qsl(query) if name in allowed)


def kept_name(text: str) -> str | None:
    """A view's name as it is kept, on one line; `None` when it is none."""
    name = " ".join(text.split())
    return name if 1 <= len(name) <= LONGEST_NAME and name.isprintable() else None
