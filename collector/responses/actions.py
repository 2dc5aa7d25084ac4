"""Writes to responses."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from collector.db.bulk import Bulk, BulkInsert
from collector.responses.anonymous import day_of, without_parameters
from collector.responses.models import ResponseRow
from collector.responses.response import AmendedResponse, NewResponse, StoredResponse

#: Column, and where its value stands in a `NewResponse`.
_COLUMNS = {
    "team_id": "team",
    "site_id": "site",
    "survey_id": "survey",
    "submission_id": "submission",
    "digest": "digest",
    "scale": "scale",
    "score": "score",
    "segment": "segment",
    "category": "category",
    "comment": "comment",
    "page": "page",
    "language": "language",
    "configuration": "configuration",
    "attributes": "attributes",
    "partial": "partial",
    "suspect": "suspect",
    "received_at": "received_at",
}
_RECORD = BulkInsert(ResponseRow, list(_COLUMNS), unique=("site_id", "submission_id"))
_values = attrgetter(*_COLUMNS.values())

#: A response of which nothing is left. A digest would tell whoever guesses what was said that the guess is right.
_WIPED: dict[str, object] = {
    "digest": bytes(32),
    "score": 0,
    "segment": "",
    "category": None,
    "comment": "",
    "page": None,
    "language": "",
    "configuration": "",
    "attributes": {},
    "partial": False,
    "suspect": None,
    "set_aside_at": None,
}
#: What an anonymous response says no more.
_UNSAID: dict[str, object] = {name: _WIPED[name] for name in ("digest", "comment", "attributes")}


def record(tx: Bulk, responses: Sequence[NewResponse]) -> Callable[[], int]:
    """Writes responses; one whose submission was stored before, or stands twice in `responses`, is not written again. What is
    returned says how many are new; ask it after statements that travel together have arrived."""
    return _RECORD.run(tx, [_values(new) for new in responses])


def amend(tx: Session, stored: StoredResponse, changed: AmendedResponse, now: datetime) -> bool:
    """Writes what a response says from now on; `False` when somebody else changed or erased it since it was read."""
    values = {field.name: getattr(changed, field.name) for field in fields(changed)}
    unchanged = (ResponseRow.revision == stored.revision) & ResponseRow.erased_at.is_(None)
    return _change(tx, stored.site, stored.submission, unchanged, amended_at=now, **values) is not None


def erase(tx: Session, site: int, submission: UUID, now: datetime) -> int | None:
    """Wipes all that a response says and returns its team; `None` when there is nothing to erase. What stays is a row that
    says when, under the submission's id."""
    return _change(tx, site, submission, ResponseRow.erased_at.is_(None), erased_at=now, **_WIPED)


def anonymise(tx: Session, site: int, submission: UUID, now: datetime) -> int | None:
    """Takes away what a response says that may point to a person, and returns its team; `None` when there is nothing to take
    away. What stays is the score with its segment, the category, the language, the day, and the page's path."""
    at = (ResponseRow.site_id == site, ResponseRow.submission_id == submission)
    row = tx.execute(select(ResponseRow.page, ResponseRow.received_at).where(*at)).first()
    if row is None:
        return None
    left = {"page": without_parameters(row.page), "received_at": day_of(row.received_at), "amended_at": None}
    is_whole = ResponseRow.erased_at.is_(None) & ResponseRow.anonymised_at.is_(None)
    return _change(tx, site, submission, is_whole, anonymised_at=now, **left, **_UNSAID)


def _change(tx: Session, site: int, submission: UUID, condition: ColumnElement[bool], **values: object) -> int | None:
    return tx.scalar(
        update(ResponseRow)
        .where(ResponseRow.site_id == site, ResponseRow.submission_id == submission, condition)
        .values(revision=ResponseRow.revision + 1, **values)
        .returning(ResponseRow.team_id)
        .execution_options(synchronize_session=False)
    )
