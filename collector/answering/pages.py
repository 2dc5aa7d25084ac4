"""Pages that a message leads to: one to answer on, one to say stop. They work without script. Looking at them changes nothing;
only the button does."""

from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask import Response as Reply

from collector.answering.doubt import doubt
from collector.answering.nonce import make_nonce, read_nonce
from collector.answering.queries import language_of, open_question
from collector.channels.actions import mark_scanned
from collector.channels.queries import last_message
from collector.contacts.actions import suppress
from collector.contacts.queries import contact_of
from collector.followups.actions import keep_unconfirmed, record_answer
from collector.followups.follow_up import Answer, OfferedFollowUp
from collector.followups.token import token_of
from collector.intake.admission import Admission
from collector.intake.api import admit
from collector.problems import Problem
from collector.questions.fill import fill
from collector.reaching.wording import LANGUAGES, words
from collector.responses.text import MAX_TEXT, clean_text, storable
from collector.signing import signed_place
from collector.sites.queries import site_numbered
from collector.sites.site import Site
from collector.web.context import context
from collector.web.guards import HOLDER, allow

bp = Blueprint("answering_pages", __name__, template_folder="templates")

#: Our own pages may send their forms to us, and nothing else.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_MAX_FORM = 64 * 1024


@bp.get("/a/<token>")
@allow(HOLDER)
def ask(token: str) -> Reply:
    """The question, with the area chosen that was tapped in the message."""
    here = context()
    place = signed_place(here.token_key, "answer", token)
    with here.database.reading() as tx:
        found = open_question(tx, place, here.now())
        site = site_numbered(tx, place[0]) if found and place else None
    if found is None or site is None:
        return gone()
    return _question(token, found, site, chosen=request.args.getlist("area")[:1], said="")


@bp.post("/a/<token>")
@allow(HOLDER)
def answer(token: str) -> Reply:
    """Stores the answer that the form holds. One that may be a program's stays unconfirmed, and is shown again."""
    admit(Admission.answer)
    request.max_content_length = request.max_form_memory_size = _MAX_FORM
    here = context()
    now = here.now()
    place = signed_place(here.token_key, "answer", token)
    chosen, said = request.form.getlist("area"), clean_text(request.form.get("text", ""))
    with here.database.writing() as tx:
        found = open_question(tx, place, now)
        if found is None or place is None:
            return gone()
        site = site_numbered(tx, place[0])
        if site is None:
            return gone()
        if not (chosen or said) or len(said) > MAX_TEXT or not storable(said):
            return _question(token, found, site, chosen, said, "pick", 422)
        confirms = read_nonce(here.token_key, token, request.form.get("nonce", ""), now)
        handed = last_message(tx, *place)
        given = Answer(tuple(key for key, _ in found.areas if key in chosen), said)
        why = doubt(confirms, handed, now)
        if why is not None:
            keep_unconfirmed(tx, found, given, why, now)
            return _question(token, found, site, chosen, said, "confirm", 200)
        try:
            channel = handed.channel if handed else "email"
            record_answer(tx, token_of(here.token_key, found), given, now, channel)
        except Problem:
            return gone()
    return page("thanks", found.language, site, token=token)


@bp.get("/l/<token>")
@allow(HOLDER)
def decoy(token: str) -> Reply:
    """The link in a message that no person sees: whoever follows it is a program, and answers that come soon after wait to be
    confirmed. The one address at which looking writes something down, and nothing of it is about the person."""
    admit(Admission.answer)
    here = context()
    place = signed_place(here.token_key, "decoy", token)
    if place is None:
        return gone()
    with here.database.writing() as tx:
        site = site_numbered(tx, place[0])
        if not _is_prefetched():
            mark_scanned(tx, *place, here.now())
        return sentence("decoy", "decoy_why", language_of(tx, place), site)


def _is_prefetched() -> bool:
    """Whether a browser asks only because its person might want the page next."""
    return "prefetch" in request.headers.get("Sec-Purpose", "")


@bp.get("/u/<token>")
@allow(HOLDER)
def ask_stop(token: str) -> Reply:
    """Asks whether messages shall stop."""
    here = context()
    place = signed_place(here.token_key, "unsubscribe", token)
    if place is None:
        return gone()
    with here.database.reading() as tx:
        return page("stop", language_of(tx, place), site_numbered(tx, place[0]))


@bp.post("/u/<token>")
@allow(HOLDER)
def stop(token: str) -> Reply:
    """Stops messages at once, by the page's button or by a mail program's (RFC 8058), as often as it is pressed. No share
    is counted here: large providers press for many of their users from one address."""
    here = context()
    place = signed_place(here.token_key, "unsubscribe", token)
    if place is None:
        return gone()
    with here.database.writing() as tx:
        site = site_numbered(tx, place[0])
        if site is None:
            return gone()
        contact = contact_of(tx, *place)
        for address in contact.addresses if contact else ():
            suppress(tx, site, address.digest, "unsubscribed", here.now())
        return sentence("stop_title", "stopped", language_of(tx, place), site)


def _question(
    token: str, found: OfferedFollowUp, site: Site, chosen: list[str], said: str, fault: str | None = None,
    status: int = 200,
) -> Reply:  # fmt: skip
    here = context()
    nonce = make_nonce(here.token_key, token, fault == "confirm", here.now())
    return page(
        "question",
        found.language,
        site,
        status,
        found=found,
        chosen=chosen,
        said=said,
        fault=fault,
        nonce=nonce,
        token=token,
    )


def gone() -> Reply:
    """The one answer to every link that gives a right to nothing, whatever the reason."""
    best = request.accept_languages.best_match(LANGUAGES)
    return sentence("gone", "gone_why", best or "en", None, 404)


def sentence(heading: str, below: str, language: str, site: Site | None, status: int = 200) -> Reply:
    """A page that says one thing and asks for nothing."""
    return page("sentence", language, site, status, heading=heading, below=below)


def page(name: str, language: str, site: Site | None, status: int = 200, date: str = "", **more: Any) -> Reply:
    """A page in this language; `date` is the one that its words speak of."""
    values = {"site": site.name if site else "", "date": date}
    text = {key: fill(wording, values) for key, wording in words(language).items()}
    reply = make_response(render_template(f"answering/{name}.html", text=text, **more), status)
    reply.headers["Content-Security-Policy"] = POLICY
    reply.headers["X-Robots-Tag"] = "noindex, nofollow"
    return reply
