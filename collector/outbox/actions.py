"""Writes to the outbox. Nothing here commits; what is put belongs to the caller's transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from collector.db import table_of
from collector.db.bulk import Bulk, BulkInsert
from collector.outbox.entry import ClaimedEntry, NewEntry
from collector.outbox.models import EntryRow
from collector.outbox.retry import CRASHES_TO_PARK

_ENTRY = table_of(EntryRow)
#: Made once and on the table, which costs a quarter.
_FINISH = (
    delete(_ENTRY)
    .where(
        _ENTRY.c.id.in_(bindparam("entries", expanding=True)),
        _ENTRY.c.owner == bindparam("owner"),
        _ENTRY.c.state == "held",
    )
    .returning(_ENTRY.c.id)
)
_PUT = BulkInsert(EntryRow, ["kind", "payload", "due_at", "key", "state", "attempts", "crashes"], unique=("key",))


def put(tx: Session | Bulk, entries: Sequence[NewEntry]) -> None:
    """Writes `entries`; one whose key is already there stays as it is."""
    _PUT.run(tx, [(new.kind, new.payload, new.due_at, new.key, "waiting", 0, 0) for new in entries])


def claim(
    tx: Session, owner: str, now: datetime, lease: timedelta, limit: int, but: Collection[str] = ()
) -> list[ClaimedEntry]:
    """Takes up to `limit` entries that are due, of all kinds `but` these, and holds them for `owner`.

    One statement for both databases: SQLite leaves the lock clause out, where the immediate transaction does its work."""
    is_due = (EntryRow.state == "waiting") & (EntryRow.due_at <= now)
    return _claim(tx, owner, now, lease, limit, is_due & EntryRow.kind.not_in(but))


def claim_orders(
    tx: Session, owner: str, now: datetime, lease: timedelta, limit: int, kinds: Collection[str]
) -> list[ClaimedEntry]:
    """Takes up to `limit` entries of these kinds that are due. Few at once: each takes long, and others may help."""
    is_due = (EntryRow.state == "waiting") & (EntryRow.due_at <= now)
    return _claim(tx, owner, now, lease, limit, is_due & EntryRow.kind.in_(kinds))


def claim_abandoned(tx: Session, owner: str, now: datetime, lease: timedelta) -> list[ClaimedEntry]:
    """Takes one entry whose holder let the lease run out. That counts as a crash; after three the entry is parked, so that
    it cannot take workers down for ever. One at a time: what a poisonous entry takes down with it must not count too."""
    return _claim(tx, owner, now, lease, 1, (EntryRow.state == "held") & (EntryRow.lease_until <= now))


def _claim(
    tx: Session, owner: str, now: datetime, lease: timedelta, limit: int, free: ColumnElement[bool]
) -> list[ClaimedEntry]:
    due = (
        select(EntryRow.id)
        .where(free)
        .order_by(EntryRow.due_at, EntryRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    crashes = EntryRow.crashes + case((EntryRow.state == "held", 1), else_=0)
    parked = crashes >= CRASHES_TO_PARK
    claimed = tx.execute(
        update(EntryRow)
        .where(EntryRow.id.in_(due.scalar_subquery()))
        .values(
            state=case((parked, "parked"), else_="held"),
            crashes=crashes,
            attempts=EntryRow.attempts + 1,
            owner=owner,
            lease_until=now + lease,
            last_error=case((parked, "the worker stopped three times while it held this"), else_=EntryRow.last_error),
        )
        .returning(EntryRow.id, EntryRow.kind, EntryRow.payload, EntryRow.attempts, EntryRow.due_at, EntryRow.state)
        .execution_options(synchronize_session=False)
    ).all()
    held = [
        ClaimedEntry(row.id, row.kind, row.payload, row.attempts, row.due_at) for row in claimed if row.state == "held"
    ]
    return sorted(held, key=lambda entry: entry.id)


def finish(tx: Session, entries: Sequence[int], owner: str) -> set[int]:
    """Removes entries that were carried out and returns which: not those that `owner` no longer holds, for a late worker
    changes nothing."""
    return set(tx.execute(_FINISH, {"entries": entries, "owner": owner}).scalars())


def postpone(tx: Session, entry_id: int, owner: str, due_at: datetime) -> None:
    """Puts an entry that went well back until `due_at`, as if it were new; nothing happens when `owner` lost it meanwhile."""
    tx.execute(
        update(EntryRow)
        .where(EntryRow.id == entry_id, EntryRow.owner == owner, EntryRow.state == "held")
        .values(state="waiting", owner=None, lease_until=None, attempts=0, crashes=0, last_error=None, due_at=due_at)
        .execution_options(synchronize_session=False)
    )


def replay(tx: Session, entry_id: int, now: datetime) -> bool:
    """Has an entry that was given up carried out after all. `False` when there is none of this number."""
    statement = (
        update(EntryRow)
        .where(EntryRow.id == entry_id, EntryRow.state == "parked")
        .values(state="waiting", owner=None, lease_until=None, attempts=0, crashes=0, due_at=now)
        .returning(EntryRow.id)
        .execution_options(synchronize_session=False)
    )
    return tx.execute(statement).first() is not None


def fail(tx: Session, entry_id: int, owner: str, error: str, due_at: datetime | None) -> bool:
    """Puts a failed entry back until `due_at`, or parks it when that is `None`. `False` when `owner` lost it meanwhile."""
    statement = (
        update(EntryRow)
        .where(EntryRow.id == entry_id, EntryRow.owner == owner, EntryRow.state == "held")
        .values(
            state="parked" if due_at is None else "waiting",
            owner=None,
            lease_until=None,
            last_error=error[:500],
            **({} if due_at is None else {"due_at": due_at}),
        )
        .returning(EntryRow.id)
    )
    return tx.execute(statement).first() is not None
