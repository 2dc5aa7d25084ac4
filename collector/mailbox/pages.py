"""A mailbox for whoever tries Lukewarm out: what was written into the folder, and why what was not. Only with the demo."""

from email.message import EmailMessage

from flask import Blueprint, current_app, make_response, render_template
from flask import Response as Reply

from collector.channels.providers.folder import written
from collector.problems import NotFound
from collector.reaching.queries import reached
from collector.sites.queries import site_by_key
from collector.web.context import context
from collector.web.guards import EVERYONE, allow

bp = Blueprint("mailbox", __name__, template_folder="templates")

#: Our own style sheet, and a frame of ours for the mail.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
#: A mail brings its own styles and nothing else; its links open in a window of their own.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
_HEADERS = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
)


@bp.get("/demo/mail")
@allow(EVERYONE)
def mailbox() -> Reply:
    """All mails, the latest first, and what was decided about each person."""
    mails = _written()
    here = context()
    with here.database.reading() as tx:
        site = site_by_key(tx, current_app.extensions["lukewarm.demo"])
        decided = reached(tx, site.id) if site else []
    return _page("list", mails=mails, decided=decided)


@bp.get("/demo/mail/<name>")
@allow(EVERYONE)
def mail(name: str) -> Reply:
    """One mail: its headers, its plain form, and its HTML in a frame that it cannot leave."""
    found = _named(name)
    headers = [(header, found[header]) for header in _HEADERS if found[header]]
    return _page("mail", name=name, subject=found["Subject"], headers=headers, plain=_body(found, "plain"))


@bp.get("/demo/mail/<name>/html")
@allow(EVERYONE)
def mail_html(name: str) -> Reply:
    """The HTML of one mail, as a mail program would show it."""
    # A page that a link leads to may not be framed, so links open beside it.
    html = _body(_named(name), "html").replace("<head>", '<head><base target="_blank">', 1)
    reply = make_response(html)
    reply.headers["Content-Security-Policy"] = MAIL_POLICY
    # What is sandboxed and has another policy for its opener is not shown at all (HTML, "Cross-origin opener policies").
    reply.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return reply


def _written() -> list[tuple[str, EmailMessage]]:
    folder = context().settings.mail_folder
    if folder is None or current_app.extensions["lukewarm.demo"] is None:
        raise NotFound(
            "The demo's mails are there when the collector runs with 'lukewarm serve --demo' and no mail server."
        )
    return written(folder)


def _named(name: str) -> EmailMessage:
    found = next((message for known, message in _written() if known == name), None)
    if found is None:
        raise NotFound("There is no such mail.")
    return found


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""


def _page(template: str, **parts: object) -> Reply:
    reply = make_response(render_template(f"mailbox/{template}.html", **parts))
    reply.headers["Content-Security-Policy"] = POLICY
    return reply
