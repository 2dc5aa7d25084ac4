"""Reads of responses."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.responses.models import ResponseRow
from collector.responses.response import StoredResponse


def stored_response(tx: Session, site: int, submission: UUID) -> StoredResponse | None:
    """The response that this submission made, if it was stored before."""
    row = tx.execute(
        select(ResponseRow.id, ResponseRow.digest).where(
            ResponseRow.site_id == site, ResponseRow.submission_id == submission
        )
    ).first()
    return StoredResponse(row.id, bytes(row.digest)) if row else None
