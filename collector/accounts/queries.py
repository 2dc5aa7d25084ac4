"""Reads of teams and keys, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from collector.accounts.models import ApiKeyRow, TeamRow
from collector.signing import fingerprint


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
