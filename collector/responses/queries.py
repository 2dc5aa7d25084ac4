"""Reads of responses."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.responses.models import ResponseRow


def stored_digest(tx: Session, site: int, submission: UUID) -> bytes | None:
    """The digest of what this submission sent when it was stored, or `None` when it never was."""
    statement = select(ResponseRow.digest).where(ResponseRow.site_id == site, ResponseRow.submission_id == submission)
    digest = tx.scalar(statement)
    return None if digest is None else bytes(digest)
