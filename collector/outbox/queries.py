"""Reads of the outbox."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.outbox.models import EntryRow


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits: entries that are due, the oldest one's due time, and those given up."""

    due: int
    oldest_due_at: datetime | None
    parked: int


def backlog(tx: Session, now: datetime) -> Backlog:
    """What waits at `now`."""
    due, oldest = tx.execute(
        select(func.count(), func.min(EntryRow.due_at)).where(EntryRow.state != "parked", EntryRow.due_at <= now)
    ).one()
    parked = tx.execute(select(func.count()).where(EntryRow.state == "parked")).scalar_one()
    return Backlog(due, oldest, parked)
