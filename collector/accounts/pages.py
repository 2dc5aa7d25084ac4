"""Signing in and out."""

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts import passwords
from collector.accounts.actions import end_session, note_seen, sign_in
from collector.accounts.queries import credentials, signed_in
from collector.accounts.session import WHOLE, wants_noting
from collector.web.context import context
from collector.web.guards import VISITOR_OF_OURS, allow, member
from collector.web.shell import go, own_page, page

bp = Blueprint("accounts_pages", __name__, template_folder="templates")


def recognise_member() -> None:
    """Before each request that carries our cookie: whose session it is becomes `g.member`."""
    token = request.cookies.get(cookie_name())
    if not token or not 20 <= len(token) <= 100:
        return
    here = context()
    now = here.now()
    with here.database.reading() as tx:
        found = signed_in(tx, token, now)
    if found is None:
        return
    g.member = found.member
    if wants_noting(found.seen_at, now):
        with here.database.writing() as tx:
            note_seen(tx, found.member.session, now)


def cookie_name() -> str:
    """The cookie's name. With `__Host-` a browser takes it only over TLS, from this very host and for all of it (RFC 6265bis,
    section 4.1.3.2); without TLS, which is for trying things out, no browser would."""
    return "__Host-lukewarm" if _is_secure() else "lukewarm"


def enter(reply: Reply, token: str) -> Reply:
    """Puts a session's token into the browser."""
    reply.set_cookie(cookie_name(), token, max_age=WHOLE, path="/", secure=_is_secure(), httponly=True, samesite="Lax")
    return reply


@bp.get("/login")
@allow(VISITOR_OF_OURS)
def login() -> Reply:
    """The form to sign in."""
    if "member" in g:
        return go("/inbox")
    return page("accounts/login.html", next=request.args.get("next", ""))


@bp.post("/login")
@allow(VISITOR_OF_OURS)
def log_in() -> Reply:
    """Signs in, with a new session each time. Says the same to a wrong password and to a stranger, after the same work."""
    here = context()
    email, password = request.form.get("email", "").strip().lower(), request.form.get("password", "")
    wanted = request.form.get("next", "")
    with here.database.reading() as tx:
        known = credentials(tx, email)
    if not passwords.matches(known.password if known else None, password) or known is None or not known.teams:
        return page("accounts/login.html", next=wanted, email=email, wrong=True, status=422)
    with here.database.writing() as tx:
        token = sign_in(tx, known.member, known.teams[0], request.user_agent.string, here.now())
    return enter(go(own_page(wanted)), token)


@bp.post("/logout")
@allow(member())
def log_out() -> Reply:
    """Ends this session."""
    with context().database.writing() as tx:
        end_session(tx, g.member.id, g.member.session)
    reply = go("/login")
    reply.delete_cookie(cookie_name(), path="/", secure=_is_secure(), httponly=True, samesite="Lax")
    return reply


def _is_secure() -> bool:
    return request.is_secure or (context().settings.public_url or "").startswith("https://")
