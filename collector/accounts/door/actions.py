"""Writes of coming in: tries, codes, links for a new password."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from collector.accounts.models import (
    ChallengeRow,
    MemberRow,
    RecoveryCodeRow,
    ResetLetterRow,
    ResetRow,
    SessionRow,
    TriesRow,
)
from collector.accounts.session import IDLE, WHOLE
from collector.accounts.tries import Try, after_one, wait_for
from collector.db.bulk import BulkInsert
from collector.ids import public_id
from collector.signing import fingerprint

#: How long a link for a new password may be used.
RESET_LASTS = timedelta(hours=1)

_NEW = BulkInsert(TriesRow, ["owner", "full_at"], unique=("owner",))


def take_tries(tx: Session, tries: Sequence[Try], now: datetime) -> timedelta:
    """Takes one of each and returns nothing, or, when one of them is used up, takes none and returns how long to wait."""
    _NEW.run(tx, [(one.owner, now) for one in tries])
    # In one order, so that two sign-ins that share a network never wait for each other.
    rows = tx.execute(
        select(TriesRow.owner, TriesRow.full_at)
        .where(TriesRow.owner.in_([one.owner for one in tries]))
        .order_by(TriesRow.owner)
        .with_for_update()
    )
    full = {bytes(owner): full_at for owner, full_at in rows}
    wait = max(wait_for(full.get(one.owner), one.bucket, now) for one in tries)
    if not wait:
        for one in tries:
            _set(tx, one.owner, after_one(full.get(one.owner), one.bucket, now))
    return wait


def give_back(tx: Session, tries: Sequence[Try]) -> None:
    """Gives back one of each, because it went well."""
    owners = {one.owner: one.bucket for one in tries}
    rows = tx.execute(
        select(TriesRow.owner, TriesRow.full_at)
        .where(TriesRow.owner.in_(owners))
        .order_by(TriesRow.owner)
        .with_for_update()
    )
    for owner, full_at in rows.all():
        _set(tx, owner, full_at - owners[bytes(owner)].every)


def _set(tx: Session, owner: bytes, full_at: datetime) -> None:
    tx.execute(
        update(TriesRow)
        .where(TriesRow.owner == owner)
        .values(full_at=full_at)
        .execution_options(synchronize_session=False)
    )


def set_password(tx: Session, member: int, kept: str) -> None:
    """Stores what is kept of a member's new password."""
    tx.execute(update(MemberRow).where(MemberRow.id == member).values(password=kept))


def count_step(tx: Session, member: int, step: int) -> bool:
    """Takes the code of a step. `False` when it, or a later one, was taken before: of two who send it, one comes in."""
    statement = (
        update(MemberRow)
        .where(MemberRow.id == member, or_(MemberRow.totp_step.is_(None), MemberRow.totp_step < step))
        .values(totp_step=step)
        .returning(MemberRow.id)
    )
    return tx.execute(statement).first() is not None


def use_recovery_code(tx: Session, member: int, code: str) -> bool:
    """Takes a recovery code, as it was typed. `False` when the member has no such code, any more or at all."""
    statement = (
        delete(RecoveryCodeRow)
        .where(RecoveryCodeRow.fingerprint == recovery_fingerprint(member, code), RecoveryCodeRow.member_id == member)
        .returning(RecoveryCodeRow.member_id)
    )
    return tx.execute(statement).first() is not None


def recovery_fingerprint(member: int, code: str) -> bytes:
    """What is stored of a recovery code; blanks, hyphens and capitals do not matter."""
    return fingerprint(f"{member}:{''.join(sign for sign in code.lower() if sign.isalnum())}")


def make_reset(tx: Session, member: int, now: datetime) -> str:
    """The token of a new link with which a member chooses a password; earlier ones end. Kept nowhere."""
    token = public_id("lwp", 40)
    tx.execute(delete(ResetRow).where(ResetRow.member_id == member))
    tx.add(ResetRow(member_id=member, fingerprint=fingerprint(token), expires_at=now + RESET_LASTS))
    tx.flush()
    return token


def use_reset(tx: Session, token: str, kept: str, now: datetime) -> int | None:
    """Sets the password with a link, which ends with it, like everything that the member is signed in with. Returns the
    member's number; `None` when the link is over."""
    statement = (
        delete(ResetRow)
        .where(ResetRow.fingerprint == fingerprint(token), ResetRow.expires_at > now)
        .returning(ResetRow.member_id)
    )
    member = tx.execute(statement).scalar()
    if member is not None:
        set_password(tx, member, kept)
        end_sessions(tx, member)
        end_reset(tx, member)
    return member


def end_reset(tx: Session, member: int) -> None:
    """Ends a member's link for a new password, and what is told of its letter: nobody needs it any more."""
    tx.execute(delete(ResetRow).where(ResetRow.member_id == member))
    tx.execute(update(ResetLetterRow).where(ResetLetterRow.member_id == member).values(letter="sent"))


def end_sessions(tx: Session, member: int, *, team: int | None = None, but: int | None = None) -> None:
    """Ends a member's sessions at once: all, or those that look at one team, or all but one."""
    statement = delete(SessionRow).where(SessionRow.member_id == member)
    if team is not None:
        statement = statement.where(SessionRow.team_id == team)
    if but is not None:
        statement = statement.where(SessionRow.id != but)
    tx.execute(statement)


def forget_ended(tx: Session, now: datetime) -> int:
    """Deletes sessions, links and challenges that have ended by themselves, and tries that have all come back. Returns how
    many."""
    count = 0
    for table, key, is_over in (
        (TriesRow, TriesRow.owner, TriesRow.full_at <= now),
        (ResetRow, ResetRow.member_id, ResetRow.expires_at <= now),
        (ChallengeRow, ChallengeRow.fingerprint, ChallengeRow.expires_at <= now),
        (SessionRow, SessionRow.id, or_(SessionRow.seen_at <= now - IDLE, SessionRow.created_at <= now - WHOLE)),
    ):
        # Rows that somebody holds are in use; the next look finds them.
        over = select(key).where(is_over).limit(1000).with_for_update(skip_locked=True)
        done = tx.execute(
            delete(table)
            .where(key.in_(over.scalar_subquery()))
            .returning(key)
            .execution_options(synchronize_session=False)
        )
        count += len(done.all())
    return count
