"""A registered site as a plain value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """A web property. `key` is public and can only submit; `parameters` are the query parameters kept of a page."""

    id: int
    team: int
    key: str
    name: str
    origins: tuple[str, ...]
    industry: str
    language: str
    parameters: frozenset[str]
