"""Writes of who signs in through the provider."""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from collector.accounts.actions import note_change
from collector.accounts.models import IdentityRow, MemberRow
from collector.accounts.people.actions import accept_as_new
from collector.accounts.people.queries import Invitation
from collector.accounts.queries import Credentials, credentials, has_account


def link(tx: Session, issuer: str, subject: str, email: str, now: datetime) -> Credentials | None:
    """Ties somebody at the provider to the member with this address, for good: from then on the address does not matter.
    `None` when there is no such member who may sign in, or the member or the subject is tied to somebody else."""
    known = credentials(tx, email)
    if known is None or not known.teams:
        return None
    # The member's row is held: of two who come for one address at once, the second finds the first.
    tx.execute(select(MemberRow.id).where(MemberRow.id == known.member).with_for_update())
    tied = tx.execute(
        select(IdentityRow.subject, IdentityRow.member_id).where(
            IdentityRow.issuer == issuer,
            or_(IdentityRow.subject == subject, IdentityRow.member_id == known.member),
        )
    ).all()
    if tied:
        return known if all(tuple(one) == (subject, known.member) for one in tied) else None
    tx.add(IdentityRow(issuer=issuer, subject=subject, member_id=known.member, created_at=now))
    tx.flush()
    note_change(tx, known.teams[0], known.member, "member.linked", email, now, {"through": issuer})
    return known


def join_and_link(
    tx: Session, issuer: str, subject: str, invitation: Invitation, name: str, kept: str, now: datetime
) -> Credentials | None:
    """Makes an account for an invited address and ties it. `None` when the invitation was used meanwhile."""
    if has_account(tx, invitation.email):
        return None
    number = accept_as_new(tx, invitation, name, kept, now)
    if number is None:
        return None
    note_change(tx, invitation.team, number, "member.joined", invitation.email, now, {"role": invitation.role.name})
    return link(tx, issuer, subject, invitation.email, now)


def unlink(tx: Session, issuer: str, member: int) -> bool:
    """Ends that a member signs in through the provider, so that the address counts again next time. `False` when there was
    nothing to end."""
    statement = (
        delete(IdentityRow)
        .where(IdentityRow.issuer == issuer, IdentityRow.member_id == member)
        .returning(IdentityRow.member_id)
    )
    return tx.execute(statement).first() is not None
