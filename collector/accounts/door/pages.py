"""Signing in, in one step or two, signing out, and links for a new password."""

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts import passwords
from collector.accounts.actions import end_session, note_change
from collector.accounts.door.actions import count_step, give_back, use_recovery_code, use_reset
from collector.accounts.door.queries import reset_for
from collector.accounts.pages import come_in, hashing, leave, openid, passkey_place, prove, take
from collector.accounts.queries import Credentials, credentials_of, has_members, teams_of
from collector.accounts.second_step import HIDDEN_FOR, is_good, named_in, step_of, ticket
from collector.accounts.tries import tries_of_second_step
from collector.hiding import shown
from collector.problems import LinkOver, TooManyTries
from collector.web.context import context
from collector.web.guards import VISITOR_OF_OURS, allow, member
from collector.web.shell import go, own_page, page

bp = Blueprint("accounts_door", __name__, template_folder="../templates")

_DONE = {"password": "Your new password is in force. You are signed out everywhere; sign in with it."}
#: Why the way through the OpenID provider led nowhere.
_FAULTS = {
    "late": "That did not begin in this browser, or took too long. Try again.",
    "away": "{} cannot be reached at the moment. Try again later, or use your password.",
    "refused": "{} did not sign you in. Try again, or use your password.",
    "stranger": "{} vouches for you, but not for an address that may sign in here. Ask an owner of your team to invite it, or "
    "use your password.",
}
_OVER = "It works once and for an hour, and a later one ends it. Ask for another where you sign in."


@bp.get("/login")
@allow(VISITOR_OF_OURS)
def login() -> Reply:
    """The form to sign in; where nobody can, the way to become the first who does."""
    if "member" in g:
        return go("/inbox")
    with context().database.reading() as tx:
        if not has_members(tx):
            return go("/setup")
    provider, fault = openid(), _FAULTS.get(request.args.get("fault", ""))
    told = fault.format(provider.name) if fault and provider else None
    return login_page(next=request.args.get("next", ""), done=_DONE.get(request.args.get("done", "")), refused=told)


@bp.post("/login")
@allow(VISITOR_OF_OURS)
def log_in() -> Reply:
    """Signs in, with a new session each time, or asks for the second step. Says the same to a wrong password and to a
    stranger, after the same work."""
    email, wanted = request.form.get("email", ""), request.form.get("next", "")
    try:
        known = prove(email, request.form.get("password", ""))
    except TooManyTries as problem:
        return _again(problem, login_page(problem.status, refused=problem.detail, next=wanted, email=email))
    if known is None:
        return login_page(422, next=wanted, email=email, wrong=True)
    if known.totp is None:
        return come_in(go(own_page(wanted)), known.member, known.teams[0])
    here = context()
    made = ticket(here.token_key, known.member, known.password, here.now())
    return page("accounts/code.html", next=wanted, ticket=made)


@bp.post("/login/code")
@allow(VISITOR_OF_OURS)
def second() -> Reply:
    """The second step: a code that a device counts, or a recovery code. Each is taken once."""
    here = context()
    given, wanted = request.form.get("ticket", ""), request.form.get("next", "")
    number = named_in(given)
    with here.database.reading() as tx:
        known = credentials_of(tx, number) if number is not None else None
    if known is None or not is_good(here.token_key, given, known.member, known.password, here.now()) or not known.teams:
        return login_page(422, next=wanted, late=True)
    try:
        take(tries_of_second_step(known.member))
    except TooManyTries as problem:
        reply = page("accounts/code.html", problem.status, refused=problem.detail, next=wanted, ticket=given)
        return _again(problem, reply)
    if not _is_right(known, request.form.get("code", "")):
        return page("accounts/code.html", 422, next=wanted, ticket=given, wrong=True)
    return come_in(go(own_page(wanted)), known.member, known.teams[0])


@bp.post("/logout")
@allow(member())
def log_out() -> Reply:
    """Ends this session."""
    with context().database.writing() as tx:
        end_session(tx, g.member.id, g.member.session)
    return leave(go("/login"))


@bp.get("/reset/<token>")
@allow(VISITOR_OF_OURS)
def reset(token: str) -> Reply:
    """The form for a new password."""
    return page("accounts/reset.html", email=_whose(token))


@bp.post("/reset/<token>")
@allow(VISITOR_OF_OURS)
def set_new(token: str) -> Reply:
    """Sets the new password and ends everything that the member is signed in with. A second step stays in force."""
    here = context()
    email = _whose(token)
    password = request.form.get("password", "")
    fault = passwords.fault_of(password)
    if fault is not None:
        return page("accounts/reset.html", 422, email=email, fault=fault)
    with hashing().turn():
        kept = passwords.keep(password)
    with here.database.writing() as tx:
        now = here.now()
        member = use_reset(tx, token, kept, now)
        if member is None:
            raise LinkOver(_OVER)
        for team, _, _ in teams_of(tx, member):
            note_change(tx, team, member, "member.password_reset", email, now)
    return leave(go("/login?done=password"))


def login_page(status: int = 200, **values: object) -> Reply:
    """The form to sign in, with every way in that there is."""
    provider = openid()
    service = provider.name if provider else None
    return page("accounts/login.html", status, passkeys=passkey_place() is not None, service=service, **values)


def _whose(token: str) -> str:
    here = context()
    with here.database.reading() as tx:
        email = reset_for(tx, token[:100], here.now())
    if email is None:
        raise LinkOver(_OVER)
    return email


def _is_right(known: Credentials, typed: str) -> bool:
    here = context()
    code = "".join(typed.split())
    now = here.now()
    counted = shown(here.token_key, HIDDEN_FOR, known.member, known.totp) if known.totp else None
    step = step_of(counted, code, known.step, now) if counted else None
    with here.database.writing() as tx:
        if step is not None:
            right = count_step(tx, known.member, step)
        else:
            right = use_recovery_code(tx, known.member, code[:100])
            if right:
                note_change(tx, known.teams[0], known.member, "member.recovery_code_used", "", now)
        if right:
            give_back(tx, tries_of_second_step(known.member))
    return right


def _again(problem: TooManyTries, reply: Reply) -> Reply:
    reply.headers.update(problem.headers)
    return reply
