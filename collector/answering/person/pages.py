"""Pages on which people see what became of their feedback and say what shall become of it. Those under a message's link show
nothing of what was said, for messages are forwarded; those under the link that was sent on request show everything."""

from flask import Blueprint, request
from flask import Response as Reply

from collector.answering.nonce import make_nonce, read_nonce
from collector.answering.pages import gone, page, sentence
from collector.answering.person.actions import choose, erase_all
from collector.answering.person.choice import CHOICES, chosen
from collector.answering.person.queries import Own, Person, own_at, person_at
from collector.answering.person.standing import standing
from collector.contacts.consent import refusal
from collector.followups.actions import withdraw
from collector.followups.state import takes_answer
from collector.intake.admission import Admission
from collector.intake.api import admit
from collector.reaching.link.actions import order_link
from collector.responses.token import make_token
from collector.sites.site import Site
from collector.web.context import context
from collector.web.guards import HOLDER, allow
from collector.web.shell import go

bp = Blueprint("answering_person", __name__, template_folder="../templates")


@bp.get("/a/<token>/mine")
@allow(HOLDER)
def mine(token: str) -> Reply:
    """What became of the question, and what can be done."""
    here = context()
    with here.database.reading() as tx:
        return _mine(token, person_at(tx, here.token_key, token))


@bp.post("/a/<token>/mine")
@allow(HOLDER)
def choose_when(token: str) -> Reply:
    """Keeps when and how this person wants to be asked."""
    admit(Admission.answer)
    here = context()
    choice = next((known for known in CHOICES if known == request.form.get("when")), None)
    with here.database.writing() as tx:
        person = person_at(tx, here.token_key, token)
        if choice is None or person is None or person.contact is None or not _is_shown("mine", token):
            return _mine(token, person)
        choose(tx, person.site, person.contact, choice, here.now())
    return go(f"/a/{token}/mine?saved=yes")


@bp.post("/a/<token>/link")
@allow(HOLDER)
def send_link(token: str) -> Reply:
    """Has the link to what was said sent to the address that it belongs to."""
    admit(Admission.answer)
    here = context()
    with here.database.writing() as tx:
        person = person_at(tx, here.token_key, token)
        if person is None or not _is_shown("mine", token):
            return _mine(token, person)
        order_link(tx, person.site, person.follow_up.submission, here.now())
    return go(f"/a/{token}/mine?sent=yes")


@bp.get("/a/<token>/withdraw")
@allow(HOLDER)
def ask_to_withdraw(token: str) -> Reply:
    """Says what will be gone, and asks once more."""
    here = context()
    with here.database.reading() as tx:
        return _withdraw(token, person_at(tx, here.token_key, token))


@bp.post("/a/<token>/withdraw")
@allow(HOLDER)
def withdraw_answer(token: str) -> Reply:
    """Takes the answer back. Of two presses, the second finds nothing more to take back."""
    admit(Admission.answer)
    here = context()
    with here.database.writing() as tx:
        person = person_at(tx, here.token_key, token)
        if person is None or not _is_shown("withdraw", token):
            return _withdraw(token, person)
        withdraw(tx, person.follow_up, here.now())
    return go(f"/a/{token}/mine")


@bp.get("/m/<token>")
@allow(HOLDER)
def own(token: str) -> Reply:
    """All that a mailbox's owner said on a site, with the way to each response's own page."""
    here = context()
    with here.database.reading() as tx:
        found = own_at(tx, here.token_key, token, here.now())
    if found is None:
        return gone()
    ways = [make_token(here.token_key, one.site, one.submission) for one in found.responses]
    return page("own", found.language, found.site, token=token, responses=list(zip(found.responses, ways, strict=True)))


@bp.get("/m/<token>/erase")
@allow(HOLDER)
def ask_to_erase(token: str) -> Reply:
    """Says what will be gone, and asks once more."""
    here = context()
    with here.database.reading() as tx:
        return _erase(token, own_at(tx, here.token_key, token, here.now()))


@bp.post("/m/<token>/erase")
@allow(HOLDER)
def erase(token: str) -> Reply:
    """Erases all that the person said on this site, and the person."""
    admit(Admission.answer)
    here = context()
    with here.database.writing() as tx:
        found = own_at(tx, here.token_key, token, here.now())
        if found is None or not _is_shown("erase", token):
            return _erase(token, found)
        erase_all(tx, found, here.token_key, here.now())
    return sentence("erased", "stopped", found.language, found.site)


def _mine(token: str, person: Person | None) -> Reply:
    if person is None:
        return gone()
    now = context().now()
    found = person.follow_up
    word, day = standing(found, person.waits, now)
    return page(
        "mine",
        found.language,
        person.site,
        date=day.date().isoformat() if day else "",
        token=token,
        nonce=_nonce("mine", token),
        standing=word,
        may_answer=takes_answer(found.state, found.expires_at, found.answered_at, now),
        choices=CHOICES,
        chosen=chosen(person.contact, now) if person.contact else None,
        has_mailbox=person.contact is not None and refusal(person.contact.addresses, "email") is None,
        was_sent=person.was_sent or request.args.get("sent") == "yes",
        saved=request.args.get("saved") == "yes",
    )


def _withdraw(token: str, person: Person | None) -> Reply:
    if person is None:
        return gone()
    return _confirm("withdraw", token, person.follow_up.language, person.site, f"/a/{token}/mine")


def _erase(token: str, found: Own | None) -> Reply:
    return _confirm("erase", token, found.language, found.site, f"/m/{token}") if found else gone()


def _confirm(what: str, token: str, language: str, site: Site, back: str) -> Reply:
    return page("confirm", language, site, what=what, nonce=_nonce(what, token), back=back)


def _nonce(name: str, token: str) -> str:
    here = context()
    return make_nonce(here.token_key, f"{name} {token}", False, here.now())


def _is_shown(name: str, token: str) -> bool:
    """Whether the form that was sent is one that this collector showed."""
    here = context()
    return read_nonce(here.token_key, f"{name} {token}", request.form.get("nonce", ""), here.now()) is not None
