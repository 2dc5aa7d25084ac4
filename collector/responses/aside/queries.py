"""Reads of what was set aside, by whom and when."""

from datetime import datetime

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from collector.accounts.models import MemberRow
from collector.responses.aside.press import UNDO_FOR, Moved, Pressed
from collector.responses.models import ResponseRow, SetAsideRow

#: How a line of the history and its response are put together.
OF_RESPONSE = and_(SetAsideRow.site_id == ResponseRow.site_id, SetAsideRow.submission_id == ResponseRow.submission_id)


_HISTORY = (
    select(MemberRow.name, SetAsideRow.aside, SetAsideRow.at)
    .join(MemberRow, MemberRow.id == SetAsideRow.member_id)
    .join(ResponseRow, OF_RESPONSE)
    .where(ResponseRow.id == bindparam("response"), ResponseRow.team_id == bindparam("team"))
    .order_by(SetAsideRow.id)
)


def history_of(tx: Session, team: int, response: int) -> tuple[Moved, ...]:
    """Who set a response of the team's aside or took it back, oldest first."""
    return tuple(Moved(*row) for row in tx.execute(_HISTORY, {"team": team, "response": response}))


def last_press(tx: Session, team: int, member: int, now: datetime) -> Pressed | None:
    """What a member did last with responses of the team, if it can still be undone."""
    newest = (
        select(SetAsideRow.press)
        .where(SetAsideRow.member_id == member, SetAsideRow.team_id == team, SetAsideRow.at >= now - UNDO_FOR)
        .order_by(SetAsideRow.id.desc())
        .limit(1)
    )
    found = tx.execute(
        select(SetAsideRow.press, SetAsideRow.aside, func.count())
        .where(SetAsideRow.press == newest.scalar_subquery(), SetAsideRow.member_id == member)
        .group_by(SetAsideRow.press, SetAsideRow.aside)
    ).first()
    return Pressed(*found) if found else None
