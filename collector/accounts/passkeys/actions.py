"""Writes of passkeys and of what they are asked to sign."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from collector.accounts.models import ChallengeRow, MemberRow, PasskeyRow
from collector.ids import public_id
from collector.signing import fingerprint

#: How long a challenge may be signed.
CHALLENGE_LASTS = timedelta(minutes=5)
#: Passkeys that a member has at most; browsers send all their names with each new one.
MOST = 20


def make_challenge(tx: Session, member: int | None, now: datetime) -> str:
    """Something new to be signed: for adding a passkey to `member`, or, without one, for signing in."""
    challenge = public_id("lwc", 40)
    tx.add(ChallengeRow(fingerprint=fingerprint(challenge), member_id=member, expires_at=now + CHALLENGE_LASTS))
    tx.flush()
    return challenge


def use_challenge(tx: Session, challenge: str, member: int | None, now: datetime) -> bool:
    """Uses a challenge up. `False` when it was not given out for this, was used before, or is too old."""
    owner = ChallengeRow.member_id.is_(None) if member is None else ChallengeRow.member_id == member
    statement = (
        delete(ChallengeRow)
        .where(ChallengeRow.fingerprint == fingerprint(challenge), ChallengeRow.expires_at > now, owner)
        .returning(ChallengeRow.fingerprint)
    )
    return tx.execute(statement).first() is not None


def add_passkey(
    tx: Session, member: int, credential: str, public_key: bytes, uses: int, name: str, now: datetime
) -> bool:
    """Keeps a passkey that was proven. `False` when somebody has it already, or the member has as many as one may."""
    # The member's row is held: of two that come at once, the second counts the first.
    tx.execute(select(MemberRow.id).where(MemberRow.id == member).with_for_update())
    taken = tx.scalar(select(PasskeyRow.id).where(PasskeyRow.credential == credential))
    count = tx.scalars(select(func.count()).select_from(PasskeyRow).where(PasskeyRow.member_id == member)).one()
    if taken is not None or count >= MOST:
        return False
    tx.add(
        PasskeyRow(member_id=member, credential=credential, public_key=public_key, uses=uses, name=name, created_at=now)
    )
    tx.flush()
    return True


def count_use(tx: Session, passkey: int, before: int, after: int, now: datetime) -> bool:
    """Writes down that a passkey was used. `False` when its count is not what it was, or the passkey is gone: of two copies of
    a device that sign at once, one comes in."""
    statement = (
        update(PasskeyRow)
        .where(PasskeyRow.id == passkey, PasskeyRow.uses == before)
        .values(uses=after, used_at=now)
        .returning(PasskeyRow.id)
    )
    return tx.execute(statement).first() is not None


def remove_passkey(tx: Session, member: int, passkey: int) -> bool:
    """Ends a passkey of a member at once. `False` when the member has no such one."""
    statement = (
        delete(PasskeyRow).where(PasskeyRow.id == passkey, PasskeyRow.member_id == member).returning(PasskeyRow.id)
    )
    return tx.execute(statement).first() is not None
