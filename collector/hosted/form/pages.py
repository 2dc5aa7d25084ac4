"""The form as a plain HTML page: no script, nothing kept in the browser, usable in any."""

from uuid import UUID

from flask import Blueprint, make_response, request
from flask import Response as Reply

from collector.hosted.filled import Filled, filled, marks, said
from collector.hosted.look import style
from collector.hosted.pages import BUSY, lead_to, page, refuse_foreign, shown_survey, status_of, words_for
from collector.ids import made_at, new_uuid, parse_uuid
from collector.intake.accept import page_on
from collector.intake.api import admit, snapshot_of, submit
from collector.intake.schemas import SubmissionSchema
from collector.intake.snapshot import Snapshot
from collector.intake.submission import Content, Submission
from collector.problems import SubmissionConflict, SurveyClosed, SurveyNotFound, ValidationFailed
from collector.surveys.wording import Wording
from collector.web.body import load
from collector.web.context import context
from collector.web.guards import EVERYONE, allow

bp = Blueprint("hosted_form", __name__, template_folder="../templates")

_SUBMISSION = SubmissionSchema()
#: Seconds that a form may have been open, as far as anybody asks: a year.
_LONGEST = 365 * 86_400.0


@bp.get("/f/<key>")
@allow(EVERYONE)
def show_form(key: str) -> Reply:
    """An empty form, with the id under which it will be sent."""
    snapshot = snapshot_of(key)
    return _form(snapshot, words_for_form(snapshot), Filled(), new_uuid(context().now()), request.args.get("page"))


@bp.post("/f/<key>")
@allow(EVERYONE)
def send_form(key: str) -> Reply:
    """Stores what was sent, as any submission is, and leads to the question or to the thanks. Pressed twice, it is stored once.
    What cannot be taken comes back with every word."""
    refuse_foreign(tells_origin=True)
    snapshot = snapshot_of(key)
    words = words_for_form(snapshot)
    form, now, address = filled(request.form), context().now(), request.form.get("page")
    made = parse_uuid(request.form.get("id", "")) or new_uuid(now)
    body = said(form) | {"id": str(made), "language": words.language}
    if kept := page_on(snapshot, address):
        body["page"] = kept
    if (began := made_at(made)) is not None and began <= now:
        body["seconds"] = min((now - began).total_seconds(), _LONGEST)
    try:
        admit(lambda limits, network, clock: limits.submission(network, key, clock, lambda: True))
        receipt = submit(Submission(load(_SUBMISSION, body, Content), None, now, own=True), snapshot)
    except SurveyClosed as problem:
        return _form(snapshot, words, form, made, address, problem.status)
    except SubmissionConflict as problem:
        # Somebody went back to a form that was sent, and wrote something else: what is sent next is a response of its own.
        return _form(snapshot, words, form, new_uuid(now), address, problem.status, "busy")
    except ValidationFailed as problem:
        return _form(snapshot, words, form, made, address, problem.status, "check", marks(problem.faults, form))
    except BUSY as problem:
        return _form(snapshot, words, form, made, address, status_of(problem), "busy")
    return lead_to(f"/r/{receipt.token}/{'question' if receipt.follow_up else 'thanks'}")


@bp.get("/f/<key>/look.css")
@allow(EVERYONE)
def show_look(key: str) -> Reply:
    """The owner's colour and scheme for this site's pages."""
    snapshot = snapshot_of(key)
    survey = snapshot.survey(None)
    if survey is None:
        raise SurveyNotFound()
    reply = make_response(style(shown_survey(snapshot, survey, words_for_form(snapshot))["survey"].look))
    reply.headers["Content-Type"] = "text/css; charset=utf-8"
    reply.headers["Cache-Control"] = "public, max-age=60"
    return reply


def words_for_form(snapshot: Snapshot) -> Wording:
    """The words of the form: those that it was shown in, else as the visitor's browser asks, else the site's."""
    asked = [value for value, _ in request.accept_languages]
    return words_for(request.form.get("language"), *asked, snapshot.site.language)


def _form(
    snapshot: Snapshot,
    words: Wording,
    form: Filled,
    made: UUID,
    address: str | None,
    status: int = 200,
    notice: str = "",
    marked: frozenset[str] = frozenset(),
) -> Reply:
    survey = snapshot.survey(None)
    if survey is None:
        raise SurveyNotFound()
    shown = shown_survey(snapshot, survey, words)
    sent_from = page_on(snapshot, address)
    reply = page("form", words, status, form=form, id=made, page=sent_from, notice=notice, marked=marked, **shown)
    # With no referrer at all, browsers would send the form with an origin that says nothing.
    reply.headers["Referrer-Policy"] = "same-origin"
    return reply
