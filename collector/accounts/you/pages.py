"""A member's own account."""

import segno
from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts import passwords
from collector.accounts.actions import end_session, note_change
from collector.accounts.address import normal_name
from collector.accounts.door.actions import end_sessions, set_password
from collector.accounts.oidc.queries import linked_since
from collector.accounts.pages import come_in, hashing, local_time, openid, passkey_place, prove, take
from collector.accounts.passkeys.queries import passkeys_of
from collector.accounts.queries import teams_of
from collector.accounts.second_step import HIDDEN_FOR, address_of, step_of
from collector.accounts.tries import tries_of_second_step
from collector.accounts.you.actions import (
    begin_second_step,
    draft_second_step,
    end_second_step,
    make_recovery_codes,
    set_profile,
)
from collector.accounts.you.agents import device
from collector.accounts.you.queries import browsers_of, second_step_of
from collector.accounts.you.zones import zones
from collector.hiding import shown
from collector.problems import NotFound, ValidationFailed
from collector.web.context import context
from collector.web.guards import allow, member
from collector.web.shell import go, page

bp = Blueprint("accounts_you", __name__, template_folder="../templates")

_DONE = {
    "saved": "Saved.",
    "unlinked": "It signs you in no more, until you come from there again. You are signed out everywhere else.",
    "password": "Your new password is in force. You are signed out everywhere else.",
    "ended": "That browser is signed out.",
    "others": "You are signed out everywhere else.",
    "off": "The second step is off.",
    "passkey": "Your passkey is ready. You are signed out everywhere else.",
    "unkeyed": "The passkey opens nothing here any more. You are signed out everywhere else.",
}
WRONG = "This is not your password."


@bp.get("/you")
@allow(member())
def you() -> Reply:
    """Name, zone, password, passkeys, second step, teams, and where one is signed in."""
    return you_page()


@bp.post("/you/profile")
@allow(member())
def profile() -> Reply:
    """Changes name and zone."""
    typed, zone = request.form.get("name", ""), request.form.get("zone", "")
    try:
        name = normal_name(typed)
    except ValidationFailed as problem:
        return you_page(422, name=typed, name_fault=problem.faults[0].detail)
    if zone not in zones():
        return you_page(422, name=typed, zone_fault="Choose one of the zones.")
    with context().database.writing() as tx:
        set_profile(tx, g.member.id, name, zone)
    return go("/you?done=saved")


@bp.post("/you/password")
@allow(member())
def password() -> Reply:
    """Sets another password and ends all other sessions."""
    here = context()
    new = request.form.get("new", "")
    fault = passwords.fault_of(new)
    if fault is not None:
        return you_page(422, new_fault=fault)
    if prove(g.member.email, request.form.get("password", "")) is None:
        return you_page(422, password_fault=WRONG)
    with hashing().turn():
        kept = passwords.keep(new)
    with here.database.writing() as tx:
        set_password(tx, g.member.id, kept)
        end_sessions(tx, g.member.id, but=g.member.session)
        note_change(tx, g.team, g.member.id, "member.password_changed", g.member.email, here.now())
    return come_in(go("/you?done=password"), g.member.id, g.team)


@bp.post("/you/sessions/<int:session_id>/end")
@allow(member())
def end_one(session_id: int) -> Reply:
    """Signs one browser out."""
    with context().database.writing() as tx:
        if not end_session(tx, g.member.id, session_id):
            raise NotFound()
    return go("/you?done=ended")


@bp.post("/you/sessions/end")
@allow(member())
def end_others() -> Reply:
    """Signs all other browsers out."""
    with context().database.writing() as tx:
        end_sessions(tx, g.member.id, but=g.member.session)
    return go("/you?done=others")


@bp.post("/you/team")
@allow(member())
def switch() -> Reply:
    """Looks at another team of one's own, in a new session."""
    wanted = request.form.get("team", "")
    with context().database.reading() as tx:
        teams = {str(number): number for number, _, _ in teams_of(tx, g.member.id)}
    if wanted not in teams:
        raise NotFound()
    return come_in(go("/inbox"), g.member.id, teams[wanted])


