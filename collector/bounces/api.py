"""The hook for mail servers and the services that run them."""

from flask import Blueprint, make_response, request
from flask import Response as Reply

from collector.bounces.actions import take
from collector.bounces.report import Reports
from collector.bounces.schemas import ReportsSchema
from collector.bounces.signature import is_genuine
from collector.problems import (
    BadRequest,
    BodyTooLarge,
    HookRefused,
    MalformedBody,
    MethodNotAllowed,
    Unavailable,
    UnsupportedMediaType,
    ValidationFailed,
)
from collector.web.body import load, parse_json, read_body
from collector.web.context import context
from collector.web.guards import HOLDER, allow
from collector.web.openapi import Operation, operation

bp = Blueprint("bounces", __name__)

_REPORTS = ReportsSchema()


@bp.post("/hooks/mail")
@allow(HOLDER)
@operation(
    Operation(
        summary="Report bounces and complaints",
        description=(
            "Keeps addresses from being written to whose mailbox is gone or whose owner complained. Signed under "
            "LUKEWARM_MAIL_HOOK_SECRET in the headers Lukewarm-Timestamp and Lukewarm-Signature. The answer is the same "
            "whether or not a report was about anybody."
        ),
        tag="Mail server",
        body=ReportsSchema,
        answer=None,
        status=204,
        problems=(
            BadRequest,
            MalformedBody,
            HookRefused,
            MethodNotAllowed,
            BodyTooLarge,
            UnsupportedMediaType,
            ValidationFailed,
            Unavailable,
        ),
    )
)
def report_mail() -> Reply:
    """Acts on what a mail server reports; looks into nothing before the signature was found good."""
    here = context()
    body = read_body()
    now = here.now()
    timestamp, signed = (request.headers.get(f"Lukewarm-{name}", "") for name in ("Timestamp", "Signature"))
    if not is_genuine(here.settings.mail_hook_secret, timestamp, signed, body, now):
        raise HookRefused()
    reports = load(_REPORTS, parse_json(body), Reports)
    with here.database.writing() as tx:
        take(tx, reports.events, here.token_key, now)
    reply = make_response("", 204)
    del reply.headers["Content-Type"]
    return reply
