"""Signing in with a passkey, adding one, and removing one."""

from typing import TYPE_CHECKING

from flask import Blueprint, g, make_response, request
from flask import Response as Reply

from collector.accounts.actions import note_change
from collector.accounts.address import normal_name
from collector.accounts.door.actions import end_sessions, give_back
from collector.accounts.door.pages import login_page
from collector.accounts.pages import came_from, come_in, passkey_place, prove, take
from collector.accounts.passkeys.actions import (
    MOST,
    add_passkey,
    count_use,
    make_challenge,
    remove_passkey,
    use_challenge,
)
from collector.accounts.passkeys.queries import Passkey, is_asked, passkey_called, passkeys_of
from collector.accounts.queries import Credentials, credentials_of
from collector.accounts.tries import tries_of_network
from collector.accounts.you.agents import device
from collector.accounts.you.pages import WRONG, you_page
from collector.problems import NotFound, ValidationFailed
from collector.web.context import context
from collector.web.guards import VISITOR_OF_OURS, allow, member
from collector.web.shell import go, own_page, page

if TYPE_CHECKING:
    from collector.accounts.passkeys.ceremony import Ceremony

bp = Blueprint("accounts_passkeys", __name__, template_folder="../templates")

_NOT_ADDED = "No passkey was added: it took too long, or this one is in use. Give your password and try again."
_FULL = f"You have {MOST} passkeys. Remove one first."


@bp.post("/login/passkey/start")
@allow(VISITOR_OF_OURS)
def start() -> Reply:
    """What the browser is to have signed, as JSON. Good for one answer, within five minutes."""
    here, ceremony = context(), _ceremony()
    take(tries_of_network(came_from()))
    with here.database.writing() as tx:
        challenge = make_challenge(tx, None, here.now())
    reply = make_response(ceremony.asked_to_sign(challenge))
    reply.mimetype = "application/json"
    reply.headers["Cache-Control"] = "no-store"
    return reply


@bp.post("/login/passkey")
@allow(VISITOR_OF_OURS)
def sign_in_with() -> Reply:
    """Signs in with a passkey, which the device gives out to its owner only: no second step is asked for. Says the same to all
    that it does not take."""
    wanted = request.form.get("next", "")
    known = _proven()
    if known is None:
        return login_page(422, next=wanted, unknown=True)
    return come_in(go(own_page(wanted)), known.member, known.teams[0])


@bp.post("/you/passkeys/start")
@allow(member())
def begin() -> Reply:
    """The page on which a passkey is made, once the password was given."""
    here, ceremony = context(), _ceremony()
    if prove(g.member.email, request.form.get("password", "")) is None:
        return you_page(422, passkey_fault=WRONG)
    with here.database.writing() as tx:
        known = passkeys_of(tx, g.member.id)
        if len(known) >= MOST:
            return you_page(422, passkey_fault=_FULL)
        challenge = make_challenge(tx, g.member.id, here.now())
    asked = ceremony.asked_to_make(
        challenge, g.member.id, g.member.email, g.member.name, [one.credential for one in known]
    )
    return page("accounts/passkey.html", asked=asked, name=device(request.user_agent.string))


@bp.post("/you/passkeys")
@allow(member())
def add() -> Reply:
    """Keeps a passkey that was made, and ends all other sessions."""
    here, ceremony = context(), _ceremony()
    said = request.form.get("said", "")
    now = here.now()
    try:
        name = normal_name(request.form.get("name", ""))
    except ValidationFailed as problem:
        return you_page(422, passkey_fault=problem.faults[0].detail)
    challenge = ceremony.challenge_of_made(said)
    with here.database.writing() as tx:
        is_fresh = challenge is not None and use_challenge(tx, challenge, g.member.id, now)
    made = ceremony.made(challenge, said) if challenge and is_fresh else None
    with here.database.writing() as tx:
        if made is None or not add_passkey(tx, g.member.id, made.credential, made.public_key, made.uses, name, now):
            return you_page(422, passkey_fault=_NOT_ADDED)
        end_sessions(tx, g.member.id, but=g.member.session)
        note_change(tx, g.team, g.member.id, "member.passkey_added", name, now)
    return come_in(go("/you?done=passkey"), g.member.id, g.team)


@bp.get("/you/passkeys/<int:passkey_id>/remove")
@allow(member())
def ask_to_remove(passkey_id: int) -> Reply:
    """Asks for the password before a passkey is removed."""
    return page("accounts/passkey_remove.html", passkey=_own(passkey_id))


@bp.post("/you/passkeys/<int:passkey_id>/remove")
@allow(member())
def remove(passkey_id: int) -> Reply:
    """Ends a passkey and all other sessions, once the password was given."""
    here = context()
    passkey = _own(passkey_id)
    if prove(g.member.email, request.form.get("password", "")) is None:
        return page("accounts/passkey_remove.html", 422, passkey=passkey, fault=WRONG)
    with here.database.writing() as tx:
        if not remove_passkey(tx, g.member.id, passkey_id):
            raise NotFound()
        end_sessions(tx, g.member.id, but=g.member.session)
        note_change(tx, g.team, g.member.id, "member.passkey_removed", passkey.name, here.now())
    return come_in(go("/you?done=unkeyed"), g.member.id, g.team)


def _proven() -> Credentials | None:
    here, ceremony = context(), _ceremony()
    signed = ceremony.signed(request.form.get("said", ""))
    if signed is None:
        return None
    now = here.now()
    with here.database.reading() as tx:
        is_fresh = is_asked(tx, signed.challenge, now)
        passkey = passkey_called(tx, signed.credential)
        known = credentials_of(tx, passkey.member) if passkey is not None else None
    # Only for what was asked for: a forger should not get a writer's turn, which visitors wait for.
    if is_fresh:
        with here.database.writing() as tx:
            is_fresh = use_challenge(tx, signed.challenge, None, now)
    if not is_fresh or passkey is None or known is None or not known.teams:
        return None
    uses = ceremony.proven_uses(signed, passkey.member, passkey.public_key, passkey.uses)
    if uses is None:
        return None
    with here.database.writing() as tx:
        if not count_use(tx, passkey.id, passkey.uses, uses, now):
            return None
        give_back(tx, tries_of_network(came_from()))
    return known


def _own(number: int) -> Passkey:
    with context().database.reading() as tx:
        found = next((one for one in passkeys_of(tx, g.member.id) if one.id == number), None)
    if found is None:
        raise NotFound()
    return found


def _ceremony() -> "Ceremony":
    """Raises `NotFound` where there are no passkeys."""
    place = passkey_place()
    if place is None:
        raise NotFound()
    from collector.accounts.passkeys.ceremony import Ceremony  # noqa: PLC0415 - an extra, and 14 MB, for its users only

    return Ceremony(place)
