"""Writes to teams and keys."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from collector.accounts.models import ApiKeyRow, TeamRow
from collector.accounts.queries import team_named
from collector.accounts.scopes import check_scopes
from collector.ids import public_id
from collector.signing import fingerprint

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


def add_key(
    tx: Session, team: int, name: str, scopes: Iterable[str], now: datetime, expires_at: datetime | None = None
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
            created_at=now,
            expires_at=expires_at,
        )
    )
    tx.flush()
    return secret


def revoke_key(tx: Session, key_id: int, now: datetime) -> bool:
    """Ends a key at once. `False` when there is no such key or it was revoked before."""
    statement = (
        update(ApiKeyRow)
        .where(ApiKeyRow.id == key_id, ApiKeyRow.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(ApiKeyRow.id)
    )
    return tx.execute(statement).first() is not None
