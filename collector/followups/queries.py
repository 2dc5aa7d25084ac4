"""Reads of follow-ups."""

import hmac
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from collector.followups.follow_up import OfferedFollowUp
from collector.followups.models import FollowUpRow, UncountedRow
from collector.followups.state import State
from collector.followups.uncounted import UNCONFIRMED, Uncounted, Why
from collector.questions.pack import Kind
from collector.responses import queries as responses
from collector.responses.filters import Filter
from collector.responses.models import ResponseRow
from collector.signing import fingerprint, place_of

#: How a response and its follow-up are put together.
ASKED = and_(FollowUpRow.site_id == ResponseRow.site_id, FollowUpRow.submission_id == ResponseRow.submission_id)


def _first(tx: Session, *conditions: ColumnElement[bool]) -> OfferedFollowUp | None:
    row = tx.scalars(select(FollowUpRow).where(*conditions).execution_options(populate_existing=True)).first()
    if row is None:
        return None
    return OfferedFollowUp(
        id=row.id,
        team=row.team_id,
        site=row.site_id,
        submission=row.submission_id,
        fingerprint=row.fingerprint,
        state=cast(State, row.state),
        language=row.language,
        kind=cast(Kind, row.kind),
        text=row.text,
        areas=tuple((key, label) for key, label in row.areas),
        offered_at=row.offered_at,
        expires_at=row.expires_at,
        answered_at=row.answered_at,
        revision=row.revision,
        answer_text=row.answer_text,
        answer_areas=tuple(row.answer_areas),
    )


def follow_up_by_token(tx: Session, token: str) -> OfferedFollowUp | None:
    """The follow-up that may be answered with this token."""
    place = place_of(token)
    found = follow_up_of(tx, *place) if place else None
    return found if found and hmac.compare_digest(found.fingerprint, fingerprint(token)) else None


def follow_up_of(tx: Session, site: int, submission: UUID) -> OfferedFollowUp | None:
    """The follow-up that was offered for a submission."""
    return _first(tx, FollowUpRow.site_id == site, FollowUpRow.submission_id == submission)


def unconfirmed(tx: Session, site: int | None = None) -> list[Uncounted]:
    """The answers of a site, or of all, that wait to be confirmed, oldest first."""
    statement = select(UncountedRow).where(UncountedRow.why.in_(UNCONFIRMED)).order_by(UncountedRow.id)
    return _uncounted(tx, statement if site is None else statement.where(UncountedRow.site_id == site))


def waits(tx: Session, site: int, submission: UUID) -> bool:
    """Whether an answer to a submission's follow-up waits to be confirmed."""
    waiting = select(UncountedRow.id).where(*answers_to(site, submission), UncountedRow.why.in_(UNCONFIRMED))
    return tx.scalar(waiting.limit(1)) is not None


def replaced(tx: Session, site: int, submission: UUID) -> list[Uncounted]:
    """The answers to a submission's follow-up that others took the place of, oldest first."""
    statement = select(UncountedRow).where(*answers_to(site, submission), UncountedRow.why == "replaced")
    return _uncounted(tx, statement.order_by(UncountedRow.id))


def answers_to(site: int, submission: UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What says that an answer that does not count is one to a submission's follow-up."""
    return UncountedRow.site_id == site, UncountedRow.submission_id == submission


def _uncounted(tx: Session, statement: Select[UncountedRow]) -> list[Uncounted]:
    return [
        Uncounted(row.site_id, row.submission_id, cast(Why, row.why), tuple(row.areas), row.text, row.made_at)
        for row in tx.scalars(statement)
    ]


def narrowed(tx: Session, statement: Select[*tuple[Any, ...]], wanted: Filter) -> Select[*tuple[Any, ...]]:
    """A SELECT over responses with the conditions of a filter."""
    if wanted.answered is not None:
        answered = (
            select(FollowUpRow.id).where(ASKED, FollowUpRow.answered_at.is_not(None)).correlate(ResponseRow).exists()
        )
        statement = statement.where(answered if wanted.answered else ~answered)
    return responses.narrowed(tx, statement, wanted)
