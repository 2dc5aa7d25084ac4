"""Reads of a member's own account."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.accounts.models import MemberRow, RecoveryCodeRow, SessionRow, TeamRow
from collector.accounts.session import is_over


@dataclass(frozen=True, slots=True)
class SecondStep:
    """The second step of a member: the draft of its secret, since when it is in force, the last step, and codes left."""

    draft: str | None
    since: datetime | None
    step: int | None
    codes: int


@dataclass(frozen=True, slots=True)
class Browser:
    """A session as its member sees it. `agent` is what the browser calls itself."""

    id: int
    agent: str
    team: str
    created_at: datetime
    seen_at: datetime


def second_step_of(tx: Session, member: int) -> SecondStep:
    """How a member's second step stands. A secret in force is told to nobody."""
    row = tx.execute(
        select(MemberRow.totp_secret, MemberRow.totp_since, MemberRow.totp_step).where(MemberRow.id == member)
    ).one()
    codes = tx.scalars(
        select(func.count()).select_from(RecoveryCodeRow).where(RecoveryCodeRow.member_id == member)
    ).one()
    draft = row.totp_secret if row.totp_since is None else None
    return SecondStep(draft, row.totp_since, row.totp_step, codes)


def browsers_of(tx: Session, member: int, now: datetime) -> list[Browser]:
    """Where a member is signed in, last used first."""
    found = tx.execute(
        select(SessionRow, TeamRow.name)
        .join(TeamRow, TeamRow.id == SessionRow.team_id)
        .where(SessionRow.member_id == member)
        .order_by(SessionRow.seen_at.desc(), SessionRow.id.desc())
    )
    return [
        Browser(row.id, row.agent, team, row.created_at, row.seen_at)
        for row, team in found
        if not is_over(row.created_at, row.seen_at, now)
    ]
