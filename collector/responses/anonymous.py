"""What is left of a response that points to nobody any more: beside score, segment and category, the day and the path."""

from datetime import UTC, datetime


def day_of(at: datetime) -> datetime:
    """The noon of a moment's day in UTC, which is that day in most of the world."""
    return at.astimezone(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


def without_parameters(page: str | None) -> str | None:
    """A page's address without its parameters, of which one may name a person."""
    return page.partition("?")[0] if page else None
