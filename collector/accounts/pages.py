"""Who is signed in: on every request, and what every page of accounts needs for it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from math import ceil
from typing import TYPE_CHECKING

from flask import Response as Reply
from flask import current_app, g, request

from collector.accounts import passwords
from collector.accounts.actions import end_session, note_seen, sign_in
from collector.accounts.door.actions import give_back, set_password, take_tries
from collector.accounts.door.queries import waiting
from collector.accounts.moments import shown
from collector.accounts.passkeys.place import Place, place_of
from collector.accounts.queries import Credentials, credentials, signed_in
from collector.accounts.session import WHOLE, wants_noting
from collector.accounts.tries import Try, tries_for
from collector.accounts.turns import Turns
from collector.networks import client_address
from collector.problems import TooManyTries
from collector.web.context import context

if TYPE_CHECKING:
    from collector.accounts.oidc.providers.openid import Provider


def recognise_member() -> None:
    """Before each request that carries our cookie: whose session it is becomes `g.member`."""
    if "HTTP_COOKIE" not in request.environ:
        return  # as no submission has one, and reading none takes its time too
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
    return "__Host-lukewarm" if is_secure() else "lukewarm"


def enter(reply: Reply, token: str) -> Reply:
    """Puts a session's token into the browser."""
    reply.set_cookie(cookie_name(), token, max_age=WHOLE, path="/", secure=is_secure(), httponly=True, samesite="Lax")
    return reply


def leave(reply: Reply) -> Reply:
    """Takes the session's token out of the browser."""
    reply.delete_cookie(cookie_name(), path="/", secure=is_secure(), httponly=True, samesite="Lax")
    return reply


def come_in(reply: Reply, member: int, team: int) -> Reply:
    """Signs a member in with a new session, in the place of the one that this browser may have: whenever what somebody may do
    changes, so does the token."""
    here = context()
    with here.database.writing() as tx:
        if "member" in g:
            end_session(tx, g.member.id, g.member.session)
        token = sign_in(tx, member, team, request.user_agent.string, here.now())
    return enter(reply, token)


def prove(email: str, password: str) -> Credentials | None:
    """What is known of the member with this address and password, `None` when they do not belong together. A stranger costs as
    much as a member. Raises `TooManyTries`."""
    here = context()
    email = email.strip().lower() if email.isprintable() and len(email) < 300 else ""
    tries = tries_for(email, came_from())
    take(tries)
    with here.database.reading() as tx:
        known = credentials(tx, email)
    renewed = None
    try:
        with hashing().turn():
            if not passwords.matches(known.password if known else None, password) or known is None or not known.teams:
                return None
            if passwords.is_outdated(known.password):
                renewed = passwords.keep(password)
    except TooManyTries:
        # Nothing was tried; a crowd at the door must not shut anybody out.
        with here.database.writing() as tx:
            give_back(tx, tries)
        raise
    with here.database.writing() as tx:
        give_back(tx, tries)
        if renewed is not None:
            set_password(tx, known.member, renewed)
    return known


def came_from() -> str:
    """The network address that this request came from."""
    forwarded = ",".join(request.headers.getlist("X-Forwarded-For"))
    return client_address(request.remote_addr or "", forwarded, context().settings.trusted_proxies)


def take(tries: tuple[Try, ...]) -> None:
    """Takes one of each try. Raises `TooManyTries`, in the same words for everybody."""
    here = context()
    now = here.now()
    # Whoever is refused should not get a writer's turn, which visitors wait for.
    with here.database.reading() as tx:
        wait = waiting(tx, tries, now)
    if not wait:
        with here.database.writing() as tx:
            wait = take_tries(tx, tries, now)
    if wait:
        seconds = ceil(wait.total_seconds())
        minutes = ceil(seconds / 60)
        told = f"{minutes} minutes" if minutes > 1 else "a minute"
        raise TooManyTries(f"There were many tries. Try again in {told}.", retry_after=seconds)


def hashing() -> Turns:
    """The turns at hashing passwords."""
    turns: Turns = current_app.extensions["lukewarm.hashing"]
    return turns


def passkey_place() -> Place | None:
    """Where passkeys are good for; `None` where there are none, or the extra is not installed."""
    if not current_app.extensions["lukewarm.passkeys"]:
        return None
    return place_of(context().settings.public_url, request.host_url)


def openid() -> "Provider | None":
    """The OpenID provider that people may sign in through, if the settings name one."""
    provider: Provider | None = current_app.extensions["lukewarm.openid"]
    return provider


def calling() -> Turns:
    """The turns at calling the provider, so that a slow one holds few threads."""
    turns: Turns = current_app.extensions["lukewarm.calling"]
    return turns


def address_of(path: str) -> str:
    """The whole address of a page of ours, to be sent to somebody."""
    return f"{context().settings.public_url or request.host_url.rstrip('/')}{path}"


def local_time() -> Callable[[datetime], str]:
    """Writes times in the member's zone."""
    return partial(shown, zone=g.member.zone)


def is_secure() -> bool:
    """Whether browsers reach us over TLS."""
    return request.is_secure or (context().settings.public_url or "").startswith("https://")
