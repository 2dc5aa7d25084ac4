"""How long a browser stays signed in."""

from datetime import datetime, timedelta

#: Without a request for this long, and in any case after this long, somebody signs in again.
IDLE = timedelta(days=7)
WHOLE = timedelta(days=30)
#: How exactly it is known when a session was last seen; each look costs a write.
_NOTED = timedelta(minutes=5)


def is_over(created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session has ended by itself."""
    return now >= min(seen_at + IDLE, created_at + WHOLE)


def wants_noting(seen_at: datetime, now: datetime) -> bool:
    """Whether it is written down that the session was seen now."""
    return now >= seen_at + _NOTED
