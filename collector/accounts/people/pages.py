"""Who is in the team: roles, invitations, leaving."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts.actions import note_change
from collector.accounts.address import normal_email, normal_name
from collector.accounts.door.actions import RESET_LASTS, make_reset
from collector.accounts.forgotten.actions import order_reset
from collector.accounts.pages import address_of, local_time
from collector.accounts.people.actions import (
    INVITATION_LASTS,
    change_role,
    invite,
    order_invitation,
    remove,
    rename_team,
    withdraw,
)
from collector.accounts.people.link import invitation_path
from collector.accounts.people.queries import Person, invitations, people
from collector.accounts.people.roles import MEANING
from collector.problems import NotFound, ValidationFailed
from collector.web.context import context, mail_is_open
from collector.web.guards import Role, allow, member
from collector.web.shell import go, page

bp = Blueprint("accounts_people", __name__, template_folder="../templates")

_DONE = {
    "role": "The role is changed. Whoever it was signs in anew.",
    "removed": "Removed from the team. Sessions here and keys that were made by them have ended.",
    "withdrawn": "The invitation is withdrawn.",
    "reset_sent": "A mail with a link for a new password is on its way. It works once, for an hour.",
    "renamed": "The team has its new name.",
    "joined": "Welcome to the team.",
}


@bp.get("/team")
@allow(member())
def team() -> Reply:
    """Everybody in the team, and who is invited."""
    return _team()


@bp.post("/team/name")
@allow(member(Role.owner))
def rename() -> Reply:
    """Gives the team another name."""
    here = context()
    typed = request.form.get("name", "")
    try:
        name = normal_name(typed)
        with here.database.writing() as tx:
            rename_team(tx, g.team, name)
            note_change(tx, g.team, g.member.id, "team.renamed", name, here.now())
    except ValidationFailed as problem:
        return _team(422, name_fault=problem.faults[0].detail, typed_name=typed)
    return go("/team?done=renamed")


@bp.post("/team/invitations")
@allow(member(Role.owner))
def send_invitation() -> Reply:
    """Invites an address: by a letter where mail is sent, and with the link to copy."""
    here = context()
    typed, role = request.form.get("email", ""), Role.__members__.get(request.form.get("role", ""))
    try:
        if role is None or role > g.member.role:
            raise ValidationFailed("Choose one of the roles.")
        email = normal_email(typed)
        with here.database.writing() as tx:
            now = here.now()
            nonce = invite(tx, g.team, email, role, g.member.id, now)
            if mail_is_open():
                order_invitation(tx, g.team, nonce, now)
            note_change(tx, g.team, g.member.id, "member.invited", email, now, {"role": role.name})
    except ValidationFailed as problem:
        return _team(422, invite_fault=(problem.faults[0] if problem.faults else problem).detail, typed_email=typed)
    return _link_page(email, role, nonce, now + INVITATION_LASTS, is_sent=mail_is_open())


@bp.post("/team/invitations/<int:invitation_id>/link")
@allow(member(Role.owner))
def show_link(invitation_id: int) -> Reply:
    """The link of an invitation once more, to be sent by hand: its letter may not have arrived."""
    here = context()
    now = here.now()
    with here.database.writing() as tx:
        found = next((one for one in invitations(tx, g.team) if one.id == invitation_id), None)
        if found is None or found.expires_at <= now:
            raise NotFound()
        note_change(tx, g.team, g.member.id, "invitation.link_shown", found.email, now)
    return _link_page(found.email, found.role, found.nonce, found.expires_at, is_sent=False)


@bp.post("/team/invitations/<int:invitation_id>/withdraw")
@allow(member(Role.owner))
def withdraw_invitation(invitation_id: int) -> Reply:
    """Ends an invitation."""
    here = context()
    with here.database.writing() as tx:
        email = withdraw(tx, g.team, invitation_id)
        if email is None:
            raise NotFound()
        note_change(tx, g.team, g.member.id, "invitation.withdrawn", email, here.now())
    return go("/team?done=withdrawn")


@bp.post("/team/people/<int:member_id>/role")
@allow(member(Role.owner))
def set_role(member_id: int) -> Reply:
    """Gives somebody in the team another role, and ends their sessions here."""
    here = context()
    person = _person(member_id)
    role = Role.__members__.get(request.form.get("role", ""))
    if role is None:
        raise ValidationFailed("Choose one of the roles.")
    if role == person.role:
        return go("/team")
    with here.database.writing() as tx:
        now = here.now()
        ended = change_role(tx, g.team, member_id, role, now)
        detail = {"from": person.role.name, "to": role.name, "keys_revoked": ended}
        note_change(tx, g.team, g.member.id, "member.role_changed", person.email, now, detail)
    return go("/team?done=role")


@bp.get("/team/people/<int:member_id>/remove")
@allow(member(Role.owner))
def ask_to_remove(member_id: int) -> Reply:
    """Says what removing somebody ends, and asks."""
    return page("accounts/remove.html", person=_person(member_id))


@bp.post("/team/people/<int:member_id>/remove")
@allow(member(Role.owner))
def remove_person(member_id: int) -> Reply:
    """Takes somebody out of the team."""
    here = context()
    person = _person(member_id)
    with here.database.writing() as tx:
        now = here.now()
        ended = remove(tx, g.team, member_id, now)
        note_change(tx, g.team, g.member.id, "member.removed", person.email, now, {"keys_revoked": ended})
    return go("/team?done=removed")


@bp.post("/team/people/<int:member_id>/reset")
@allow(member(Role.owner))
def reset_link(member_id: int) -> Reply:
    """A link with which somebody of this team chooses a new password, shown once. Whoever is in another team too gets theirs
    from whoever runs the installation: an owner here must not open what belongs to others."""
    here = context()
    person = _person(member_id)
    if person.other_teams or person.disabled:
        raise NotFound()
    with here.database.writing() as tx:
        now = here.now()
        token = make_reset(tx, member_id, now)
        note_change(tx, g.team, g.member.id, "member.reset_made", person.email, now)
    minutes = int(RESET_LASTS.total_seconds() // 60)
    return page("accounts/reset_link.html", person=person, secret=address_of(f"/reset/{token}"), minutes=minutes)


@bp.post("/team/people/<int:member_id>/reset-letter")
@allow(member(Role.owner))
def send_reset(member_id: int) -> Reply:
    """Has a link for a new password sent to somebody of this team, whatever other teams they are in: nobody else sees it."""
    here = context()
    person = _person(member_id)
    if person.disabled:
        raise NotFound()
    if not mail_is_open():
        return go("/team")
    with here.database.writing() as tx:
        now = here.now()
        order_reset(tx, person.email, now)
        note_change(tx, g.team, g.member.id, "member.reset_sent", person.email, now)
    return go("/team?done=reset_sent")


def _team(status: int = 200, **values: str | None) -> Reply:
    here = context()
    is_owner = g.member.role == Role.owner
    with here.database.reading() as tx:
        listed = people(tx, g.team)
        invited = invitations(tx, g.team) if is_owner else []
    owners = sum(person.role == Role.owner and not person.disabled for person in listed)
    return page(
        "accounts/team.html",
        status,
        people=listed,
        invitations=invited,
        meaning=MEANING,
        is_owner=is_owner,
        owners=owners,
        now=here.now(),
        local=local_time(),
        done=_DONE.get(request.args.get("done", "")),
        **values,
    )


def _link_page(email: str, role: Role, nonce: UUID, until: datetime, *, is_sent: bool) -> Reply:
    link = address_of(invitation_path(context().token_key, g.team, nonce))
    return page(
        "accounts/invited.html", email=email, role=role, secret=link, until=until, local=local_time(), is_sent=is_sent
    )


def _person(number: int) -> Person:
    with context().database.reading() as tx:
        found = people(tx, g.team, number)
    if not found:
        raise NotFound()
    return found[0]
