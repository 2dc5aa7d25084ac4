"""Reads of deliveries."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from collector.channels.delivery import QUESTIONS, Attempt, Handed, NewDelivery, Purpose, State
from collector.channels.models import DeliveryRow

#: What somebody was asked longer ago than this many messages, nobody answers by SMS.
_LATEST = 20


def attempts_of(tx: Session, site: int, submission: UUID) -> tuple[Attempt, ...]:
    """What was tried to ask the person behind a response, oldest first."""
    return _attempts(tx, site, submission, QUESTIONS)


def attempt_of(tx: Session, site: int, submission: UUID, purpose: Purpose) -> Attempt | None:
    """What was tried to hand over the first message of a purpose to the person behind a response."""
    return next(iter(_attempts(tx, site, submission, (purpose,))), None)


#: Made once, as every response's page asks for it.
_ATTEMPTS = (
    select(
        DeliveryRow.purpose, DeliveryRow.channel, DeliveryRow.state, DeliveryRow.tries, DeliveryRow.made_at,
        DeliveryRow.due_at,
    )
    .where(
        DeliveryRow.site_id == bindparam("site"),
        DeliveryRow.submission_id == bindparam("submission"),
        DeliveryRow.purpose.in_(bindparam("purposes", expanding=True)),
    )
    .order_by(DeliveryRow.id)
)  # fmt: skip


def _attempts(tx: Session, site: int, submission: UUID, purposes: Collection[Purpose]) -> tuple[Attempt, ...]:
    rows = tx.execute(_ATTEMPTS, {"site": site, "submission": submission, "purposes": purposes})
    return tuple(
        Attempt(cast(Purpose, row.purpose), row.channel, cast(State, row.state), row.tries, row.made_at, row.due_at)
        for row in rows
    )


def tried(tx: Session, of: NewDelivery) -> tuple[datetime, int]:
    """When a message was first tried, and how often since."""
    row = tx.execute(
        select(DeliveryRow.made_at, DeliveryRow.tries).where(
            DeliveryRow.site_id == of.site,
            DeliveryRow.submission_id == of.submission,
            DeliveryRow.purpose == of.purpose,
            DeliveryRow.channel == of.channel,
        )
    ).one()
    return row.made_at, row.tries


def last_message(tx: Session, site: int, submission: UUID) -> Handed | None:
    """The latest message with the question to the person behind a response."""
    rows = tx.execute(
        select(DeliveryRow.channel, DeliveryRow.changed_at, DeliveryRow.scanned_at)
        .where(
            DeliveryRow.site_id == site,
            DeliveryRow.submission_id == submission,
            DeliveryRow.purpose.in_(QUESTIONS),
        )
        .order_by(DeliveryRow.changed_at)
    ).all()
    if not rows:
        return None
    scans = [row.scanned_at for row in rows if row.scanned_at is not None]
    return Handed(rows[-1].channel, rows[-1].changed_at, max(scans, default=None))


def delivery_of(tx: Session, site: int, submission: UUID, purpose: Purpose, channel: str) -> NewDelivery | None:
    """One message as it was begun."""
    row = tx.scalars(
        select(DeliveryRow).where(
            DeliveryRow.site_id == site,
            DeliveryRow.submission_id == submission,
            DeliveryRow.purpose == purpose,
            DeliveryRow.channel == channel,
        )
    ).first()
    return _begun(row) if row else None


def latest_to(tx: Session, digest: bytes) -> list[NewDelivery]:
    """The latest message of each site to the address with this digest."""
    rows = tx.scalars(select(DeliveryRow).where(DeliveryRow.digest == digest).order_by(DeliveryRow.id))
    return [_begun(row) for row in {row.site_id: row for row in rows}.values()]


def _begun(row: DeliveryRow) -> NewDelivery:
    purpose = cast(Purpose, row.purpose)
    return NewDelivery(row.team_id, row.site_id, row.submission_id, purpose, row.channel, bytes(row.digest))


def last_asked(tx: Session, site: int, digests: frozenset[bytes], but: UUID) -> datetime | None:
    """When somebody with one of these addresses was last asked on a site about another response than `but`."""
    return tx.scalar(
        select(func.max(DeliveryRow.made_at)).where(
            DeliveryRow.site_id == site,
            DeliveryRow.digest.in_(digests),
            DeliveryRow.submission_id != but,
            DeliveryRow.purpose == "ask",
        )
    )


def messages_since(tx: Session, digests: frozenset[bytes], since: datetime) -> tuple[datetime, ...]:
    """When messages went to one of these addresses after `since`, from any site of the installation."""
    statement = select(DeliveryRow.made_at).where(DeliveryRow.digest.in_(digests), DeliveryRow.made_at > since)
    return tuple(tx.scalars(statement))


def nth_latest_text(
    tx: Session, number: int, since: datetime, site: int | None = None, prefix: str | None = None
) -> datetime | None:
    """When the `number`-th latest message by SMS after `since` was first tried: of the installation, of one site, or to numbers
    with one prefix. `None` when there were fewer."""
    statement = select(DeliveryRow.made_at).where(DeliveryRow.channel == "sms", DeliveryRow.made_at > since)
    if site is not None:
        statement = statement.where(DeliveryRow.site_id == site)
    if prefix is not None:
        statement = statement.where(DeliveryRow.prefix == prefix)
    return tx.scalar(statement.order_by(DeliveryRow.made_at.desc()).offset(number - 1).limit(1))


def texts_since(tx: Session, site: int, since: datetime) -> int:
    """How many messages by SMS a site tried to send after `since`."""
    statement = select(func.count()).where(
        DeliveryRow.channel == "sms", DeliveryRow.made_at > since, DeliveryRow.site_id == site
    )
    return tx.scalar(statement) or 0


def asked_by_text(tx: Session, digest: bytes) -> list[tuple[int, UUID]]:
    """Site and submission of what somebody with this number was asked by SMS, the latest first."""
    statement = (
        select(DeliveryRow.site_id, DeliveryRow.submission_id)
        .where(DeliveryRow.digest == digest, DeliveryRow.channel == "sms", DeliveryRow.state != "deferred")
        .order_by(DeliveryRow.made_at.desc(), DeliveryRow.id.desc())
        .limit(_LATEST)
    )
    return [(row.site_id, row.submission_id) for row in tx.execute(statement)]


def deliveries_in(tx: Session, state: State) -> Sequence[tuple[int, UUID, str, str, datetime, str | None]]:
    """Site, submission, channel, purpose, last change and reply of every delivery in a state, oldest first."""
    columns = select(
        DeliveryRow.site_id,
        DeliveryRow.submission_id,
        DeliveryRow.channel,
        DeliveryRow.purpose,
        DeliveryRow.changed_at,
        DeliveryRow.reply,
    )
    return tx.execute(columns.where(DeliveryRow.state == state).order_by(DeliveryRow.changed_at)).all()
