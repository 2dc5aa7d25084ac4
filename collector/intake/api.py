"""The widget's JSON: submissions and answers in. This is the reference door to `accept`."""

import re
from collections.abc import Callable
from time import monotonic
from typing import Any

from flask import Blueprint, current_app, g, jsonify, make_response, request
from flask import Response as Reply

from collector.followups.actions import record_answer
from collector.followups.follow_up import Answer
from collector.followups.state import CORRECTABLE_FOR
from collector.intake.accept import accept
from collector.intake.actions import amend_response, keep_identity, spend
from collector.intake.admission import Admission, narrowest
from collector.intake.cache import SnapshotCache
from collector.intake.committer import Committer
from collector.intake.proof import proven
from collector.intake.queries import earlier_receipt, load_snapshot
from collector.intake.quick.schemas import read_quickly
from collector.intake.schemas import (
    AmendmentSchema,
    AnswerSchema,
    ProofQuerySchema,
    ReceiptSchema,
    StoredAnswerSchema,
    SubmissionSchema,
    receipt_json,
)
from collector.intake.snapshot import Snapshot
from collector.intake.submission import Content, Receipt, Said, Submission
from collector.networks import client_address
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
    ProofRequired,
    ResponseFinal,
    ResponseNotFound,
    SiteNotFound,
    SubmissionConflict,
    SurveyClosed,
    SurveyNotFound,
    TooManyRequests,
    Unavailable,
    UnsupportedMediaType,
    ValidationFailed,
)
from collector.responses.suspicion import suspicion
from collector.signing import fingerprint
from collector.web.body import load, parse_json, read_body
from collector.web.context import context
from collector.web.cors import allow_any_origin, allow_origins
from collector.web.guards import EVERYONE, HOLDER, Policy, allow
from collector.web.openapi import Operation, operation

bp = Blueprint("intake", __name__)

#: A schema copies all its fields when it is made, so the busy ones are made once; they keep nothing between calls.
_SUBMISSION, _AMENDMENT, _ANSWER, _STORED_ANSWER = (
    SubmissionSchema(),
    AmendmentSchema(),
    AnswerSchema(),
    StoredAnswerSchema(),
)

_KEY = {"key": "The site's public key."}
#: Anything else is no key, and some of it (NUL) PostgreSQL would not even look for.
_SITE_KEY = re.compile(r"[A-Za-z0-9_]{1,40}")
#: In the WSGI environment: the server has looked at this request's address and let it in.
ADMITTED = "lukewarm.admitted"
#: Where the collector is asked whether it is well.
_HEALTH = ("/livez", "/readyz")
#: What can be wrong with anything that a page sends.
BODY_PROBLEMS = (
    TooManyRequests,
    BadRequest,
    MalformedBody,
    BodyTooLarge,
    UnsupportedMediaType,
    ValidationFailed,
    MethodNotAllowed,
    Unavailable,
)
_REFUSED = (OriginNotAllowed, SiteNotFound, SurveyNotFound, SurveyClosed, SubmissionConflict)


@bp.route("/v1/sites/<key>/responses", methods=["POST", "OPTIONS"], provide_automatic_options=False)
@allow(EVERYONE)
@operation(
    Operation(
        summary="Submit a response",
        description=(
            "Stores a submission and answers after it is durable. The same id and content again get the same receipt, "
            "however late; another content under the same id is refused. The Origin header must be one of the site's."
        ),
        tag="Widget",
        body=SubmissionSchema,
        query=ProofQuerySchema,
        answer=ReceiptSchema,
        status=201,
        problems=(*BODY_PROBLEMS, ProofRequired, *_REFUSED),
        parameters=_KEY,
    )
)
def submit_response(key: str) -> Reply:
    """The reference door: bytes in, receipt out, one transaction between."""
    enter(lambda limits, address, now: limits.submission(address, key, now, lambda: _has_worked(key, address)))
    snapshot = snapshot_of(key)
    allow_origins(snapshot.origins)
    if request.method == "OPTIONS":
        return preflight()
    body = read_body()
    content = read_quickly(body) or load(_SUBMISSION, parse_json(body), Content)
    here = context()
    submission = Submission(content=content, origin=request.headers.get("Origin"), received_at=here.now())
    receipt = submit(submission, snapshot)
    if suspicion(content.trap, content.seconds) is not None:
        _with_limits(lambda limits, address, now: limits.suspect(address, key, now))
    if content.identity is not None:
        with here.database.writing() as tx:
            g.noted["identity"] = keep_identity(tx, submission, snapshot) or "believed"
    return _receipt(receipt, 201)


