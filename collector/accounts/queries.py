"""Reads of teams, members and keys, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from collector.accounts.models import ApiKeyRow, MemberRow, MembershipRow, SessionRow, TeamRow
from collector.accounts.session import is_over
from collector.signing import fingerprint
from collector.web.guards import Member, Role


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as people see it; the secret itself is nowhere."""

    id: int
    team: int
    name: str
    hint: str
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


def _value(row: ApiKeyRow) -> ApiKey:
    return ApiKey(
        row.id, row.team_id, row.name, row.hint, frozenset(row.scopes), row.created_at, row.expires_at, row.revoked_at
    )


def usable_key(tx: Session, secret: str, now: datetime) -> ApiKey | None:
    """The key whose secret this is, if it is neither revoked nor expired at `now`."""
    row = tx.scalars(
        select(ApiKeyRow).where(
            ApiKeyRow.fingerprint == fingerprint(secret),
            ApiKeyRow.revoked_at.is_(None),
            or_(ApiKeyRow.expires_at.is_(None), ApiKeyRow.expires_at > now),
        )
    ).first()
    return _value(row) if row else None


def keys(tx: Session) -> list[ApiKey]:
    """Every key of the installation, oldest first."""
    return [_value(row) for row in tx.scalars(select(ApiKeyRow).order_by(ApiKeyRow.id))]


def team_named(tx: Session, name: str) -> int | None:
    """The number of the team with this name."""
    return tx.scalar(select(TeamRow.id).where(TeamRow.name == name))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that is still good: whose it is, and when it was last seen."""

    member: Member
    seen_at: datetime


def signed_in(tx: Session, token: str, now: datetime) -> SignedIn | None:
    """Whose session this cookie is, if it has not ended and the member may still enter the team."""
    found = tx.execute(
        select(SessionRow, MemberRow, MembershipRow)
        .join(MemberRow, MemberRow.id == SessionRow.member_id)
        .join(
            MembershipRow,
            and_(MembershipRow.member_id == SessionRow.member_id, MembershipRow.team_id == SessionRow.team_id),
        )
        .where(SessionRow.fingerprint == fingerprint(token), MemberRow.disabled_at.is_(None))
    ).first()
    if found is None:
        return None
    session, person, membership = found
    if is_over(session.created_at, session.seen_at, now):
        return None
    who = Member(person.id, session.team_id, Role(membership.role), person.name, person.email, person.zone, session.id)
    return SignedIn(who, session.seen_at)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in compares with. `teams` are the numbers of the teams the member is in, oldest first."""

    member: int
    password: str
    teams: tuple[int, ...]


def credentials(tx: Session, email: str) -> Credentials | None:
    """What is known of the member with this address, unless the member may not sign in."""
    row = tx.scalars(select(MemberRow).where(MemberRow.email == email, MemberRow.disabled_at.is_(None))).first()
    if row is None:
        return None
    teams = tx.scalars(
        select(MembershipRow.team_id).where(MembershipRow.member_id == row.id).order_by(MembershipRow.joined_at)
    )
    return Credentials(row.id, row.password, tuple(teams))


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of a team, as the others see them."""

    id: int
    name: str
    email: str
    role: Role


def colleagues(tx: Session, team: int) -> list[Colleague]:
    """Who is in a team and may sign in, by name."""
    found = tx.execute(
        select(MemberRow, MembershipRow.role)
        .join(MembershipRow, MembershipRow.member_id == MemberRow.id)
        .where(MembershipRow.team_id == team, MemberRow.disabled_at.is_(None))
        .order_by(MemberRow.name, MemberRow.id)
    )
    return [Colleague(row.id, row.name, row.email, Role(role)) for row, role in found]


def has_members(tx: Session) -> bool:
    """Whether anybody can sign in at this installation."""
    return tx.scalar(select(MemberRow.id).limit(1)) is not None
