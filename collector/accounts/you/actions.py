"""Writes to a member's own account."""

from datetime import datetime

import pyotp
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from collector.accounts.door.actions import recovery_fingerprint
from collector.accounts.models import MemberRow, RecoveryCodeRow
from collector.accounts.second_step import HIDDEN_FOR
from collector.hiding import hide, under_newest
from collector.ids import recovery_code

#: Recovery codes that are made together.
CODES = 10


def set_profile(tx: Session, member: int, name: str, zone: str) -> None:
    """Changes name and zone, which were checked."""
    tx.execute(update(MemberRow).where(MemberRow.id == member).values(name=name, zone=zone))


def draft_second_step(tx: Session, member: int, key: bytes) -> None:
    """Makes a secret that is not asked for yet. Nothing happens when one is in force."""
    stored = hide(key, HIDDEN_FOR, member, pyotp.random_base32())
    tx.execute(
        update(MemberRow)
        .where(MemberRow.id == member, MemberRow.totp_since.is_(None))
        .values(totp_secret=stored, totp_step=None)
    )


def move_second_steps(tx: Session, key: bytes) -> tuple[int, int]:
    """Hides what codes are counted from with the newest key, where an older one does it; devices notice nothing. Returns how
    many were moved, and how many cannot be, for their key is not there."""
    rows = tx.execute(
        select(MemberRow.id, MemberRow.totp_secret).where(MemberRow.totp_secret.is_not(None)).with_for_update()
    )
    moved, lost = under_newest(key, HIDDEN_FOR, [(member, stored) for member, stored in rows if stored is not None])
    for member, stored in moved.items():
        tx.execute(update(MemberRow).where(MemberRow.id == member).values(totp_secret=stored))
    return len(moved), lost


def begin_second_step(tx: Session, member: int, totp_secret: str, step: int, now: datetime) -> list[str] | None:
    """Puts the drafted secret in force, after the code of `step` was right, and returns recovery codes, which are shown once.
    `None` when it is no draft any more."""
    statement = (
        update(MemberRow)
        .where(MemberRow.id == member, MemberRow.totp_since.is_(None), MemberRow.totp_secret == totp_secret)
        .values(totp_since=now, totp_step=step)
        .returning(MemberRow.id)
    )
    if tx.execute(statement).first() is None:
        return None
    return make_recovery_codes(tx, member)


def make_recovery_codes(tx: Session, member: int) -> list[str]:
    """Fresh recovery codes in the place of all earlier ones."""
    codes = [recovery_code() for _ in range(CODES)]
    tx.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.member_id == member))
    tx.add_all([RecoveryCodeRow(fingerprint=recovery_fingerprint(member, code), member_id=member) for code in codes])
    tx.flush()
    return codes


def end_second_step(tx: Session, member: int) -> None:
    """Asks for no code any more; recovery codes end."""
    tx.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.member_id == member))
    tx.execute(
        update(MemberRow).where(MemberRow.id == member).values(totp_secret=None, totp_since=None, totp_step=None)
    )
