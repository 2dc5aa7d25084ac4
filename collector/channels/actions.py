"""Writes to deliveries. A message is written down as `sending` and committed before a provider hears of it; whoever finds one
in that state afterwards knows that somebody stopped in between, and sends nothing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from collector.channels.delivery import NewDelivery, Outcome
from collector.channels.models import DeliveryRow
from collector.db.bulk import BulkInsert

_NEW = BulkInsert(
    DeliveryRow,
    ["team_id", "site_id", "submission_id", "purpose", "channel", "digest", "state", "tries", "made_at", "changed_at"],
    unique=("site_id", "submission_id", "purpose", "channel"),
)


def begin(tx: Session, new: NewDelivery, now: datetime) -> bool:
    """Claims the one message of this purpose, or its next try. `False` when somebody else has it: then it is not sent."""
    row = (new.team, new.site, new.submission, new.purpose, new.channel, new.digest, "sending", 1, now, now)
    if _NEW.run(tx, [row])() == 1:
        return True
    return _change(
        tx, new, DeliveryRow.state == "deferred", state="sending", tries=DeliveryRow.tries + 1, changed_at=now
    )


def settle(tx: Session, of: NewDelivery, outcome: Outcome, due_at: datetime | None, now: datetime) -> None:
    """Writes what became of a message. One that was given up as uncertain meanwhile is known now."""
    waits = DeliveryRow.state.in_(("sending", "uncertain"))
    _change(tx, of, waits, state=outcome.state, reply=outcome.reply, due_at=due_at, changed_at=now)


def give_up(tx: Session, of: NewDelivery, now: datetime) -> None:
    """Makes a message uncertain whose sender stopped before it said what became of it."""
    _change(tx, of, DeliveryRow.state == "sending", state="uncertain", reply="stopped", changed_at=now)


def bounce(tx: Session, of: NewDelivery, now: datetime) -> bool:
    """Writes that a message which a server had taken came back after all. `False` when it was not known as taken."""
    taken = DeliveryRow.state.in_(("sent", "uncertain"))
    return _change(tx, of, taken, state="undeliverable", reply="bounced", changed_at=now)


def mark_scanned(tx: Session, site: int, submission: UUID, now: datetime) -> None:
    """Remembers that a program went through the links of the messages to the person behind a response."""
    tx.execute(
        update(DeliveryRow)
        .where(DeliveryRow.site_id == site, DeliveryRow.submission_id == submission)
        .values(scanned_at=now)
        .execution_options(synchronize_session=False)
    )


def _change(tx: Session, of: NewDelivery, only: ColumnElement[bool], **values: object) -> bool:
    statement = (
        update(DeliveryRow)
        .where(
            DeliveryRow.site_id == of.site,
            DeliveryRow.submission_id == of.submission,
            DeliveryRow.purpose == of.purpose,
            DeliveryRow.channel == of.channel,
            only,
        )
        .values(**values)
        .returning(DeliveryRow.id)
        .execution_options(synchronize_session=False)
    )
    return tx.execute(statement).first() is not None
