"""Reads of passkeys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.models import ChallengeRow, PasskeyRow
from collector.signing import fingerprint


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey of a member. `uses` is the device's own count."""

    id: int
    member: int
    credential: str
    public_key: bytes
    uses: int
    name: str
    created_at: datetime
    used_at: datetime | None


def passkeys_of(tx: Session, member: int) -> list[Passkey]:
    """A member's passkeys, oldest first."""
    rows = tx.scalars(select(PasskeyRow).where(PasskeyRow.member_id == member).order_by(PasskeyRow.id))
    return [_value(row) for row in rows]


def passkey_called(tx: Session, credential: str) -> Passkey | None:
    """The passkey that a device calls so."""
    row = tx.scalars(select(PasskeyRow).where(PasskeyRow.credential == credential)).first()
    return _value(row) if row else None


def is_asked(tx: Session, challenge: str, now: datetime) -> bool:
    """Whether this challenge was given out and may still be used."""
    asked = select(ChallengeRow.expires_at).where(
        ChallengeRow.fingerprint == fingerprint(challenge), ChallengeRow.expires_at > now
    )
    return tx.scalar(asked) is not None


def _value(row: PasskeyRow) -> Passkey:
    return Passkey(
        row.id, row.member_id, row.credential, row.public_key, row.uses, row.name, row.created_at, row.used_at
    )
