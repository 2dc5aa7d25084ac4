"""The link of an invitation: making an account with it, or joining with the one that there is."""

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts import passwords
from collector.accounts.actions import note_change
from collector.accounts.address import normal_name
from collector.accounts.pages import come_in, hashing
from collector.accounts.people.actions import accept
from collector.accounts.people.actions import accept_as_new as use_as_new
from collector.accounts.people.link import invitation_named
from collector.accounts.people.queries import Invitation, open_invitation
from collector.accounts.queries import has_account
from collector.accounts.you.zones import zone_or_utc
from collector.problems import LinkOver, ValidationFailed
from collector.web.context import context
from collector.web.guards import VISITOR_OF_OURS, allow, member
from collector.web.shell import go, page

bp = Blueprint("accounts_invited", __name__, template_folder="../templates")

_OVER = "It was used, has ended, or is for somebody else. Whoever invited you can make a new one."


@bp.get("/invitations/<token>")
@allow(VISITOR_OF_OURS)
def invitation(token: str) -> Reply:
    """What an invitation is to, and the form to accept it."""
    if "member" in g:
        return go(f"/invitations/{token}/join")
    return page("accounts/invitation.html", invitation=_invitation(token), token=token)


@bp.post("/invitations/<token>")
@allow(VISITOR_OF_OURS)
def accept_as_new(token: str) -> Reply:
    """Makes an account for the invited address, and signs in."""
    here = context()
    found = _invitation(token)
    typed, password = request.form.get("name", ""), request.form.get("password", "")
    faults = {"password_fault": passwords.fault_of(password), "name_fault": None}
    try:
        name = normal_name(typed)
    except ValidationFailed as problem:
        faults["name_fault"] = problem.faults[0].detail
    if any(faults.values()):
        return page("accounts/invitation.html", 422, invitation=found, token=token, name=typed, **faults)
    with hashing().turn():
        kept = passwords.keep(password)
    with here.database.writing() as tx:
        now = here.now()
        if has_account(tx, found.email):
            return page("accounts/invitation.html", 422, invitation=found, token=token, name=typed, known=True)
        number = use_as_new(tx, found, name, kept, now, zone_or_utc(request.form.get("zone", "")))
        if number is None:
            raise LinkOver(_OVER)
        note_change(tx, found.team, number, "member.joined", found.email, now, {"role": found.role.name})
    return come_in(go("/team?done=joined"), number, found.team)


@bp.get("/invitations/<token>/join")
@allow(member())
def ask_to_join(token: str) -> Reply:
    """Asks somebody who has an account whether to join."""
    return page("accounts/join.html", invitation=_own_invitation(token), token=token)


@bp.post("/invitations/<token>/join")
@allow(member())
def join_as_member(token: str) -> Reply:
    """Brings somebody who has an account into the team, and looks at it."""
    here = context()
    found = _own_invitation(token)
    with here.database.writing() as tx:
        now = here.now()
        if not accept(tx, found, g.member.id, now):
            raise LinkOver(_OVER)
        note_change(tx, found.team, g.member.id, "member.joined", found.email, now, {"role": found.role.name})
    return come_in(go("/team?done=joined"), g.member.id, found.team)


def _invitation(token: str) -> Invitation:
    here = context()
    place = invitation_named(here.token_key, token)
    found = None
    if place is not None:
        with here.database.reading() as tx:
            found = open_invitation(tx, *place, here.now())
    if found is None:
        raise LinkOver(_OVER)
    return found


def _own_invitation(token: str) -> Invitation:
    found = _invitation(token)
    if found.email != g.member.email:
        raise LinkOver(_OVER)
    return found
