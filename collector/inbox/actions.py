"""Writes for the inbox: saved views, and the words that responses are searched by."""

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, insert, select
from sqlalchemy.orm import Session

from collector.accounts.models import TeamRow
from collector.followups.models import FollowUpRow
from collector.followups.queries import ASKED
from collector.inbox.models import SavedViewRow
from collector.responses.models import ResponseRow, ResponseTextRow
from collector.responses.search import words_of

#: Key of the lock under which PostgreSQL's index is written; any number that nobody else uses.
_LOCK = 5_482_710_214

_SAYS_SOMETHING = (ResponseRow.comment != "") | (func.coalesce(FollowUpRow.answer_text, "") != "")


def save_view(tx: Session, team: int, member: int, name: str, query: str, shared: bool, now: datetime) -> int:
    """The number of a new saved view."""
    row = SavedViewRow(team_id=team, member_id=member, name=name, query=query, shared=shared, created_at=now)
    tx.add(row)
    tx.flush()
    return row.id


def delete_view(tx: Session, team: int, member: int, view: int) -> bool:
    """Deletes a member's own view. `False` when the member has no such view."""
    mine = (SavedViewRow.id == view) & (SavedViewRow.team_id == team) & (SavedViewRow.member_id == member)
    return tx.execute(delete(SavedViewRow).where(mine).returning(SavedViewRow.id)).first() is not None


def index_from(tx: Session, team: int, site: int, submission: UUID, limit: int) -> None:
    """Makes the response to a submission searchable, and up to `limit` in all of those of its team that came after it."""
    _take_turn(tx)
    first = select(ResponseRow.id).where(ResponseRow.site_id == site, ResponseRow.submission_id == submission)
    known = select(ResponseTextRow.response_id).where(ResponseTextRow.response_id == ResponseRow.id)
    new = _texts(ResponseRow.team_id == team, ResponseRow.id >= first.scalar_subquery(), ~known.exists())
    _write(tx, tx.execute(new.order_by(ResponseRow.id).limit(limit)).all())


def index_one(tx: Session, site: int, submission: UUID) -> None:
    """Writes a response's words anew; of one that was erased nothing is left."""
    _take_turn(tx)
    this = (ResponseRow.site_id == site) & (ResponseRow.submission_id == submission)
    number = select(ResponseRow.id).where(this).scalar_subquery()
    tx.execute(delete(ResponseTextRow).where(ResponseTextRow.response_id == number))
    _write(tx, tx.execute(_texts(this)).all())


def fill(tx: Session, limit: int) -> int:
    """Makes up to `limit` responses of each team searchable that are older than all that are, the newest of them first.
    Returns how many."""
    _take_turn(tx)
    count = 0
    for team in tx.scalars(select(TeamRow.id)).all():
        reached = tx.scalar(select(func.min(ResponseTextRow.response_id)).where(ResponseTextRow.team_id == team))
        older = _texts(ResponseRow.team_id == team)
        if reached is not None:
            older = older.where(ResponseRow.id < reached)
        count += _write(tx, tx.execute(older.order_by(ResponseRow.id.desc()).limit(limit)).all())
    return count


def _take_turn(tx: Session) -> None:
    """Whoever reads a text before it is erased writes it before the erasing is heard of, also beside other workers. On SQLite
    every writing transaction is alone."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _texts(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(ResponseRow.id, ResponseRow.team_id, ResponseRow.site_id, ResponseRow.comment, FollowUpRow.answer_text)
        .outerjoin(FollowUpRow, ASKED)
        .where(ResponseRow.erased_at.is_(None), _SAYS_SOMETHING, *conditions)
    )


def _write(tx: Session, found: Sequence[Any]) -> int:
    rows = [
        {
            "response_id": row.id,
            "team_id": row.team_id,
            "site_id": row.site_id,
            "words": words_of(row.comment, row.answer_text or ""),
        }
        for row in found
    ]
    if rows:
        # One statement for all, which `returning` makes of them, in the order of their numbers: FTS5 begins a part of its
        # index with each statement, and with each number below the one before.
        rows.sort(key=itemgetter("response_id"))
        tx.execute(insert(ResponseTextRow).returning(ResponseTextRow.response_id), rows)
    return len(rows)
