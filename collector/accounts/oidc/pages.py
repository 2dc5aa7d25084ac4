"""The way to the OpenID provider, and back."""

from typing import TYPE_CHECKING

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts import passwords
from collector.accounts.actions import note_change
from collector.accounts.door.actions import end_sessions, give_back
from collector.accounts.oidc.actions import join_and_link, link, unlink
from collector.accounts.oidc.queries import invitation_for, member_linked
from collector.accounts.oidc.trip import TRIP_LASTS, Away, begun, end_of, nonce_of, state_of, verifier_of
from collector.accounts.pages import calling, came_from, come_in, cookie_name, hashing, is_secure, openid, prove, take
from collector.accounts.queries import Credentials, credentials_of, has_account, member_with
from collector.accounts.second_step import ticket
from collector.accounts.tries import tries_of_network
from collector.accounts.you.pages import WRONG, you_page
from collector.ids import public_id
from collector.problems import NotFound
from collector.signing import every, is_one_of
from collector.web.context import context
from collector.web.guards import HOLDER, VISITOR_OF_OURS, allow, member
from collector.web.shell import go, own_page, page

if TYPE_CHECKING:
    from collector.accounts.oidc.identity import Person
    from collector.accounts.oidc.providers.openid import Provider

bp = Blueprint("accounts_oidc", __name__, template_folder="../templates")

#: Signs of an address that a trip ends at, at most: it travels in a cookie.
_LONGEST = 1000


@bp.post("/login/oidc")
@allow(VISITOR_OF_OURS)
def set_out() -> Reply:
    """Sends the browser to the provider. Not by a redirection: Chromium takes `form-action` to be about where a form's
    redirections lead as well, and the provider's own address is not known before it is asked."""
    here, provider = context(), _provider()
    take(tries_of_network(came_from()))
    now = here.now()
    wanted = own_page(request.form.get("next", ""))
    trip = begun(public_id("lwo", 40), wanted if len(wanted) <= _LONGEST else "/inbox", now)
    key = here.token_key
    try:
        with calling().turn():
            way = provider.way(state_of(key, trip), nonce_of(key, trip), verifier_of(key, trip), now)
    except Away:
        return go("/login?fault=away")
    reply = page("accounts/away.html", way=way, service=provider.name)
    reply.headers["Refresh"] = f"0; url={way}"
    # Lax: it has to come along when the provider sends the browser back.
    reply.set_cookie(_cookie(), trip, max_age=TRIP_LASTS, path="/", secure=is_secure(), httponly=True, samesite="Lax")
    return reply


@bp.get("/login/oidc/callback")
@allow(HOLDER)
def come_back() -> Reply:
    """Signs in whom the provider vouches for. The state in the address is the right to it, and only the browser that set out
    can show what it was made of: a link from elsewhere signs nobody in."""
    reply = _arrived(_provider())
    reply.delete_cookie(_cookie(), path="/", secure=is_secure(), httponly=True, samesite="Lax")
    return reply


@bp.post("/you/oidc/unlink")
@allow(member())
def end_link() -> Reply:
    """Ends that somebody at the provider signs in as this member, and all other sessions, once the password was given."""
    here, provider = context(), _provider()
    if prove(g.member.email, request.form.get("password", "")) is None:
        return you_page(422, link_fault=WRONG)
    with here.database.writing() as tx:
        if not unlink(tx, provider.issuer, g.member.id):
            raise NotFound()
        end_sessions(tx, g.member.id, but=g.member.session)
        note_change(tx, g.team, g.member.id, "member.unlinked", g.member.email, here.now())
    return come_in(go("/you?done=unlinked"), g.member.id, g.team)


def _arrived(provider: "Provider") -> Reply:
    here, asked = context(), request.args
    now, trip, state = here.now(), request.cookies.get(_cookie(), ""), asked.get("state", "")
    wanted = end_of(trip, now)
    key = next((one for one in every(here.token_key) if is_one_of(state, [state_of(one, trip)])), None)
    if wanted is None or key is None:
        return go("/login?fault=late")
    # Some providers say who answers, so that no other one's answer is taken for theirs (RFC 9207).
    if "code" not in asked or asked.get("iss", provider.issuer) != provider.issuer:
        return go("/login?fault=refused")
    try:
        with calling().turn():
            person = provider.person(asked["code"], verifier_of(key, trip), nonce_of(key, trip), now)
    except Away:
        return go("/login?fault=away")
    if person is None:
        return go("/login?fault=refused")
    known = _member_for(provider, person)
    if known is None:
        return go("/login?fault=stranger")
    with here.database.writing() as tx:
        give_back(tx, tries_of_network(came_from()))
    if known.totp is not None:
        made = ticket(here.token_key, known.member, known.password, now)
        return page("accounts/code.html", next=wanted, ticket=made)
    return come_in(go(own_page(wanted)), known.member, known.teams[0])


def _member_for(provider: "Provider", person: "Person") -> Credentials | None:
    here, issuer = context(), provider.issuer
    now = here.now()
    with here.database.reading() as tx:
        linked = member_linked(tx, issuer, person.subject)
        if linked is not None:
            known = credentials_of(tx, linked)
            if known is None or known.teams:
                return known
        # Whom it knows by another address was removed from every team, and may not come back as somebody else.
        if person.email is None or (linked is not None and member_with(tx, person.email) != linked):
            return None
        is_new = not has_account(tx, person.email)
        invitation = invitation_for(tx, person.email, now) if is_new else None
    if invitation is None:
        with here.database.writing() as tx:
            return link(tx, issuer, person.subject, person.email, now)
    with hashing().turn():
        # Nobody knows this password; a link for a new one makes another.
        kept = passwords.keep(public_id("none", 40))
    with here.database.writing() as tx:
        return join_and_link(tx, issuer, person.subject, invitation, person.name, kept, now)


def _provider() -> "Provider":
    provider = openid()
    if provider is None:
        raise NotFound()
    return provider


def _cookie() -> str:
    return f"{cookie_name()}-trip"
