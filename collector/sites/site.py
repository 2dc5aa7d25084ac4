"""A registered site as a plain value."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

#: What becomes of a response when it is old enough: nothing is left, or nothing that points to a person.
AtAge = Literal["erase", "anonymise"]


@dataclass(frozen=True, slots=True)
class Site:
    """A web property. `key` is public and can only submit; `parameters` are the query parameters kept of a page; `seen_at` is
    when one of its pages asked for the form for the first time, `keep_days` for how long its responses are kept, `None` for as
    long as nobody erases them. After that they become what `at_age` says; those from before `ended_before` are it by now."""

    id: int
    team: int
    key: str
    name: str
    origins: tuple[str, ...]
    industry: str
    language: str
    parameters: frozenset[str]
    seen_at: datetime | None = None
    keep_days: int | None = None
    at_age: AtAge = "erase"
    ended_before: datetime | None = None
