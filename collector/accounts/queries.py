"""Reads of teams, members and keys, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

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
    made_by: int | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


def _value(row: ApiKeyRow) -> ApiKey:
    return ApiKey(
        row.id,
        row.team_id,
        row.name,
        row.hint,
        frozenset(row.scopes),
        row.made_by,
        row.created_at,
        row.expires_at,
        row.revoked_at,
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


def keys_of(tx: Session, team: int) -> list[ApiKey]:
    """A team's keys, newest first."""
    rows = tx.scalars(select(ApiKeyRow).where(ApiKeyRow.team_id == team).order_by(ApiKeyRow.id.desc()))
    return [_value(row) for row in rows]


def team_named(tx: Session, name: str) -> int | None:
    """The number of the team with this name."""
    return tx.scalar(select(TeamRow.id).where(TeamRow.name == name))


#: What every page of the team asks first. A statement that is made once, over columns, costs a third.
_SIGNED_IN = (
    select(
        SessionRow.created_at, SessionRow.seen_at, MemberRow.id, SessionRow.team_id, MembershipRow.role,
        MemberRow.name, MemberRow.email, MemberRow.zone, SessionRow.id, TeamRow.name,
    )
    .join(TeamRow, TeamRow.id == SessionRow.team_id)
    .join(MemberRow, MemberRow.id == SessionRow.member_id)
    .join(
        MembershipRow,
        and_(MembershipRow.member_id == SessionRow.member_id, MembershipRow.team_id == SessionRow.team_id),
    )
    .where(SessionRow.fingerprint == bindparam("fingerprint"), MemberRow.disabled_at.is_(None))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that is still good: whose it is, and when it was last seen."""

    member: Member
    seen_at: datetime


def signed_in(tx: Session, token: str, now: datetime) -> SignedIn | None:
    """Whose session this cookie is, if it has not ended and the member may still enter the team."""
    found = tx.execute(_SIGNED_IN, {"fingerprint": fingerprint(token)}).first()
    if found is None:
        return None
    created_at, seen_at, member, team, role, name, email, zone, session, team_name = found
    if is_over(created_at, seen_at, now):
        return None
    return SignedIn(Member(member, team, Role(role), name, email, zone, session, team_name), seen_at)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in compares with. `totp` is the secret of the second step, where there is one, and `step` the last one that
    was taken. `teams` are the numbers of the teams the member is in, oldest first."""

    member: int
    password: str
    totp: str | None
    step: int | None
    teams: tuple[int, ...]


def credentials(tx: Session, email: str) -> Credentials | None:
    """What is known of the member with this address, unless the member may not sign in."""
    return _credentials(tx, MemberRow.email == email)


def credentials_of(tx: Session, member: int) -> Credentials | None:
    """What is known of a member, unless the member may not sign in."""
    return _credentials(tx, MemberRow.id == member)


def _credentials(tx: Session, is_meant: ColumnElement[bool]) -> Credentials | None:
    row = tx.scalars(select(MemberRow).where(is_meant, MemberRow.disabled_at.is_(None))).first()
    if row is None:
        return None
    teams = tx.scalars(
        select(MembershipRow.team_id).where(MembershipRow.member_id == row.id).order_by(MembershipRow.joined_at)
    )
    totp = row.totp_secret if row.totp_since is not None else None
    return Credentials(row.id, row.password, totp, row.totp_step, tuple(teams))


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of a team, as the others see them."""

    id: int
    name: str
    email: str
    role: Role


_COLLEAGUES = (
    select(MemberRow.id, MemberRow.name, MemberRow.email, MembershipRow.role)
    .join(MembershipRow, MembershipRow.member_id == MemberRow.id)
    .where(MembershipRow.team_id == bindparam("team"), MemberRow.disabled_at.is_(None))
    .order_by(MemberRow.name, MemberRow.id)
)


def colleagues(tx: Session, team: int) -> list[Colleague]:
    """Who is in a team and may sign in, by name."""
    found = tx.execute(_COLLEAGUES, {"team": team})
    return [Colleague(number, name, email, Role(role)) for number, name, email, role in found]


def member_with(tx: Session, email: str) -> int | None:
    """The number of the member with this address, whether the member may sign in or not."""
    return tx.scalar(select(MemberRow.id).where(MemberRow.email == email))


def has_account(tx: Session, email: str) -> bool:
    """Whether an address belongs to somebody who is in a team, or who may not sign in. Whoever was removed from every team has
    no account, and gets one with an invitation, like anybody else."""
    in_a_team = select(MembershipRow.member_id).where(MembershipRow.member_id == MemberRow.id).exists()
    counts = or_(in_a_team, MemberRow.disabled_at.is_not(None))
    return tx.scalar(select(MemberRow.id).where(MemberRow.email == email, counts)) is not None


def everybody(tx: Session) -> list[tuple[int, str, str, datetime | None]]:
    """Number, address, name and the end, if any, of every member of the installation, by address."""
    return [
        (row.id, row.email, row.name, row.disabled_at)
        for row in tx.scalars(select(MemberRow).order_by(MemberRow.email))
    ]


def teams_of(tx: Session, member: int) -> list[tuple[int, str, Role]]:
    """Number and name of the teams that a member is in, by name, and the role there."""
    found = tx.execute(
        select(TeamRow.id, TeamRow.name, MembershipRow.role)
        .join(MembershipRow, MembershipRow.team_id == TeamRow.id)
        .where(MembershipRow.member_id == member)
        .order_by(TeamRow.name)
    )
    return [(number, name, Role(role)) for number, name, role in found]


def has_members(tx: Session) -> bool:
    """Whether anybody can sign in at this installation."""
    return tx.scalar(select(MemberRow.id).limit(1)) is not None
