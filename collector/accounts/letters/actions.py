"""Writes of letters with a link. A letter is written down as `sending` before a mail server hears of it; whoever comes back and
finds it so makes it uncertain, and it is not sent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from collector.accounts.actions import note_change
from collector.accounts.door.actions import RESET_LASTS, make_reset
from collector.accounts.letters.standing import Letter, State, again_at
from collector.accounts.models import InvitationRow, MemberRow, ResetLetterRow
from collector.accounts.people.queries import Invitation, open_invitation
from collector.accounts.queries import credentials, teams_of

#: What is kept of a reply.
_LONGEST_REPLY = 60


@dataclass(frozen=True, slots=True)
class Reset:
    """A letter to a member who asked for a new password at `asked_at`; `token` is its link's."""

    member: int
    email: str
    token: str
    asked_at: datetime


def begin_invitation(tx: Session, team: int, nonce: UUID, now: datetime) -> Invitation | None:
    """Claims the letter of an invitation. `None` when there is nothing to send: it is over, or was handed over already."""
    found = open_invitation(tx, team, nonce, now)
    if found is None:
        return None
    if _move(tx, InvitationRow, InvitationRow.nonce == nonce, (None, "deferred"), Letter("sending", None)):
        return found
    lost = Letter("uncertain", None)
    if _move(tx, InvitationRow, InvitationRow.nonce == nonce, ("sending",), lost):
        _note_invitation(tx, found, lost, now)
    return None


def settle_invitation(tx: Session, sent: Invitation, state: State, reply: str, now: datetime) -> datetime | None:
    """Writes what became of an invitation's letter. Returns when it is tried again, if it is."""
    due = again_at(sent.created_at, sent.expires_at, now) if state == "deferred" else None
    became = _in_the_end(state, reply, due)
    if not _move(tx, InvitationRow, InvitationRow.nonce == sent.nonce, ("sending",), became):
        return None
    if became.failed:
        _note_invitation(tx, sent, became, now)
    return due


def begin_reset(tx: Session, email: str, asked_at: datetime, now: datetime) -> Reset | None:
    """Claims a letter with a new link for the member with an address, if there is one who may sign in. `None` when there is
    nothing to send: nobody waits for it any more, it was handed over already, or a later one was."""
    known = credentials(tx, email)
    if known is None or not known.teams:
        return None
    # The member's row is held: two orders for one member are begun one after the other.
    tx.execute(select(MemberRow.id).where(MemberRow.id == known.member).with_for_update())
    last = tx.get(ResetLetterRow, known.member, populate_existing=True)
    is_over = now > asked_at + RESET_LASTS
    if last is not None and last.asked_at >= asked_at:
        if last.asked_at > asked_at or last.letter not in ("sending", "deferred"):
            return None
        if last.letter == "sending" or is_over:
            state: State = "uncertain" if last.letter == "sending" else "undeliverable"
            last.letter = state
            _note_reset(tx, known.member, email, Letter(state, last.letter_reply), now)
            return None
    if is_over:
        return None
    tx.merge(ResetLetterRow(member_id=known.member, asked_at=asked_at, letter="sending", letter_reply=None))
    return Reset(known.member, email, make_reset(tx, known.member, now), asked_at)


def settle_reset(tx: Session, sent: Reset, state: State, reply: str, now: datetime) -> datetime | None:
    """Writes what became of a letter for a new password. Returns when it is tried again, if it is."""
    due = again_at(sent.asked_at, sent.asked_at + RESET_LASTS, now) if state == "deferred" else None
    became = _in_the_end(state, reply, due)
    mine = and_(ResetLetterRow.member_id == sent.member, ResetLetterRow.asked_at == sent.asked_at)
    if not _move(tx, ResetLetterRow, mine, ("sending",), became):
        return None
    if became.failed:
        _note_reset(tx, sent.member, sent.email, became, now)
    return due


def _in_the_end(state: State, reply: str, due: datetime | None) -> Letter:
    given_up = state == "deferred" and due is None
    return Letter("undeliverable" if given_up else state, reply[:_LONGEST_REPLY])


def _move(
    tx: Session,
    table: type[InvitationRow] | type[ResetLetterRow],
    which: ColumnElement[bool],
    before: Sequence[State | None],
    became: Letter,
) -> bool:
    stands = or_(*(table.letter.is_(None) if one is None else table.letter == one for one in before))
    statement = (
        update(table)
        .where(which, stands)
        .values(letter=became.state, letter_reply=became.reply)
        .returning(table.letter)
        .execution_options(synchronize_session=False)
    )
    return tx.execute(statement).first() is not None


def _note_invitation(tx: Session, about: Invitation, letter: Letter, now: datetime) -> None:
    note_change(tx, about.team, None, f"invitation.{letter.state}", about.email, now, {"why": letter.why})


def _note_reset(tx: Session, member: int, email: str, letter: Letter, now: datetime) -> None:
    for team, _, _ in teams_of(tx, member):
        note_change(tx, team, None, f"reset.{letter.state}", email, now, {"why": letter.why})
