"""The only reader of the time. Edges call `now()`; everything below them is given a time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
