"""Writes to teams, members, sessions and keys, and the log of what was changed."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from collector.accounts.models import ApiKeyRow, ChangeRow, MemberRow, MembershipRow, SessionRow, TeamRow
from collector.accounts.passwords import keep
from collector.accounts.queries import team_named
from collector.accounts.scopes import check_scopes
from collector.ids import public_id
from collector.signing import fingerprint
from collector.web.guards import Role

#: The team that a new installation has; one team needs no choice.
FIRST_TEAM = "Home"


def find_or_make_team(tx: Session, name: str, now: datetime) -> int:
    """The number of the team with this name, made if it is new."""
    known = team_named(tx, name)
    if known is not None:
        return known
    row = TeamRow(name=name, created_at=now)
    tx.add(row)
    tx.flush()
    return row.id


def first_team(tx: Session, now: datetime) -> int:
    """The number of the oldest team, made if there is none. What a command means that names no team, whatever the team is
    called by now."""
    oldest = tx.scalar(select(TeamRow.id).order_by(TeamRow.id).limit(1))
    return find_or_make_team(tx, FIRST_TEAM, now) if oldest is None else oldest


def add_key(
    tx: Session,
    team: int,
    name: str,
    scopes: Iterable[str],
    now: datetime,
    expires_at: datetime | None = None,
    made_by: int | None = None,
) -> str:
    """A new key's secret, which is shown once and kept nowhere. Raises `ValidationFailed` for an unknown scope."""
    secret = public_id("lwk", 40)
    tx.add(
        ApiKeyRow(
            team_id=team,
            name=name,
            hint=secret[:8],
            fingerprint=fingerprint(secret),
            scopes=sorted(check_scopes(scopes)),
            made_by=made_by,
            created_at=now,
            expires_at=expires_at,
        )
    )
    tx.flush()
    return secret


def revoke_key(tx: Session, key_id: int, now: datetime, *, team: int | None = None) -> bool:
    """Ends a key at once, in this team if one is given. `False` when there is no such key or it was revoked before."""
    statement = update(ApiKeyRow).where(ApiKeyRow.id == key_id, ApiKeyRow.revoked_at.is_(None))
    if team is not None:
        statement = statement.where(ApiKeyRow.team_id == team)
    return tx.execute(statement.values(revoked_at=now).returning(ApiKeyRow.id)).first() is not None


def revoke_keys_made_by(tx: Session, member: int, now: datetime, *, team: int | None = None) -> int:
    """Ends the keys whose secrets a member has seen, in this team if one is given. Returns how many."""
    statement = update(ApiKeyRow).where(ApiKeyRow.made_by == member, ApiKeyRow.revoked_at.is_(None))
    if team is not None:
        statement = statement.where(ApiKeyRow.team_id == team)
    return len(tx.execute(statement.values(revoked_at=now).returning(ApiKeyRow.id)).all())


def add_member(tx: Session, team: int, email: str, name: str, password: str, role: Role, now: datetime) -> int:
    """The number of a new member of the team. `email` is in its normal form and nobody's yet; `password` was checked."""
    member = add_person(tx, email, name, keep(password), now)
    join(tx, member, team, role, now)
    return member


def add_person(tx: Session, email: str, name: str, kept: str, now: datetime, zone: str = "UTC") -> int:
    """The number of a new member who is in no team yet; `kept` is what is stored of the password, `zone` one of `zones`."""
    row = MemberRow(email=email, name=name, password=kept, created_at=now, zone=zone)
    tx.add(row)
    tx.flush()
    return row.id


def join(tx: Session, member: int, team: int, role: Role, now: datetime) -> None:
    """Brings a member into a team."""
    tx.add(MembershipRow(member_id=member, team_id=team, role=role, joined_at=now))
    tx.flush()


def sign_in(tx: Session, member: int, team: int, agent: str, now: datetime) -> str:
    """A new session's token, for the cookie; it is kept nowhere. `agent` is what the browser calls itself."""
    token = public_id("lws", 40)
    tx.add(
        SessionRow(
            fingerprint=fingerprint(token),
            member_id=member,
            team_id=team,
            agent=agent[:200],
            created_at=now,
            seen_at=now,
        )
    )
    tx.flush()
    return token


def note_seen(tx: Session, session: int, now: datetime) -> None:
    """Writes down when a session was last used."""
    tx.execute(update(SessionRow).where(SessionRow.id == session).values(seen_at=now))


def end_session(tx: Session, member: int, session: int) -> bool:
    """Ends one session of a member at once. `False` when the member has no such session."""
    statement = (
        delete(SessionRow).where(SessionRow.id == session, SessionRow.member_id == member).returning(SessionRow.id)
    )
    return tx.execute(statement).first() is not None


def note_change(
    tx: Session, team: int, member: int | None, verb: str, target: str, now: datetime, detail: Mapping[str, object] = {}
) -> None:
    """Writes one line of the audit log, with what it is about: `site.renamed`, `site_6Kx…`."""
    tx.add(ChangeRow(team_id=team, member_id=member, at=now, verb=verb, target=target[:120], detail=dict(detail)))
    tx.flush()
