"""Reads of responses. What was erased is not there."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from collector.responses.models import ResponseRow
from collector.responses.response import StoredResponse


@dataclass(frozen=True, slots=True)
class Trace:
    """What is left of a submission that came before: the digest of what it sent, or that this was erased."""

    digest: bytes
    is_erased: bool


def trace_of(tx: Session, site: int, submission: UUID) -> Trace | None:
    """The trace of a submission, or `None` when it never came."""
    row = tx.execute(select(ResponseRow.digest, ResponseRow.erased_at).where(*_at(site, submission))).first()
    return Trace(bytes(row.digest), row.erased_at is not None) if row else None


def stored_response(tx: Session, site: int, submission: UUID) -> StoredResponse | None:
    """The response to a submission as it is now."""
    row = tx.scalars(
        select(ResponseRow)
        .where(*_at(site, submission), ResponseRow.erased_at.is_(None))
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        return None
    return StoredResponse(
        team=row.team_id,
        site=row.site_id,
        survey=row.survey_id,
        submission=row.submission_id,
        scale=row.scale,
        score=row.score,
        segment=row.segment,
        category=row.category,
        comment=row.comment,
        page=row.page,
        language=row.language,
        attributes=row.attributes,
        partial=row.partial,
        suspect=row.suspect,
        received_at=row.received_at,
        revision=row.revision,
    )


def _at(site: int, submission: UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ResponseRow.site_id == site, ResponseRow.submission_id == submission
