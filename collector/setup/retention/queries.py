"""Reads of what has been kept for long enough."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from collector.responses.models import ResponseRow
from collector.sites.site import AtAge, Site


def count_before(tx: Session, site: int, moment: datetime, at_age: AtAge) -> int:
    """How many responses of a site are older than a moment and not yet what becomes of them."""
    return tx.scalar(select(func.count()).select_from(ResponseRow).where(*_older(site, moment, at_age))) or 0


def submissions_before(tx: Session, site: Site, moment: datetime, limit: int) -> list[tuple[UUID, datetime]]:
    """Up to `limit` submissions of a site that are older than a moment and not yet what becomes of them, the oldest first, with
    when they came."""
    statement = select(ResponseRow.submission_id, ResponseRow.received_at).where(*_older(site.id, moment, site.at_age))
    if site.ended_before is not None:
        statement = statement.where(ResponseRow.received_at >= site.ended_before)
    return [
        (row.submission_id, row.received_at)
        for row in tx.execute(statement.order_by(ResponseRow.received_at).limit(limit))
    ]


def _older(site: int, moment: datetime, at_age: AtAge) -> list[ColumnElement[bool]]:
    older = [ResponseRow.site_id == site, ResponseRow.received_at < moment, ResponseRow.erased_at.is_(None)]
    return [*older, ResponseRow.anonymised_at.is_(None)] if at_age == "anonymise" else older
