"""Reads of the outbox."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.outbox.models import EntryRow


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits: entries that are due, and those given up."""

    due: int
    parked: int


@dataclass(frozen=True, slots=True)
class Parked:
    """An entry that was given up, and why."""

    id: int
    kind: str
    attempts: int
    error: str


def parked(tx: Session) -> list[Parked]:
    """The entries that were given up, oldest first."""
    rows = tx.scalars(select(EntryRow).where(EntryRow.state == "parked").order_by(EntryRow.id))
    return [Parked(row.id, row.kind, row.attempts, row.last_error or "") for row in rows]


def backlog(tx: Session, now: datetime) -> Backlog:
    """What waits at `now`."""
    is_due = EntryRow.state.in_(("waiting", "held")) & (EntryRow.due_at <= now)
    due = tx.execute(select(func.count()).where(is_due)).scalar_one()
    parked = tx.execute(select(func.count()).where(EntryRow.state == "parked")).scalar_one()
    return Backlog(due, parked)
