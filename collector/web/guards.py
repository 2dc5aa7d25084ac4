"""Who may use a route. Each route declares a policy, and one place holds it; a route without one stops the application from
starting. `accounts` puts the member and the key on the request; nothing here knows how they got there."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal, TypeVar
from urllib.parse import quote, urlsplit

from flask import Flask, g, redirect, request

from collector.problems import CrossSite, KeyRequired, RoleMissing, ScopeMissing, SignInRequired
from collector.web.context import context

View = TypeVar("View", bound=Callable[..., Any])

_SAFE = ("GET", "HEAD", "OPTIONS")


class Role(IntEnum):
    """What a member may do in a team; each may do all that those before it may."""

    viewer = 1
    analyst = 2
    editor = 3
    owner = 4


@dataclass(frozen=True, slots=True)
class Member:
    """Who is signed in, and in which team. `zone` is the IANA name of the zone that times are shown in; `session` the number
    of the session, for ending it; `team_name` what people call the team."""

    id: int
    team: int
    role: Role
    name: str
    email: str
    zone: str
    session: int
    team_name: str


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may use a route: everybody; whoever holds the token or signature in the request, which the view checks; a key with
    a scope; a member with at least a role. `ours`: anything but reading must come from a page of ours."""

    who: Literal["everyone", "holder", "key", "member"]
    scope: str | None = None
    role: Role | None = None
    ours: bool = False


EVERYONE = Policy("everyone")
#: The address or the body carries a right of its own, which the view looks at.
HOLDER = Policy("holder")
#: Open to everybody, but its forms are only taken from pages of ours: signing in, setting up.
VISITOR_OF_OURS = Policy("everyone", ours=True)


def key(scope: str) -> Policy:
    """A program with a usable API key that has `scope`. The key's team is then `g.team`."""
    return Policy("key", scope=scope)


def member(role: Role = Role.viewer) -> Policy:
    """Somebody signed in who has at least `role` in the team. The team is then `g.team`."""
    return Policy("member", role=role, ours=True)


def allow(policy: Policy) -> Callable[[View], View]:
    """Declares who may use a view."""

    def declare(view: View) -> View:
        view.policy = policy  # type: ignore[attr-defined]  # functions take attributes; types do not say so
        return view

    return declare


def policies(app: Flask) -> dict[str, Policy]:
    """The declared policy of every endpoint. Raises `TypeError` naming those that have none."""
    found = {name: getattr(view, "policy", None) for name, view in app.view_functions.items()}
    missing = [name for name, policy in found.items() if policy is None]
    if missing:
        raise TypeError(f"Routes without a policy: {', '.join(sorted(missing))}.")
    return {name: policy for name, policy in found.items() if policy is not None}


def hold_policies(app: Flask) -> None:
    """Holds every route's policy before its view runs. To be called when all routes are there."""
    declared = policies(app)

    @app.before_request
    def _hold() -> Any:
        if request.endpoint is None or request.method == "OPTIONS":
            return None  # what a route takes is no secret, and a preflight carries nothing (Fetch, section 4.8)
        policy = declared[request.endpoint]
        if policy.ours and (_is_embedded() or (request.method not in _SAFE and not _from_our_page())):
            raise CrossSite()
        if policy.who == "key":
            return _hold_key(str(policy.scope))
        if policy.who == "member":
            return _hold_member(policy.role or Role.viewer)
        return None


def _hold_key(scope: str) -> None:
    found = g.get("api_key")
    if found is None:
        raise KeyRequired()
    if scope not in found.scopes:
        raise ScopeMissing(f"This needs the scope {scope}.")
    g.team = found.team


def _hold_member(role: Role) -> Any:
    found: Member | None = g.get("member")
    if found is None:
        if request.method in _SAFE and "HX-Request" not in request.headers:
            wanted = request.full_path.rstrip("?")
            return redirect("/login" if wanted == "/" else f"/login?next={quote(wanted)}", 303)
        raise SignInRequired()
    if found.role < role:
        raise RoleMissing(f"This needs the role {role.name}; yours is {found.role.name}.")
    g.team = found.team
    return None


def _is_embedded() -> bool:
    """Whether a page of another site asks for this to put it into itself or to learn from the answer, and leads nobody here
    (Fetch Metadata). What it gets must not depend on who is signed in."""
    if request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none"):
        return False
    return (request.headers.get("Sec-Fetch-Mode"), request.headers.get("Sec-Fetch-Dest")) != ("navigate", "document")


def _from_our_page() -> bool:
    """Whether the browser says that a page of ours sent this (Fetch Metadata, `Sec-Fetch-Site`), or, on connections where it
    does not say so, names our origin. Whoever says neither is no browser, and has no business with our forms."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin", "")
    public = context().settings.public_url
    return bool(origin) and urlsplit(origin).netloc in {request.host, urlsplit(public or "").netloc} - {""}
