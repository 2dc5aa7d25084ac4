"""Writes to deliveries. A message is written down as `sending` and committed before a provider hears of it; whoever finds one
in that state afterwards knows that somebody stopped in between, and sends nothing."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from collector.channels.delivery import TAKEN, NewDelivery, Outcome
from collector.channels.models import DeliveryRow, InboundRow
from collector.channels.sms.status import Step
from collector.db.bulk import BulkInsert
from collector.ids import new_uuid

_NEW = BulkInsert(
    DeliveryRow,
    [
        "team_id", "site_id", "submission_id", "purpose", "channel", "digest", "prefix", "state", "tries", "made_at",
        "changed_at",
    ],
    unique=("site_id", "submission_id", "purpose", "channel"),
)  # fmt: skip
_INBOUND = BulkInsert(InboundRow, ["sid", "came_at"], unique=("sid",))
#: A number for PostgreSQL's lock, the same in every process.
_LOCK = 5_482_710_213
#: A provider that was not heard tells again within hours.
_REMEMBERED = timedelta(days=30)


def begin(tx: Session, new: NewDelivery, now: datetime) -> bool:
    """Claims the one message of this purpose, or its next try. `False` when somebody else has it: then it is not sent."""
    who = (new.team, new.site, new.submission, new.purpose, new.channel, new.digest, new.prefix)
    if _NEW.run(tx, [(*who, "sending", 1, now, now)])() == 1:
        return True
    again = {"state": "sending", "tries": DeliveryRow.tries + 1, "changed_at": now}
    return _change(tx, new, DeliveryRow.state == "deferred", **again) is not None


def settle(tx: Session, of: NewDelivery, outcome: Outcome, due_at: datetime | None, now: datetime) -> None:
    """Writes what became of a message. One that was given up as uncertain meanwhile is known now."""
    waits = DeliveryRow.state.in_(("sending", "uncertain"))
    _change(tx, of, waits, state=outcome.state, reply=outcome.reply, due_at=due_at, changed_at=now)


def give_up(tx: Session, of: NewDelivery, now: datetime) -> None:
    """Makes a message uncertain whose sender stopped before it said what became of it."""
    _change(tx, of, DeliveryRow.state == "sending", state="uncertain", reply="stopped", changed_at=now)


def report(tx: Session, of: NewDelivery, step: Step, reply: str, now: datetime) -> bytes | None:
    """Writes what a provider reported of a message. Returns the digest of its address; `None` when the report is no news, or
    there is no such message."""
    return _change(tx, of, DeliveryRow.state.in_(step.since), state=step.to, reply=reply, changed_at=now)


def part(tx: Session, site: int, submission: UUID, now: datetime) -> None:
    """Parts the messages about a response from it, each under a name of its own: a mailbox that was written to still counts,
    about what is known no more. One that is on its way becomes uncertain."""
    rows = select(DeliveryRow).where(DeliveryRow.site_id == site, DeliveryRow.submission_id == submission)
    for row in tx.scalars(rows.with_for_update()):
        row.submission_id = new_uuid(now)
        if row.state == "sending":
            row.state, row.reply, row.changed_at = "uncertain", "stopped", now
    tx.flush()


def hold_texts(tx: Session) -> None:
    """Keeps everybody else from deciding about messages by SMS until the transaction ends, so that two who decide at once do
    not both find room for the last one. On SQLite, writers are alone anyway."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def first_heard(tx: Session, sid: str, now: datetime) -> bool:
    """Notes that a message came in. `False` when it was told before."""
    tx.execute(delete(InboundRow).where(InboundRow.came_at < now - _REMEMBERED))
    return _INBOUND.run(tx, [(sid, now)])() == 1


def bounce(tx: Session, of: NewDelivery, now: datetime) -> bool:
    """Writes that a message which a server had taken came back after all. `False` when it was not known as taken."""
    taken = DeliveryRow.state.in_((*TAKEN, "uncertain"))
    return _change(tx, of, taken, state="undeliverable", reply="bounced", changed_at=now) is not None


def mark_scanned(tx: Session, site: int, submission: UUID, now: datetime) -> None:
    """Remembers that a program went through the links of the messages to the person behind a response."""
    tx.execute(
        update(DeliveryRow)
        .where(DeliveryRow.site_id == site, DeliveryRow.submission_id == submission)
        .values(scanned_at=now)
        .execution_options(synchronize_session=False)
    )


def _change(tx: Session, of: NewDelivery, only: ColumnElement[bool], **values: object) -> bytes | None:
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
        .returning(DeliveryRow.digest)
        .execution_options(synchronize_session=False)
    )
    return tx.scalar(statement)
