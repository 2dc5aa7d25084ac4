"""Writes to who is in a team. Whatever changes what somebody may do ends their sessions in the team."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from collector.accounts.actions import add_person, join, revoke_keys_made_by
from collector.accounts.door.actions import end_reset, end_sessions
from collector.accounts.models import (
    IdentityRow,
    InvitationRow,
    MemberRow,
    MembershipRow,
    PasskeyRow,
    TeamRow,
)
from collector.accounts.people.queries import Invitation, is_in
from collector.accounts.queries import member_with, team_named
from collector.accounts.you.actions import end_second_step
from collector.ids import new_uuid
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry
from collector.problems import Fault, NotFound, OwnerNeeded, ValidationFailed
from collector.web.guards import Role

#: How long an invitation is open.
INVITATION_LASTS = timedelta(hours=72)
#: The order that has an invitation sent.
ORDER = "invitation.send"


def invite(tx: Session, team: int, email: str, role: Role, by: int, now: datetime) -> UUID:
    """Invites an address, in its normal form; an earlier invitation of the same address ends. Returns what its link is made
    from. Raises `ValidationFailed` when the person is in the team."""
    if is_in(tx, team, email):
        raise ValidationFailed(faults=[Fault("Somebody with this address is in the team.", parameter="email")])
    tx.execute(delete(InvitationRow).where(InvitationRow.team_id == team, InvitationRow.email == email))
    row = InvitationRow(
        team_id=team,
        nonce=new_uuid(now),
        email=email,
        role=role,
        invited_by=by,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    tx.add(row)
    tx.flush()
    return row.nonce


def order_invitation(tx: Session, team: int, nonce: UUID, now: datetime) -> None:
    """Has an invitation sent to its address."""
    put(tx, [NewEntry(ORDER, {"team": team, "nonce": str(nonce)}, now)])


def withdraw(tx: Session, team: int, invitation: int) -> str | None:
    """Ends an invitation of the team and returns whose it was; `None` when there is no such one."""
    statement = (
        delete(InvitationRow)
        .where(InvitationRow.id == invitation, InvitationRow.team_id == team)
        .returning(InvitationRow.email)
    )
    return tx.execute(statement).scalar()


def accept(tx: Session, invitation: Invitation, member: int, now: datetime) -> bool:
    """Uses an invitation for a member, who is in the team afterwards. `False` when it was used or withdrawn meanwhile."""
    if not _use(tx, invitation):
        return False
    if not is_in(tx, invitation.team, invitation.email):
        join(tx, member, invitation.team, invitation.role, now)
    return True


def accept_as_new(
    tx: Session, invitation: Invitation, name: str, kept: str, now: datetime, zone: str = "UTC"
) -> int | None:
    """Uses an invitation for somebody who has no account (`queries.has_account`), and returns the member's number. `None` when
    it was used or withdrawn meanwhile."""
    if not _use(tx, invitation):
        return None
    member = member_with(tx, invitation.email)
    if member is None:
        member = add_person(tx, invitation.email, name, kept, now, zone)
    else:
        _begin_anew(tx, member, name, kept, zone)
    join(tx, member, invitation.team, invitation.role, now)
    return member


def _use(tx: Session, invitation: Invitation) -> bool:
    statement = delete(InvitationRow).where(InvitationRow.nonce == invitation.nonce).returning(InvitationRow.id)
    return tx.execute(statement).first() is not None


def _begin_anew(tx: Session, member: int, name: str, kept: str, zone: str) -> None:
    # Whoever was gone has the account that the link makes, and none of the ways in from before: nobody knows who holds them.
    tx.execute(update(MemberRow).where(MemberRow.id == member).values(name=name, password=kept, zone=zone))
    end_second_step(tx, member)
    end_reset(tx, member)
    for table in (PasskeyRow, IdentityRow):
        tx.execute(delete(table).where(table.member_id == member))


def change_role(tx: Session, team: int, member: int, role: Role, now: datetime) -> int:
    """Gives a member of the team another role. Whoever is no owner any more loses what only owners may have: the keys whose
    secrets they have seen, and the invitations they sent. Returns how many keys. Raises `NotFound`, and `OwnerNeeded` when it
    would leave the team without one."""
    before = _held(tx, team, member)
    if role == before:
        return 0
    if before == Role.owner:
        _keep_an_owner(tx, team, member)
    tx.execute(
        update(MembershipRow).where(MembershipRow.team_id == team, MembershipRow.member_id == member).values(role=role)
    )
    end_sessions(tx, member, team=team)
    return _end_what_they_gave_out(tx, member, now, team) if before == Role.owner else 0


def remove(tx: Session, team: int, member: int, now: datetime) -> int:
    """Takes a member out of the team, with sessions and the keys whose secrets they have seen; returns how many keys.
    Raises `NotFound` and `OwnerNeeded`."""
    if _held(tx, team, member) == Role.owner:
        _keep_an_owner(tx, team, member)
    end_sessions(tx, member, team=team)
    tx.execute(delete(MembershipRow).where(MembershipRow.team_id == team, MembershipRow.member_id == member))
    return _end_what_they_gave_out(tx, member, now, team)


def disable(tx: Session, member: int, now: datetime) -> int:
    """Lets a member sign in no more, anywhere; sessions and keys end. Returns how many keys. Raises `OwnerNeeded`."""
    teams = tx.scalars(
        select(MembershipRow.team_id).where(MembershipRow.member_id == member).order_by(MembershipRow.team_id)
    )
    for team in teams.all():
        if _held(tx, team, member) == Role.owner:
            _keep_an_owner(tx, team, member)
    tx.execute(update(MemberRow).where(MemberRow.id == member).values(disabled_at=now))
    end_sessions(tx, member)
    return _end_what_they_gave_out(tx, member, now)


def enable(tx: Session, member: int) -> None:
    """Lets a member sign in again. What ended does not come back."""
    tx.execute(update(MemberRow).where(MemberRow.id == member).values(disabled_at=None))


def rename_team(tx: Session, team: int, name: str) -> None:
    """Gives a team another name. Raises `ValidationFailed` when another team has it."""
    if team_named(tx, name) not in (None, team):
        raise ValidationFailed(faults=[Fault("Another team here has this name.", parameter="name")])
    tx.execute(update(TeamRow).where(TeamRow.id == team).values(name=name))


def _end_what_they_gave_out(tx: Session, member: int, now: datetime, team: int | None = None) -> int:
    sent = delete(InvitationRow).where(InvitationRow.invited_by == member)
    tx.execute(sent if team is None else sent.where(InvitationRow.team_id == team))
    return revoke_keys_made_by(tx, member, now, team=team)


def _held(tx: Session, team: int, member: int) -> Role:
    # The team's row is held first: of two owners who make each other something else at once, the second waits and is refused.
    tx.execute(select(TeamRow.id).where(TeamRow.id == team).with_for_update())
    role = tx.scalar(select(MembershipRow.role).where(MembershipRow.team_id == team, MembershipRow.member_id == member))
    if role is None:
        raise NotFound()
    return Role(role)


def _keep_an_owner(tx: Session, team: int, leaving: int) -> None:
    others = tx.scalar(
        select(func.count())
        .select_from(MembershipRow)
        .join(MemberRow, MemberRow.id == MembershipRow.member_id)
        .where(
            MembershipRow.team_id == team,
            MembershipRow.role == Role.owner,
            MembershipRow.member_id != leaving,
            MemberRow.disabled_at.is_(None),
        )
    )
    if not others:
        raise OwnerNeeded()
