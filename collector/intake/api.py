"""The widget's JSON: settings out, submissions and answers in. This is the reference door to `accept`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

from flask import Blueprint, current_app, g, jsonify, make_response, request
from flask import Response as Reply

from collector.followups.actions import record_answer
from collector.followups.follow_up import Answer
from collector.followups.state import CORRECTABLE_FOR
from collector.intake.accept import accept, check_origin
from collector.intake.actions import keep_identity
from collector.intake.admission import Admission
from collector.intake.cache import SnapshotCache
from collector.intake.committer import Committer
from collector.intake.limits import client_address
from collector.intake.queries import earlier_receipt, load_snapshot
from collector.intake.schemas import (
    AnswerSchema,
    ReceiptSchema,
    SettingsQuerySchema,
    SettingsSchema,
    StoredAnswerSchema,
    SubmissionSchema,
    receipt_json,
    settings_value,
)
from collector.intake.snapshot import Snapshot
from collector.intake.submission import Content, Receipt, Submission
from collector.problems import (
    AnswerFinal,
    BadRequest,
    BodyTooLarge,
    Fault,
    FollowUpExpired,
    FollowUpNotFound,
    MalformedBody,
    MethodNotAllowed,
    OriginNotAllowed,
    Problem,
    SiteNotFound,
    SubmissionConflict,
    SurveyClosed,
    SurveyNotFound,
    TooManyRequests,
    Unavailable,
    UnsupportedMediaType,
    ValidationFailed,
)
from collector.surveys.settings import settings_for
from collector.web.body import load, load_query, parse_json, read_body
from collector.web.context import context
from collector.web.cors import allow_any_origin, allow_origins
from collector.web.openapi import Operation, operation

bp = Blueprint("intake", __name__)

#: A schema copies all its fields when it is made, so the busy ones are made once; they keep nothing between calls.
_SUBMISSION, _ANSWER, _STORED_ANSWER = (
    SubmissionSchema(),
    AnswerSchema(),
    StoredAnswerSchema(),
)

_KEY = {"key": "The site's public key."}
#: Anything else is no key, and some of it (NUL) PostgreSQL would not even look for.
_SITE_KEY = re.compile(r"[A-Za-z0-9_]{1,40}")
#: In the WSGI environment: the server has looked at this request's address and let it in.
ADMITTED = "lukewarm.admitted"
_BODY_PROBLEMS = (
    TooManyRequests,
    BadRequest,
    MalformedBody,
    BodyTooLarge,
    UnsupportedMediaType,
    ValidationFailed,
    MethodNotAllowed,
    Unavailable,
)


@dataclass(frozen=True, slots=True)
class SettingsQuery:
    """The query of the settings: the wanted language."""

    language: str | None


@bp.get("/v1/sites/<key>/survey")
@operation(
    Operation(
        summary="Settings of the site's survey",
        description=(
            "All that a widget needs to show the form. Cacheable; the ETag changes when the settings do. A page whose "
            "origin may not submit is told so here, before anybody writes a word."
        ),
        tag="Widget",
        answer=SettingsSchema,
        query=SettingsQuerySchema,
        problems=(OriginNotAllowed, SiteNotFound, SurveyNotFound, ValidationFailed, MethodNotAllowed, Unavailable),
        headers={"ETag": "Tag of this state of the settings."},
        parameters=_KEY,
    )
)
def show_survey(key: str) -> Reply:
    """Settings in the visitor's language, with a strong ETag and a minute of shelf life. A request of the collector's own
    pages carries no Origin; any other one has to be the site's."""
    allow_any_origin()
    query = load_query(SettingsQuerySchema(), SettingsQuery)
    snapshot = _snapshot(key)
    if "Origin" in request.headers:
        check_origin(request.headers["Origin"], snapshot)
    survey = snapshot.survey(None)
    if survey is None:
        raise SurveyNotFound()
    site = snapshot.site
    settings = settings_for(survey, snapshot.versions[survey.key], site.name, site.language, query.language)
    reply = jsonify(settings_value(settings))
    reply.headers["Cache-Control"] = "public, max-age=60"
    reply.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    reply.headers["Timing-Allow-Origin"] = "*"
    reply.vary.add("Origin")
    reply.add_etag()
    reply.make_conditional(request)
    return reply


