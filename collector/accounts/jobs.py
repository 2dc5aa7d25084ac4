"""What the worker does for accounts."""

from datetime import datetime

from collector.accounts.door.actions import forget_ended
from collector.db import Database


def forget(database: Database, now: datetime) -> int:
    """Deletes sessions, links, challenges and tries that are over; returns how many."""
    with database.writing() as tx:
        return forget_ended(tx, now)
