"""Reads of the audit log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.models import ChangeRow, MemberRow


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the log. `by` is empty for the command line and the clock."""

    id: int
    at: datetime
    by: str | None
    verb: str
    target: str
    detail: dict[str, Any]


def changes(tx: Session, team: int, before: int | None, limit: int) -> list[Change]:
    """A team's changes, newest first, from the row before `before` on."""
    asked = select(ChangeRow, MemberRow.name).outerjoin(MemberRow, MemberRow.id == ChangeRow.member_id)
    asked = asked.where(ChangeRow.team_id == team).order_by(ChangeRow.id.desc()).limit(limit)
    if before is not None:
        asked = asked.where(ChangeRow.id < before)
    return [Change(row.id, row.at, by, row.verb, row.target, row.detail) for row, by in tx.execute(asked)]
