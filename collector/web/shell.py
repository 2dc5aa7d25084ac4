"""The team's pages: one frame around all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Response as Reply
from flask import current_app, g, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException

from collector.web.assets import compress
from collector.web.guards import Member, Role, policies

#: Our own scripts and styles from our own host, and nothing else; nothing inline.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation. `icon` is a macro's name in `web/icons.html`; `least` is the role from which it is shown.
    `count` says what there is to do, in few signs and with a word for readers, or nothing; it is asked for every page."""

    label: str
    path: str
    icon: str
    least: Role = Role.viewer
    count: Callable[[], tuple[str, str] | None] | None = None


def page(template: str, status: int = 200, **values: Any) -> Reply:
    """A page for the team, in its frame: `web/shell.html` for members, `web/door.html` for whoever is not signed in."""
    who: Member | None = g.get("member")
    entries = [one for one in current_app.extensions["lukewarm.navigation"] if who and who.role >= one.least]
    reply = make_response(
        render_template(template, member=who, navigation=entries, here=request.path, **values), status
    )
    reply.headers["Content-Security-Policy"] = POLICY
    reply.headers["Cache-Control"] = "no-store"
    reply.vary.add("Cookie")
    return compress(reply)


def go(address: str) -> Reply:
    """On to another page, after a form was taken (RFC 9110, section 15.4.4)."""
    return make_response(redirect(address, 303))


def own_page(wanted: str) -> str:
    """`wanted` if it is a page of ours that members may read, else the inbox: nobody is led elsewhere by a link to us."""
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or "\\" in wanted or not wanted.isprintable():
        return "/inbox"
    try:
        endpoint, _ = current_app.url_map.bind("").match(parts.path, method="GET")
    except HTTPException:
        return "/inbox"
    return wanted if policies(current_app)[endpoint].who == "member" else "/inbox"
