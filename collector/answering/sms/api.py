"""Where the service for SMS tells what came in and what became of what went out."""

import re

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.answering.sms.actions import take_in
from collector.answering.sms.reading import Inbound, meaning_of
from collector.channels.delivery import NewDelivery, Purpose
from collector.channels.sms.status import Report
from collector.channels.sms.twilio import SID, is_signed, login_of
from collector.problems import BadRequest, NotFound, NotSigned
from collector.reaching.sms.actions import note_report
from collector.reaching.sms.text import report_purpose
from collector.responses.text import clean_text
from collector.signing import signed_place
from collector.sites.queries import site_numbered
from collector.web.context import context
from collector.web.guards import HOLDER, allow

bp = Blueprint("answering_sms", __name__)

#: The longest message, each of its signs in nine octets, and what is said about it.
_MAX_FORM = 64 * 1024
_NUMBER = re.compile(r"\+[0-9]{5,15}")
_PURPOSES: tuple[Purpose, ...] = ("ask", "remind")
#: Nothing is answered by SMS: the carriers confirm a stop, and once is enough.
_SILENCE = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@bp.post("/hooks/sms/reply")
@allow(HOLDER)
def reply() -> Reply:
    """Takes in a message that somebody wrote. Told again, it changes nothing."""
    form = _signed_form()
    message = Inbound(_sid(form), form.get("From", ""), clean_text(form.get("Body", "")))
    g.noted["sms"] = "not a number"
    if _NUMBER.fullmatch(message.number):
        here = context()
        meaning = meaning_of(message.text, form.get("OptOutType", ""))
        with here.database.writing() as tx:
            g.noted["sms"] = take_in(tx, here.token_key, message, meaning, here.now())
    return Reply(_SILENCE, mimetype="text/xml")


@bp.post("/hooks/sms/status/<token>")
@allow(HOLDER)
def status(token: str) -> Reply:
    """Notes what became of a message that was sent."""
    form = _signed_form()
    here = context()
    code = form.get("ErrorCode", "")
    report = Report(form.get("MessageStatus", ""), int(code) if re.fullmatch("[0-9]{1,6}", code) else None, _sid(form))
    found = [(purpose, signed_place(here.token_key, report_purpose(purpose), token)) for purpose in _PURPOSES]
    with here.database.writing() as tx:
        for purpose, place in found:
            site = site_numbered(tx, place[0]) if place else None
            if site is not None and place is not None:
                note_report(tx, site, NewDelivery(site.team, *place, purpose, "sms", b""), report, here.now())
                return Reply(status=204)
    raise NotFound()


def _signed_form() -> dict[str, str]:
    """The form that was sent, if the service signed it for the address that it was told. What the request says of its own
    host is not believed."""
    settings = context().settings
    request.max_content_length = request.max_form_memory_size = _MAX_FORM
    if settings.sms_url is None or request.mimetype != "application/x-www-form-urlencoded":
        raise NotSigned()
    query = request.query_string.decode("latin-1")
    url = f"{settings.public_url}{request.path}{'?' if query else ''}{query}"
    parameters = list(request.form.items(multi=True))
    given = request.headers.get("X-Twilio-Signature", "")
    if not is_signed(login_of(settings.sms_url)[1], url, parameters, given):
        raise NotSigned()
    return dict(parameters)


def _sid(form: dict[str, str]) -> str:
    sid = form.get("MessageSid", "")
    if not SID.fullmatch(sid):
        raise BadRequest("A message has a MessageSid.")
    return sid