@bp.route("/v1/sites/<key>/responses", methods=["POST", "OPTIONS"], provide_automatic_options=False)
@operation(
    Operation(
        summary="Submit a response",
        description=(
            "Stores a submission and answers after it is durable. The same id and content again get the same receipt, "
            "however late; another content under the same id is refused. The Origin header must be one of the site's."
        ),
        tag="Widget",
        body=SubmissionSchema,
        answer=ReceiptSchema,
        status=201,
        problems=(*_BODY_PROBLEMS, OriginNotAllowed, SiteNotFound, SurveyNotFound, SurveyClosed, SubmissionConflict),
        parameters=_KEY,
    )
)
def submit_response(key: str) -> Reply:
    """The reference door: bytes in, receipt out, one transaction between."""
    _admit(lambda address, now: _admission().submission(address, key, now))
    snapshot = _snapshot(key)
    allow_origins(snapshot.origins)
    if request.method == "OPTIONS":
        return _preflight()
    content = load(_SUBMISSION, parse_json(read_body()), Content)
    here = context()
    submission = Submission(content=content, origin=request.headers.get("Origin"), received_at=here.now())
    receipt = _receipt(submission, snapshot)
    if content.identity is not None:
        with here.database.writing() as tx:
            g.noted["identity"] = keep_identity(tx, submission, snapshot) or "believed"
    reply = make_response(receipt_json(receipt), 201)
    reply.mimetype = "application/json"
    return reply


@bp.route("/v1/follow-ups/<token>", methods=["POST", "OPTIONS"], provide_automatic_options=False)
@operation(
    Operation(
        summary="Answer a follow-up",
        description=(
            "Stores the answer to the question on a receipt. Whoever holds the token may correct the answer for thirty "
            "days; the last one counts. The same answer again changes nothing."
        ),
        tag="Widget",
        body=AnswerSchema,
        answer=StoredAnswerSchema,
        problems=(*_BODY_PROBLEMS, FollowUpNotFound, FollowUpExpired, AnswerFinal),
        parameters={"token": "The token on the receipt."},
    )
)
def answer_follow_up(token: str) -> Reply:
    """Stores an answer. The token is the right to do so, whatever page it comes from."""
    allow_any_origin()
    if request.method == "OPTIONS":
        return _preflight()
    _admit(_admission().answer)
    answer = load(_ANSWER, parse_json(read_body()), Answer)
    if not answer.areas and not answer.text:
        raise ValidationFailed(faults=[Fault("Send at least one area or some words.", pointer="")])
    here = context()
    with here.database.writing() as tx:
        stored = record_answer(tx, token, answer, here.now())
    assert stored.answered_at is not None
    value = {
        "state": stored.state,
        "areas": stored.answer_areas,
        "text": stored.answer_text,
        "correctable_until": stored.answered_at + CORRECTABLE_FOR,
    }
    return _json(_STORED_ANSWER.dump(value), 200)


def _admission() -> Admission:
    admission: Admission = current_app.extensions["lukewarm.admission"]
    return admission


def _admit(enter: Callable[[str, float], None]) -> None:
    """Lets the request in by `enter`, unless it was let in by the server before it came here."""
    if request.method == "OPTIONS" or request.environ.get(ADMITTED):
        return
    forwarded = ",".join(request.headers.getlist("X-Forwarded-For"))
    address = client_address(request.remote_addr or "", forwarded, context().settings.trusted_proxies)
    try:
        enter(address, monotonic())
    except TooManyRequests:
        allow_any_origin()
        raise


def _receipt(submission: Submission, snapshot: Snapshot) -> Receipt:
    """The receipt, after the submission is on disk. A repeat gets the one that was given then, whatever changed since."""
    committer: Committer = current_app.extensions["lukewarm.committer"]
    refused: Problem | None = None
    try:
        receipt, rows = accept(submission, snapshot)
        if committer.store(rows):
            return receipt
    except OriginNotAllowed:
        raise
    except Problem as problem:
        refused = problem
    with context().database.reading() as tx:
        earlier = earlier_receipt(tx, submission.content, snapshot)
    if earlier is None:
        raise refused or Unavailable()
    return earlier


def _snapshot(key: str) -> Snapshot:
    here = context()
    cache: SnapshotCache = current_app.extensions["lukewarm.snapshots"]

    def from_database() -> Snapshot | None:
        with here.database.reading() as tx:
            return load_snapshot(tx, key, here.token_key)

    snapshot = cache.get(key, monotonic(), from_database) if _SITE_KEY.fullmatch(key) else None
    if snapshot is None:
        raise SiteNotFound()
    return snapshot


def _json(value: Any, status: int) -> Reply:
    reply = make_response(jsonify(value), status)
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _preflight() -> Reply:
    reply = make_response("", 204)
    reply.headers["Allow"] = "POST, OPTIONS"
    del reply.headers["Content-Type"]
    return reply
