"""Reads of coming in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.models import MemberRow, ResetRow, TriesRow
from collector.accounts.tries import Try, wait_for
from collector.signing import fingerprint


def waiting(tx: Session, tries: Sequence[Try], now: datetime) -> timedelta:
    """How long to wait until there is one of each of these tries."""
    rows = tx.execute(select(TriesRow.owner, TriesRow.full_at).where(TriesRow.owner.in_([one.owner for one in tries])))
    full = {bytes(owner): full_at for owner, full_at in rows}
    return max(wait_for(full.get(one.owner), one.bucket, now) for one in tries)


def reset_for(tx: Session, token: str, now: datetime) -> str | None:
    """The e-mail address of the member who may choose a password with this link, if it is still good."""
    return tx.scalar(
        select(MemberRow.email)
        .join(ResetRow, ResetRow.member_id == MemberRow.id)
        .where(ResetRow.fingerprint == fingerprint(token), ResetRow.expires_at > now, MemberRow.disabled_at.is_(None))
    )
