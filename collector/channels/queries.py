"""Reads of deliveries."""

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from collector.channels.delivery import Attempt, NewDelivery, Purpose, State
from collector.channels.models import DeliveryRow


def attempts_of(tx: Session, site: int, submission: UUID) -> tuple[Attempt, ...]:
    """What was tried to ask the person behind a response, oldest first."""
    return _attempts(tx, site, submission, DeliveryRow.purpose != "reply")


def reply_attempt(tx: Session, site: int, submission: UUID) -> Attempt | None:
    """What was tried to hand over the team's reply to a response."""
    return next(iter(_attempts(tx, site, submission, DeliveryRow.purpose == "reply")), None)


def _attempts(tx: Session, site: int, submission: UUID, which: ColumnElement[bool]) -> tuple[Attempt, ...]:
    rows = tx.execute(
        select(DeliveryRow)
        .where(DeliveryRow.site_id == site, DeliveryRow.submission_id == submission, which)
        .order_by(DeliveryRow.id)
        .execution_options(populate_existing=True)
    ).scalars()
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


def last_message(tx: Session, site: int, submission: UUID) -> datetime | None:
    """When the latest message to the person behind a response was handed over."""
    statement = select(func.max(DeliveryRow.changed_at)).where(
        DeliveryRow.site_id == site, DeliveryRow.submission_id == submission
    )
    return tx.scalar(statement)


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


def deliveries_in(tx: Session, state: State) -> list[tuple[int, UUID, str, str, datetime, str | None]]:
    """Site, submission, channel, purpose, last change and reply of every delivery in a state, oldest first."""
    columns = (
        DeliveryRow.site_id,
        DeliveryRow.submission_id,
        DeliveryRow.channel,
        DeliveryRow.purpose,
        DeliveryRow.changed_at,
        DeliveryRow.reply,
    )
    found = tx.execute(select(*columns).where(DeliveryRow.state == state).order_by(DeliveryRow.changed_at))
    return [tuple(row) for row in found]  # type: ignore[misc]  # as many as were selected
