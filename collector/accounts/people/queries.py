"""Reads of who is in a team."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from collector.accounts.letters.standing import Letter, State
from collector.accounts.models import ApiKeyRow, InvitationRow, MemberRow, MembershipRow, ResetLetterRow, TeamRow
from collector.web.guards import Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a team, for its owners. `other_teams` counts those elsewhere; `keys` the keys here that they have seen;
    `letter` is the latest with a link for a new password."""

    id: int
    name: str
    email: str
    role: Role
    joined_at: datetime
    disabled: bool
    second_step: bool
    other_teams: int
    keys: int
    letter: Letter | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that nobody used yet, and where its letter stands, once it was tried."""

    id: int
    team: int
    team_name: str
    nonce: UUID
    email: str
    role: Role
    by: str
    created_at: datetime
    expires_at: datetime
    letter: Letter | None


def people(tx: Session, team: int, member: int | None = None) -> list[Person]:
    """Who is in a team, by name; only `member` if one is given."""
    elsewhere = (
        select(func.count())
        .where(MembershipRow.member_id == MemberRow.id, MembershipRow.team_id != team)
        .correlate(MemberRow)
        .scalar_subquery()
    )
    keys = (
        select(func.count())
        .where(ApiKeyRow.made_by == MemberRow.id, ApiKeyRow.team_id == team, ApiKeyRow.revoked_at.is_(None))
        .correlate(MemberRow)
        .scalar_subquery()
    )
    here = (
        select(MembershipRow.member_id, MembershipRow.role, MembershipRow.joined_at)
        .where(MembershipRow.team_id == team)
        .subquery()
    )
    asked = (
        select(MemberRow, here.c.role, here.c.joined_at, elsewhere, keys, ResetLetterRow)
        .join(here, here.c.member_id == MemberRow.id)
        .outerjoin(ResetLetterRow, ResetLetterRow.member_id == MemberRow.id)
    )
    if member is not None:
        asked = asked.where(MemberRow.id == member)
    return [
        Person(
            row.id,
            row.name,
            row.email,
            Role(role),
            joined_at,
            row.disabled_at is not None,
            row.totp_since is not None,
            others,
            seen,
            _letter(letter),
        )
        for row, role, joined_at, others, seen, letter in tx.execute(
            asked.order_by(func.lower(MemberRow.name), MemberRow.id)
        )
    ]


def invitations(tx: Session, team: int) -> list[Invitation]:
    """A team's invitations, newest first, also those that ran out."""
    return _invitations(tx, InvitationRow.team_id == team)


def open_invitation(tx: Session, team: int, nonce: UUID, now: datetime) -> Invitation | None:
    """The invitation that a link is about, if it can be accepted at `now`."""
    found = _invitations(
        tx, InvitationRow.team_id == team, InvitationRow.nonce == nonce, InvitationRow.expires_at > now
    )
    return found[0] if found else None


def _invitations(tx: Session, *conditions: ColumnElement[bool]) -> list[Invitation]:
    found = tx.execute(
        select(InvitationRow, TeamRow.name, MemberRow.name)
        .join(TeamRow, TeamRow.id == InvitationRow.team_id)
        .join(MemberRow, MemberRow.id == InvitationRow.invited_by)
        .where(*conditions)
        .order_by(InvitationRow.id.desc())
    )
    return [
        Invitation(
            row.id,
            row.team_id,
            team,
            row.nonce,
            row.email,
            Role(row.role),
            by,
            row.created_at,
            row.expires_at,
            _letter(row),
        )
        for row, team, by in found
    ]


def _letter(row: InvitationRow | ResetLetterRow | None) -> Letter | None:
    return Letter(cast(State, row.letter), row.letter_reply) if row is not None and row.letter is not None else None


def is_in(tx: Session, team: int, email: str) -> bool:
    """Whether somebody with this address is in the team."""
    found = tx.scalar(
        select(MemberRow.id)
        .join(MembershipRow, MembershipRow.member_id == MemberRow.id)
        .where(MembershipRow.team_id == team, MemberRow.email == email)
    )
    return found is not None