@bp.post("/you/second-step/start")
@allow(member())
def start_second_step() -> Reply:
    """Makes the secret that a device will count codes from, once the password was given."""
    if prove(g.member.email, request.form.get("password", "")) is None:
        return you_page(422, step_fault=WRONG)
    here = context()
    with here.database.writing() as tx:
        draft_second_step(tx, g.member.id, here.token_key)
    return go("/you/second-step")


@bp.get("/you/second-step")
@allow(member())
def show_second_step() -> Reply:
    """The picture to read with a device, and the form for its first code."""
    return _picture()


@bp.post("/you/second-step")
@allow(member())
def confirm_second_step() -> Reply:
    """Puts the second step in force when the first code is right, ends all other sessions, and shows the recovery codes."""
    here = context()
    with here.database.reading() as tx:
        standing = second_step_of(tx, g.member.id)
    counted = _counted(standing.draft)
    if standing.draft is None or counted is None:
        return go("/you")
    take(tries_of_second_step(g.member.id))
    now = here.now()
    step = step_of(counted, "".join(request.form.get("code", "").split()), standing.step, now)
    if step is None:
        return _picture(422, wrong=True)
    with here.database.writing() as tx:
        codes = begin_second_step(tx, g.member.id, standing.draft, step, now)
        if codes is None:
            return go("/you")
        end_sessions(tx, g.member.id, but=g.member.session)
        note_change(tx, g.team, g.member.id, "member.second_step_on", g.member.email, now)
    return come_in(page("accounts/codes.html", codes=codes), g.member.id, g.team)


@bp.post("/you/second-step/codes")
@allow(member())
def new_codes() -> Reply:
    """Shows fresh recovery codes; the earlier ones end."""
    here = context()
    if prove(g.member.email, request.form.get("password", "")) is None:
        return you_page(422, step_fault=WRONG)
    with here.database.writing() as tx:
        if second_step_of(tx, g.member.id).since is None:
            raise NotFound()
        codes = make_recovery_codes(tx, g.member.id)
        note_change(tx, g.team, g.member.id, "member.recovery_codes_made", g.member.email, here.now())
    return page("accounts/codes.html", codes=codes)


@bp.post("/you/second-step/off")
@allow(member())
def turn_off() -> Reply:
    """Ends the second step, once the password was given."""
    here = context()
    if prove(g.member.email, request.form.get("password", "")) is None:
        return you_page(422, step_fault=WRONG)
    with here.database.writing() as tx:
        end_second_step(tx, g.member.id)
        end_sessions(tx, g.member.id, but=g.member.session)
        note_change(tx, g.team, g.member.id, "member.second_step_off", g.member.email, here.now())
    return come_in(go("/you?done=off"), g.member.id, g.team)


def you_page(status: int = 200, **values: str) -> Reply:
    """The page of one's own account, with what was wrong, if anything was."""
    here, provider = context(), openid()
    with here.database.reading() as tx:
        linked = linked_since(tx, provider.issuer, g.member.id) if provider else None
        standing = second_step_of(tx, g.member.id)
        browsers = browsers_of(tx, g.member.id, here.now())
        teams = teams_of(tx, g.member.id)
        passkeys = passkeys_of(tx, g.member.id)
    return page(
        "accounts/you.html",
        status,
        standing=standing,
        browsers=[(one, device(one.agent)) for one in browsers],
        teams=teams,
        passkeys=passkeys,
        linked=linked,
        service=provider.name if provider else None,
        adds_passkeys=passkey_place() is not None,
        zones=zones(),
        now=here.now(),
        local=local_time(),
        done=_DONE.get(request.args.get("done", "")),
        **values,
    )


def _picture(status: int = 200, wrong: bool = False) -> Reply:
    with context().database.reading() as tx:
        draft = second_step_of(tx, g.member.id).draft
    counted = _counted(draft)
    if counted is None:
        return go("/you")
    code = segno.make(address_of(counted, g.member.email), error="m", micro=False)
    side = code.symbol_size(border=0)[0]
    rows = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark)
    spelled = " ".join(counted[place : place + 4] for place in range(0, len(counted), 4))
    return page("accounts/second_step.html", status, path=rows, side=side, spelled=spelled, wrong=wrong)


def _counted(draft: str | None) -> str | None:
    return None if draft is None else shown(context().token_key, HIDDEN_FOR, g.member.id, draft)
