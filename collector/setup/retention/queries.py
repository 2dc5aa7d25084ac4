"""Reads of what has been kept for long enough."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from collector.responses.models import ResponseRow


def count_before(tx: Session, site: int, moment: datetime) -> int:
    """How many responses of a site are older than a moment."""
    return tx.scalar(select(func.count()).select_from(ResponseRow).where(*_older(site, moment))) or 0


def submissions_before(tx: Session, site: int, moment: datetime, limit: int) -> list[UUID]:
    """Up to `limit` submissions of a site that are older than a moment, the oldest first."""
    statement = select(ResponseRow.submission_id).where(*_older(site, moment))
    return list(tx.scalars(statement.order_by(ResponseRow.received_at).limit(limit)))


def _older(site: int, moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return ResponseRow.site_id == site, ResponseRow.received_at < moment, ResponseRow.erased_at.is_(None)
