"""Outcomes in from widgets, and out to the team's programs."""

from dataclasses import dataclass

from flask import Blueprint, g, jsonify, make_response, request
from flask import Response as Reply

from collector.intake.accept import check_origin, page_on
from collector.intake.admission import Admission
from collector.intake.api import BODY_PROBLEMS, enter, preflight, snapshot_of
from collector.outcomes.actions import count
from collector.outcomes.queries import Span, outcomes
from collector.outcomes.schemas import OutcomePageSchema, OutcomeQuerySchema, OutcomesSchema
from collector.problems import (
    Fault,
    KeyRequired,
    MethodNotAllowed,
    OriginNotAllowed,
    ScopeMissing,
    SiteNotFound,
    SurveyNotFound,
    TooManyRequests,
    Unavailable,
    ValidationFailed,
)
from collector.web.body import load, load_query, parse_json, read_body
from collector.web.context import context
from collector.web.cors import allow_origins
from collector.web.guards import EVERYONE, allow, key
from collector.web.openapi import Operation, operation
from collector.web.paging import cursor_after, row_of

bp = Blueprint("outcomes", __name__)

_OUTCOMES = OutcomesSchema()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a widget tells when its page is left."""

    survey: str | None
    page: str | None
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutcomeQuery:
    """The query of the counts."""

    site: str | None
    since: str | None
    until: str | None
    cursor: str | None
    limit: int


@bp.route("/v1/sites/<key>/outcomes", methods=["POST", "OPTIONS"], provide_automatic_options=False)
@allow(EVERYONE)
@operation(
    Operation(
        summary="Count what became of the form",
        description=(
            "Adds one to each outcome named, for the page and the day. It holds nobody's identifier, so what is sent twice is "
            "counted twice. The Origin header must be one of the site's."
        ),
        tag="Widget",
        body=OutcomesSchema,
        answer=None,
        status=204,
        problems=(*BODY_PROBLEMS, OriginNotAllowed, SiteNotFound, SurveyNotFound),
        parameters={"key": "The site's public key."},
    )
)
def count_outcomes(key: str) -> Reply:
    """Counts, and answers with nothing."""
    enter(lambda limits, address, now: Admission.outcomes(limits, address, key, now))
    snapshot = snapshot_of(key)
    allow_origins(snapshot.origins)
    if request.method == "OPTIONS":
        return preflight()
    seen = load(_OUTCOMES, parse_json(read_body()), Seen)
    check_origin(request.headers.get("Origin"), snapshot)
    survey = snapshot.survey(seen.survey)
    if survey is None:
        raise SurveyNotFound()
    page = page_on(snapshot, seen.page)
    if seen.page is not None and page is None:
        raise ValidationFailed(faults=[Fault("The page is not an address of this site.", pointer="/page")])
    here = context()
    with here.database.writing() as tx:
        count(tx, snapshot.site, survey, page, seen.outcomes, here.now())
    reply = make_response("", 204)
    del reply.headers["Content-Type"]
    return reply


@bp.get("/api/outcomes")
@operation(
    Operation(
        summary="List outcomes",
        description="Counts of the key's team by day, site, survey and page, in the order in which they were begun.",
        tag="Team",
        answer=OutcomePageSchema,
        query=OutcomeQuerySchema,
        problems=(TooManyRequests, KeyRequired, ScopeMissing, ValidationFailed, MethodNotAllowed, Unavailable),
        key=True,
    )
)
@allow(key("outcomes:read"))
def list_outcomes() -> Reply:
    """A page of counts and the cursor of the next."""
    query = load_query(OutcomeQuerySchema(), OutcomeQuery)
    after = row_of(query.cursor) if query.cursor is not None else 0
    with context().database.reading() as tx:
        found = outcomes(tx, g.team, Span(query.site, query.since, query.until), after, query.limit + 1)
    page = found[: query.limit]
    following = cursor_after(page[-1].number) if len(found) > query.limit else None
    return jsonify(OutcomePageSchema().dump({"items": page, "next": following}))
