"""Writes of who gets a digest, and when."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from collector.db.bulk import BulkInsert
from collector.notices.digests.period import USUAL, USUAL_HOUR, latest, next_moment
from collector.notices.digests.queries import due, newcomers
from collector.notices.models import DigestRow
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry
from collector.reaching.hours import zone_called

#: The order that sends one digest.
ORDER = "digest.send"


#: Two may write down the same newcomer at once; the first one counts.
_ADD = BulkInsert(DigestRow, ["member_id", "team_id", "every", "hour", "due_at"], unique=("member_id", "team_id"))


def choose(tx: Session, member: int, team: int, every: str, hour: int, zone: str, now: datetime) -> None:
    """Writes down how often a member hears of a team, and at which hour of the day in `zone`."""
    _add(tx, [(member, team, zone)], now)
    tx.execute(
        update(DigestRow)
        .where(DigestRow.member_id == member, DigestRow.team_id == team)
        .values(every=every, hour=hour, due_at=next_moment(every, hour, zone_called(zone), now))
    )


def stop(tx: Session, member: int, team: int) -> None:
    """Sends a member no digest of a team any more. Changes nothing for whoever has none."""
    row = tx.get(DigestRow, (member, team))
    if row is not None:
        row.every, row.due_at = "never", None
        tx.flush()


def welcome(tx: Session, now: datetime, limit: int) -> int:
    """Gives up to `limit` members who have chosen nothing what is usual; returns how many."""
    new = newcomers(tx, limit)
    _add(tx, new, now)
    return len(new)


def order_due(tx: Session, now: datetime, limit: int) -> int:
    """Orders up to `limit` digests that are due, each once, and says when the next ones are; returns how many it looked at."""
    waiting = due(tx, now, limit)
    for one in waiting:
        assert one.due_at is not None
        zone = zone_called(one.zone)
        moved = tx.execute(
            update(DigestRow)
            .where(DigestRow.member_id == one.member, DigestRow.team_id == one.team, DigestRow.due_at == one.due_at)
            .values(due_at=next_moment(one.every, one.hour, zone, now))
            .returning(DigestRow.member_id)
            .execution_options(synchronize_session=False)
        ).first()
        if moved is not None:
            told_at = latest(one.every, one.hour, zone, one.due_at, now).isoformat()
            payload = {"member": one.member, "team": one.team, "due": told_at}
            put(tx, [NewEntry(ORDER, payload, now, key=f"digest:{one.member}:{one.team}:{told_at}")])
    return len(waiting)


def _add(tx: Session, members: Sequence[tuple[int, int, str]], now: datetime) -> None:
    rows = [
        (member, team, USUAL, USUAL_HOUR, next_moment(USUAL, USUAL_HOUR, zone_called(zone), now))
        for member, team, zone in members
    ]
    _ADD.run(tx, rows)
