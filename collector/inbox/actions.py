"""Writes for the inbox: saved views, and the words that responses are searched by."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from collector.accounts.models import TeamRow
from collector.db import table_of
from collector.db.bulk import BulkInsert
from collector.events import Heard
from collector.followups.models import FollowUpRow
from collector.inbox.models import SavedViewRow
from collector.responses.models import ResponseRow, ResponseTextRow
from collector.responses.search import words_of

#: Key of the lock under which PostgreSQL's index is written; any number that nobody else uses.
_LOCK = 5_482_710_214

_WRITE = BulkInsert(ResponseTextRow, ["response_id", "team_id", "site_id", "words"])

_RESPONSE, _ASKED = table_of(ResponseRow), table_of(FollowUpRow)
_HERE = (_ASKED.c.site_id == _RESPONSE.c.site_id) & (_ASKED.c.submission_id == _RESPONSE.c.submission_id)
#: What responses say that say something; on tables and made once, which costs a quarter.
_TEXTS = (
    select(_RESPONSE.c.id, _RESPONSE.c.team_id, _RESPONSE.c.site_id, _RESPONSE.c.comment, _ASKED.c.answer_text)
    .select_from(_RESPONSE.outerjoin(_ASKED, _HERE))
    .where(
        _RESPONSE.c.erased_at.is_(None),
        (_RESPONSE.c.comment != "") | (func.coalesce(_ASKED.c.answer_text, "") != ""),
    )
)
_KNOWN = select(ResponseTextRow.response_id).where(ResponseTextRow.response_id == _RESPONSE.c.id)
_NOT_INDEXED = _TEXTS.where(
    _RESPONSE.c.site_id == bindparam("site"),
    _RESPONSE.c.submission_id.in_(bindparam("submissions", expanding=True)),
    ~_KNOWN.correlate(_RESPONSE).exists(),
)


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


def index_recorded(tx: Session, facts: Sequence[Heard], now: datetime) -> None:
    """Makes new responses searchable. No visitor waits for it, so a search finds a response some seconds after it came."""
    for site, submissions in _by_site(facts):
        _index(tx, site, submissions)


def index_changed(tx: Session, facts: Sequence[Heard], now: datetime) -> None:
    """Brings the words of responses that were amended, answered or erased up to date."""
    for site, submissions in _by_site(facts):
        _index(tx, site, submissions, anew=True)


def fill(tx: Session, limit: int) -> int:
    """Makes up to `limit` responses of each team searchable that are older than all that are, the newest of them first.
    Returns how many."""
    _take_turn(tx)
    count = 0
    for team in tx.scalars(select(TeamRow.id)).all():
        reached = tx.scalar(select(func.min(ResponseTextRow.response_id)).where(ResponseTextRow.team_id == team))
        older = _TEXTS.where(_RESPONSE.c.team_id == team)
        if reached is not None:
            older = older.where(_RESPONSE.c.id < reached)
        count += _write(tx, tx.execute(older.order_by(_RESPONSE.c.id.desc()).limit(limit)).all())
    return count


def _by_site(facts: Sequence[Heard]) -> Iterator[tuple[int, set[UUID]]]:
    for site in sorted({fact.site for fact in facts}):
        yield site, {fact.submission for fact in facts if fact.site == site}


def _index(tx: Session, site: int, submissions: Collection[UUID], anew: bool = False) -> None:
    """Makes responses of a site searchable, or writes their words `anew`; of those that were erased nothing is left."""
    _take_turn(tx)
    if anew:
        numbers = select(ResponseRow.id).where(ResponseRow.site_id == site, ResponseRow.submission_id.in_(submissions))
        tx.execute(
            delete(ResponseTextRow)
            .where(ResponseTextRow.response_id.in_(numbers))
            .execution_options(synchronize_session=False)
        )
    _write(tx, tx.execute(_NOT_INDEXED, {"site": site, "submissions": submissions}).all())


def _take_turn(tx: Session) -> None:
    """Whoever reads a text before it is erased writes it before the erasing is heard of, also beside other workers. On SQLite
    every writing transaction is alone."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _write(tx: Session, found: Sequence[Any]) -> int:
    # Few statements, and in the order of the numbers: FTS5 begins a part of its index with each statement, and with each
    # number below the one before.
    rows = sorted((number, team, site, words_of(said, answer or "")) for number, team, site, said, answer in found)
    _WRITE.run(tx, rows)()
    return len(rows)
