"""Reads for the list of cases."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import Session

from collector.cases.case import Counts, Line
from collector.cases.filters import CaseFilter, View
from collector.cases.history import FINAL, UNDO_FOR
from collector.cases.models import CaseRow, EventRow, MentionRow
from collector.cases.queries import DONE, OF_RESPONSE, cases_of, conditions
from collector.db import BigKey
from collector.followups.models import FollowUpRow
from collector.followups.queries import ASKED
from collector.responses.models import ResponseRow
from collector.responses.queries import RESPONSE, response_in
from collector.sites.models import SiteRow

#: Above this nobody counts on.
MOST_COUNTED = 999


@dataclass(frozen=True, slots=True)
class Pressed:
    """The last thing that somebody did: its name, for undoing it, and how many cases it changed."""

    press: str
    count: int


def lines(
    tx: Session, team: int, member: int, view: View, tag: int | None, after: int | None, limit: int, now: datetime
) -> list[Line]:
    """Up to `limit` cases of a view, beginning after the case `after`: open ones by due date, done ones by when they were
    closed, the latest first. `tag` leaves only those that have it. A case whose response was set aside is in none."""
    said = select(ResponseRow.id).where(
        OF_RESPONSE,
        ResponseRow.team_id == team,
        ResponseRow.erased_at.is_(None),
        ResponseRow.set_aside_at.is_(None),
    )
    # The cases first, by their own index; with the response joined to them, all of the team's would be gone through.
    statement = select(said.scalar_subquery()).where(
        CaseRow.team_id == team, *conditions(CaseFilter(tag=tag)), *_seen(view, member, now), said.exists()
    )
    last = _place(tx, team, after, CaseRow.closed_at if view == "done" else CaseRow.due_at)
    if view == "done":
        statement = statement.order_by(CaseRow.closed_at.desc(), CaseRow.id.desc())
        if last:
            at, number = last
            earlier = and_(CaseRow.closed_at == at, CaseRow.id < number)
            statement = statement.where(or_(CaseRow.closed_at < at, earlier))
    else:
        statement = statement.order_by(CaseRow.due_at, CaseRow.id)
        if last:
            at, number = last
            statement = statement.where(or_(CaseRow.due_at > at, and_(CaseRow.due_at == at, CaseRow.id > number)))
    responses = list(tx.scalars(statement.limit(limit)))
    some = _lines(tx, team, _select(team, member).where(ResponseRow.id.in_(responses))) if responses else []
    found = {line.case.response: line for line in some}
    return [found[response] for response in responses]


def line_of(tx: Session, team: int, member: int, number: int) -> Line | None:
    """One case with what the person said."""
    found = _lines(tx, team, _select(team, member).where(CaseRow.id == number))
    return found[0] if found else None


def counts(tx: Session, team: int, member: int, now: datetime) -> Counts:
    """How many cases each view shows, up to one more than `MOST_COUNTED`."""
    mine, every, over = (_count(tx, team, _seen(view, member, now)) for view in ("mine", "open", "overdue"))
    return Counts(mine, every, over)


def overdue(tx: Session, team: int, now: datetime, most: int) -> int:
    """How many open cases are past their due date, up to one more than `most`."""
    return tx.scalar(_OVERDUE, {"team": team, "now": now, "most": most + 1}) or 0


def last_press(tx: Session, team: int, member: int, now: datetime) -> Pressed | None:
    """What `member` did last, if it may still be undone."""
    newest = (
        select(EventRow.press)
        .where(EventRow.member_id == member, EventRow.team_id == team, EventRow.at >= now - UNDO_FOR)
        .order_by(EventRow.id.desc())
        .limit(1)
    )
    found = tx.execute(
        select(EventRow.press, func.count())
        .where(EventRow.press == newest.scalar_subquery(), EventRow.undone_at.is_(None), EventRow.kind.not_in(FINAL))
        .group_by(EventRow.press)
    ).first()
    return Pressed(*found) if found else None


def _seen(view: View, member: int, now: datetime) -> list[ColumnElement[bool]]:
    if view == "done":
        return [CaseRow.state == DONE]
    if view == "overdue":
        return conditions(CaseFilter(overdue=now))
    seen = conditions(CaseFilter(state="open"))
    if view == "mine":
        calls = select(MentionRow.case_id).where(MentionRow.member_id == member)
        seen.append(or_(CaseRow.owner_id == member, CaseRow.id.in_(calls)))
    return seen


def _count(tx: Session, team: int, seen: list[ColumnElement[bool]]) -> int:
    return tx.scalar(_counted(*seen), {"team": team, "most": MOST_COUNTED + 1}) or 0


def _counted(*seen: ColumnElement[bool]) -> Select[int]:
    team = bindparam("team", type_=BigKey)
    aside = select(literal(1)).where(OF_RESPONSE, ResponseRow.team_id == team, ResponseRow.set_aside_at.is_not(None))
    counted = (CaseRow.team_id == team, ~aside.exists(), *seen)
    some = select(literal(1)).select_from(CaseRow).where(*counted).limit(bindparam("most")).subquery()
    return select(func.count()).select_from(some)


#: For the navigation of every page, so it is made once.
_OVERDUE = _counted(CaseRow.state != DONE, CaseRow.due_at < bindparam("now"))


def _place(tx: Session, team: int, after: int | None, column: Any) -> tuple[datetime, int] | None:
    if after is None:
        return None
    found = tx.execute(select(column, CaseRow.id).where(CaseRow.id == after, CaseRow.team_id == team)).first()
    return (found[0], found[1]) if found and found[0] is not None else None


def _select(team: int, member: int) -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = (
        select(
            *RESPONSE,
            ResponseRow.id,
            FollowUpRow.text,
            FollowUpRow.answer_text,
            SiteRow.name,
            CaseRow.id.in_(select(MentionRow.case_id).where(MentionRow.member_id == member)).label("calls"),
        )
        .join(ResponseRow, OF_RESPONSE)
        .join(SiteRow, SiteRow.id == ResponseRow.site_id)
        .outerjoin(FollowUpRow, ASKED)
        .where(CaseRow.team_id == team, ResponseRow.team_id == team, ResponseRow.erased_at.is_(None))
    )
    return statement


def _lines(tx: Session, team: int, statement: Select[*tuple[Any, ...]]) -> list[Line]:
    rows = tx.execute(statement).all()
    cases = cases_of(tx, team, [row.id for row in rows])
    return [
        Line(
            case=cases[row.id],
            response=response_in(row),
            question=row.text,
            answer=row.answer_text or "",
            site=row.name,
            calls=bool(row.calls),
        )
        for row in rows
    ]
