"""When a message of a rule's goes out, and when a rule has knocked often enough at a door that nobody opens."""

from datetime import datetime, timedelta

#: Between two messages of one rule.
LEAST = timedelta(minutes=5)
#: Answers in a row that nobody is there, after which a rule is switched off. With the outbox's waits the fifth comes after half
#: an hour: a service that is being restarted says 404 for a minute.
MOST_REFUSALS = 5
#: How long a message that goes out slowly holds up the next one: the longest wait between two tries, and some.
PATIENCE = timedelta(hours=30)


def due_at(gather: int, told_at: datetime | None, now: datetime) -> datetime:
    """When a message that begins to gather at `now` goes out. `gather` is in minutes; `told_at` is when the last one went."""
    least = now if told_at is None else told_at + LEAST
    return max(now + timedelta(minutes=gather), least)


def look_again(gather: int, now: datetime) -> datetime:
    """When a message is looked at again that has to wait for the one before it; it gathers meanwhile."""
    return now + max(LEAST, timedelta(minutes=gather))