@bp.route("/v1/responses/<token>", methods=["POST", "OPTIONS"], provide_automatic_options=False)
@allow(HOLDER)
@operation(
    Operation(
        summary="Amend a response",
        description=(
            "Replaces what a response says, or finishes a partial one; a question that fits is asked then. Whoever holds the "
            "receipt's token may do so for thirty days; the last words count. The same words again change nothing."
        ),
        tag="Widget",
        body=AmendmentSchema,
        answer=ReceiptSchema,
        problems=(*BODY_PROBLEMS, ResponseNotFound, ResponseFinal),
        parameters={"token": "The receipt's own token."},
    )
)
def amend(token: str) -> Reply:
    """Changes a response. The token is the right to do so, whatever page it comes from."""
    allow_any_origin()
    if request.method == "OPTIONS":
        return preflight()
    enter(Admission.answer)
    said = load(_AMENDMENT, parse_json(read_body()), Said)
    here = context()
    with here.database.writing() as tx:
        receipt = amend_response(tx, token, said, here.token_key, here.now())
    return _receipt(receipt, 200)


@bp.route("/v1/follow-ups/<token>", methods=["POST", "OPTIONS"], provide_automatic_options=False)
@allow(HOLDER)
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
        problems=(*BODY_PROBLEMS, FollowUpNotFound, FollowUpExpired, AnswerFinal),
        parameters={"token": "The token on the receipt."},
    )
)
def answer_follow_up(token: str) -> Reply:
    """Stores an answer. The token is the right to do so, whatever page it comes from."""
    allow_any_origin()
    if request.method == "OPTIONS":
        return preflight()
    enter(Admission.answer)
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


def admit(by: Callable[[Admission, str, float], None]) -> None:
    """Lets the request in by `by`, which is given the limits, the address and the clock, unless the server let it in before
    it came here. Raises `TooManyRequests`."""
    if request.method != "OPTIONS" and not request.environ.get(ADMITTED):
        _with_limits(by)


def _with_limits(by: Callable[[Admission, str, float], None]) -> None:
    forwarded = ",".join(request.headers.getlist("X-Forwarded-For"))
    address = client_address(request.remote_addr or "", forwarded, context().settings.trusted_proxies)
    by(current_app.extensions["lukewarm.admission"], address, monotonic())


def admit_reads() -> None:
    """Before each request that only reads, of what is open to everybody, to holders of a token and to programs: lets it in,
    before a key or a token is looked up. Members' pages are not counted, as who sees them has signed in; nor is what a monitor
    asks, which must never hear that it asks too often. Raises `TooManyRequests`."""
    view = current_app.view_functions.get(request.endpoint or "")
    policy: Policy | None = getattr(view, "policy", None)
    if request.method not in ("GET", "HEAD") or policy is None or policy.who == "member" or request.path in _HEALTH:
        return
    secret = request.headers.get("Authorization", "").partition(" ")[2].strip() if policy.who == "key" else ""
    by_widgets = request.path.startswith(("/v1/", "/w/"))
    (enter if by_widgets else admit)(
        lambda limits, address, now: limits.read(address, fingerprint(secret) if secret else None, now)
    )


def _has_worked(site: str, address: str) -> bool:
    here = context()
    proof = proven(here.token_key, request.args.get("proof", ""), site, narrowest(address), here.now())
    if proof is None:
        return False
    with here.database.writing() as tx:
        return spend(tx, proof)


def enter(by: Callable[[Admission, str, float], None]) -> None:
    """`admit` for what pages send: any page may read that it comes too often."""
    try:
        admit(by)
    except TooManyRequests:
        allow_any_origin()
        raise


def submit(submission: Submission, snapshot: Snapshot) -> Receipt:
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


def snapshot_of(key: str) -> Snapshot:
    """The configuration of the site with this public key, as this process has it. Raises `SiteNotFound`."""
    here = context()
    cache: SnapshotCache = current_app.extensions["lukewarm.snapshots"]

    def from_database() -> Snapshot | None:
        with here.database.reading() as tx:
            return load_snapshot(tx, key, here.token_key)

    snapshot = cache.get(key, monotonic(), from_database) if _SITE_KEY.fullmatch(key) else None
    if snapshot is None:
        raise SiteNotFound()
    return snapshot


def _receipt(receipt: Receipt, status: int) -> Reply:
    reply = make_response(receipt_json(receipt), status)
    reply.mimetype = "application/json"
    return reply


def _json(value: Any, status: int) -> Reply:
    reply = make_response(jsonify(value), status)
    reply.headers["Cache-Control"] = "no-store"
    return reply


def preflight() -> Reply:
    """The answer to a browser that asks whether it may post."""
    reply = make_response("", 204)
    reply.headers["Allow"] = "POST, OPTIONS"
    del reply.headers["Content-Type"]
    return reply
