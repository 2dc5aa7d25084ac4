"""The form's settings as JSON."""

from contextlib import suppress
from dataclasses import dataclass

from flask import Blueprint, jsonify, request
from flask import Response as Reply

from collector.db import UNAVAILABLE
from collector.intake.accept import check_origin
from collector.intake.api import snapshot_of
from collector.intake.snapshot import Snapshot
from collector.problems import (
    MethodNotAllowed,
    OriginNotAllowed,
    SiteNotFound,
    SurveyNotFound,
    TooManyRequests,
    Unavailable,
    ValidationFailed,
)
from collector.sites.actions import note_seen
from collector.sites.address import origin_of
from collector.web.body import load_query
from collector.web.context import context
from collector.web.cors import allow_any_origin
from collector.web.guards import EVERYONE, allow
from collector.web.openapi import Operation, operation
from collector.widget.built import built
from collector.widget.schemas import SettingsQuerySchema, SettingsSchema, settings_value

bp = Blueprint("widget", __name__)


@dataclass(frozen=True, slots=True)
class SettingsQuery:
    """The query of the settings: the wanted language."""

    language: str | None


@bp.get("/v1/sites/<key>/survey")
@allow(EVERYONE)
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
        problems=(
            TooManyRequests,
            OriginNotAllowed,
            SiteNotFound,
            SurveyNotFound,
            ValidationFailed,
            MethodNotAllowed,
            Unavailable,
        ),
        headers={"ETag": "Tag of this state of the settings."},
        parameters={"key": "The site's public key."},
    )
)
def show_survey(key: str) -> Reply:
    """Settings in the visitor's language, with a strong ETag and a minute of shelf life. A request of the collector's own
    pages carries no Origin; any other one has to be the site's."""
    allow_any_origin()
    query = load_query(SettingsQuerySchema(), SettingsQuery)
    snapshot = snapshot_of(key)
    if "Origin" in request.headers:
        check_origin(request.headers["Origin"], snapshot)
    note_page(snapshot)
    survey = snapshot.survey(None)
    if survey is None:
        raise SurveyNotFound()
    reply = jsonify(settings_value(snapshot, survey, query.language, built(), context().settings.channels))
    reply.headers["Cache-Control"] = "public, max-age=60"
    reply.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    reply.headers["Timing-Allow-Origin"] = "*"
    reply.vary.add("Origin")
    reply.add_etag()
    reply.make_conditional(request)
    return reply


def note_page(snapshot: Snapshot) -> None:
    """Has it written down that a page of the site asks for the form, the first time that one does: somebody may be waiting
    for it on the page with the tag. Whoever asks gets the form, whatever becomes of the note."""
    said = request.headers.get("Origin") or request.referrer or ""
    if not said and request.headers.get("Sec-Fetch-Site") == "same-origin":
        said = request.host_url  # a page beside the collector, such as the demo's: it reads without an Origin
    if snapshot.site.seen_at is not None or origin_of(said) not in snapshot.origins:
        return
    here = context()
    with suppress(*UNAVAILABLE), here.database.writing() as tx:
        note_seen(tx, snapshot.site.id, here.now())
