"""Reads of who signs in through the provider."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.models import IdentityRow, InvitationRow
from collector.accounts.people.queries import Invitation, open_invitation


def member_linked(tx: Session, issuer: str, subject: str) -> int | None:
    """The number of the member whom the provider calls so."""
    return tx.scalar(select(IdentityRow.member_id).where(IdentityRow.issuer == issuer, IdentityRow.subject == subject))


def linked_since(tx: Session, issuer: str, member: int) -> datetime | None:
    """Since when a member signs in through the provider."""
    return tx.scalar(
        select(IdentityRow.created_at).where(IdentityRow.issuer == issuer, IdentityRow.member_id == member)
    )


def invitation_for(tx: Session, email: str, now: datetime) -> Invitation | None:
    """The newest invitation of an address that can be accepted at `now`."""
    newest = tx.execute(
        select(InvitationRow.team_id, InvitationRow.nonce)
        .where(InvitationRow.email == email, InvitationRow.expires_at > now)
        .order_by(InvitationRow.id.desc())
        .limit(1)
    ).first()
    return open_invitation(tx, newest.team_id, newest.nonce, now) if newest else None
