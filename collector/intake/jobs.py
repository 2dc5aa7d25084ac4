"""What the worker does for the front door."""

from datetime import datetime

from collector.db import Database
from collector.intake.actions import forget_proofs


def forget(database: Database, now: datetime) -> int:
    """Deletes challenges that were answered and are over; returns how many."""
    with database.writing() as tx:
        return forget_proofs(tx, now)
