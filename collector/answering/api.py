"""JSON for what comes after the form: the address that a visitor leaves with a response."""

from zoneinfo import available_timezones

from flask import Blueprint, jsonify, request
from flask import Response as Reply

from collector.answering.queries import agreed
from collector.answering.schemas import GivenAddress, GivenAddressSchema, KeptSchema
from collector.config import Settings
from collector.contacts.actions import keep_address
from collector.contacts.address import mailbox_of, read_address
from collector.contacts.contact import Address, Consent
from collector.intake.admission import Admission
from collector.intake.api import BODY_PROBLEMS, enter, preflight
from collector.problems import Fault, ResponseNotFound, ValidationFailed
from collector.reaching.actions import order_plan
from collector.responses.queries import stored_response
from collector.responses.token import response_of
from collector.sites.queries import site_numbered
from collector.surveys.wording import best_language
from collector.web.body import load, parse_json, read_body
from collector.web.context import context
from collector.web.cors import allow_any_origin
from collector.web.guards import HOLDER, allow
from collector.web.openapi import Operation, operation

bp = Blueprint("answering", __name__)

_GIVEN = GivenAddressSchema()


@bp.route("/v1/responses/<token>/contact", methods=["POST", "OPTIONS"], provide_automatic_options=False)
@allow(HOLDER)
@operation(
    Operation(
        summary="Leave an address",
        description=(
            "Keeps an address with a response, and what its owner agreed to. The answer is the same whether or not "
            "anybody will ever write to it."
        ),
        tag="Widget",
        body=GivenAddressSchema,
        answer=KeptSchema,
        problems=(*BODY_PROBLEMS, ResponseNotFound),
        parameters={"token": "The response's token on the receipt."},
    )
)
def leave_address(token: str) -> Reply:
    """Keeps an address. The token is the right to do so, whatever page it comes from."""
    allow_any_origin()
    if request.method == "OPTIONS":
        return preflight()
    enter(Admission.answer)
    given = load(_GIVEN, parse_json(read_body()), GivenAddress)
    here = context()
    place = response_of(here.token_key, token)
    if place is None:
        raise ResponseNotFound()
    now = here.now()
    with here.database.writing() as tx:
        site = site_numbered(tx, place[0])
        stored = stored_response(tx, *place)
        if site is None or stored is None:
            raise ResponseNotFound()
        language = best_language(given.language)
        consent = agreed(tx, site, stored.survey, given.channel, language, given.consent, now)
        address, consent = _checked(given, consent, here.settings)
        keep_address(tx, site, place[1], address, consent, given.zone if given.zone in available_timezones() else None)
        order_plan(tx, site, place[1], now)
    reply = jsonify({"state": "kept"})
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _checked(given: GivenAddress, consent: Consent | None, settings: Settings) -> tuple[Address, Consent]:
    faults = []
    if given.channel not in settings.channels:
        faults.append(Fault("Nothing is sent this way here.", pointer="/channel"))
    if consent is None:
        faults.append(
            Fault("The sentence has changed since. Load the settings again and ask again.", pointer="/consent")
        )
    address = None
    try:
        address = read_address(given.channel, given.address)
        if settings.mail_from is not None and address.canonical == mailbox_of(settings.mail_from):
            raise ValueError("This is the address that we write from. Write your own.")
    except ValueError as error:
        faults.append(Fault(str(error), pointer="/address"))
    if address is None or consent is None or faults:
        raise ValidationFailed(faults=faults)
    return address, consent
