"""Pages under a response's own token. Opening one changes nothing; a form has to be sent."""

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask import Response as Reply

from collector.followups.actions import record_answer
from collector.followups.follow_up import Answer
from collector.followups.queries import follow_up_of
from collector.followups.token import token_of
from collector.hosted.filled import Filled, filled, marks, said
from collector.hosted.pages import BUSY, gone, lead_to, page, refuse_foreign, shown_survey, status_of, words_for
from collector.hosted.told.queries import Told, told
from collector.intake.actions import amend_response, erase_response
from collector.intake.admission import Admission
from collector.intake.amend import AMENDABLE_FOR
from collector.intake.api import admit
from collector.intake.schemas import AmendmentSchema, AnswerSchema
from collector.intake.submission import Said
from collector.problems import (
    AnswerFinal,
    FollowUpExpired,
    FollowUpNotFound,
    ResponseFinal,
    ResponseNotFound,
    ValidationFailed,
)
from collector.web.body import load
from collector.web.context import context
from collector.web.guards import EVERYONE, HOLDER, allow

bp = Blueprint("hosted_told", __name__, template_folder="../templates")

_AMENDMENT, _ANSWER = AmendmentSchema(), AnswerSchema()


@bp.get("/r/<token>")
@allow(HOLDER)
def show_response(token: str) -> Reply:
    """What was said, asked and answered, with the ways to correct and to erase it."""
    found = _told(token)
    if found is None:
        return gone()
    until = found.response.received_at + AMENDABLE_FOR
    saved = request.args.get("saved") == "yes"
    return _page(found, "response", token, until=until.date(), may_correct=context().now() <= until, saved=saved)


@bp.get("/r/<token>/question")
@allow(HOLDER)
def show_question(token: str) -> Reply:
    """The question that was made for this person, while it is open."""
    found = _told(token)
    if found is None:
        return gone()
    return _question(found, token) if _is_asked(found, context().now()) else lead_to(f"/r/{token}/thanks")


@bp.post("/r/<token>/question")
@allow(HOLDER)
def answer_question(token: str) -> Reply:
    """Stores the answer; the author of the response needs no other token for it."""
    refuse_foreign(tells_origin=False)
    found = _told(token)
    if found is None:
        return gone()
    here, response = context(), found.response
    text, tapped = request.form.get("text", "").replace("\r\n", "\n"), request.form.getlist("areas")
    try:
        admit(Admission.answer)
        answer = load(_ANSWER, {"areas": tapped, "text": text}, Answer)
        if not answer.areas and not answer.text:
            raise ValidationFailed()
        with here.database.writing() as tx:
            offered = follow_up_of(tx, response.site, response.submission)
            if offered is None:
                raise FollowUpNotFound()
            record_answer(tx, token_of(here.token_key, offered), answer, here.now())
    except (FollowUpNotFound, FollowUpExpired, AnswerFinal):
        pass  # nothing is asked any more, which the next page does not go on about
    except ValidationFailed as problem:
        return _question(found, token, problem.status, "check", text, tapped)
    except BUSY as problem:
        return _question(found, token, status_of(problem), "busy", text, tapped)
    return lead_to(f"/r/{token}/thanks")


@bp.get("/r/<token>/thanks")
@allow(HOLDER)
def show_thanks(token: str) -> Reply:
    """Thanks, what happens now, and the way to see it again."""
    found = _told(token)
    return _page(found, "thanks", token) if found else gone()


@bp.get("/r/<token>/correct")
@allow(HOLDER)
def show_correction(token: str) -> Reply:
    """The form with what was said in it."""
    found = _told(token)
    if found is None:
        return gone()
    if context().now() > found.response.received_at + AMENDABLE_FOR:
        return lead_to(f"/r/{token}")
    response = found.response
    return _correction(found, token, Filled(str(response.score), response.category or "", response.comment))


@bp.post("/r/<token>/correct")
@allow(HOLDER)
def correct(token: str) -> Reply:
    """Amends the response, and leads to the question if one is asked now."""
    refuse_foreign(tells_origin=False)
    found = _told(token)
    if found is None:
        return gone()
    form, here = filled(request.form), context()
    try:
        admit(Admission.answer)
        changed = load(_AMENDMENT, said(form) | {"attributes": dict(found.response.attributes)}, Said)
        with here.database.writing() as tx:
            receipt = amend_response(tx, token, changed, here.token_key, here.now())
    except ResponseNotFound:
        return gone()
    except ResponseFinal:
        return lead_to(f"/r/{token}")
    except ValidationFailed as problem:
        return _correction(found, token, form, problem.status, "check", marks(problem.faults, form))
    except BUSY as problem:
        return _correction(found, token, form, status_of(problem), "busy")
    if receipt.follow_up is not None and found.follow_up is None:
        return lead_to(f"/r/{token}/question")
    return lead_to(f"/r/{token}", saved="yes")


@bp.get("/r/<token>/erase")
@allow(HOLDER)
def ask_to_erase(token: str) -> Reply:
    """Says what will be gone, and asks once more."""
    found = _told(token)
    return _page(found, "erase", token) if found else gone()


@bp.post("/r/<token>/erase")
@allow(HOLDER)
def erase(token: str) -> Reply:
    """Erases the response, with the question and the answer."""
    refuse_foreign(tells_origin=False)
    found, here = _told(token), context()
    if found is None:
        return gone()
    try:
        admit(Admission.answer)
        with here.database.writing() as tx:
            erase_response(tx, token, here.token_key, here.now())
    except ResponseNotFound:
        return gone()
    except BUSY as problem:
        return _page(found, "erase", token, status_of(problem), notice="busy")
    return lead_to("/r/erased", language=words_for(found.response.language).language)


@bp.get("/r/erased")
@allow(EVERYONE)
def show_erased() -> Reply:
    """Says that it is done, and names nobody and nothing."""
    return page("erased", words_for())


def _told(token: str) -> Told | None:
    here = context()
    with here.database.reading() as tx:
        return told(tx, token, here.token_key)


def _is_asked(found: Told, now: datetime) -> bool:
    asked = found.follow_up
    return asked is not None and asked.state == "offered" and now < asked.expires_at


def _question(
    found: Told, token: str, status: int = 200, notice: str = "", text: str = "", tapped: list[str] | None = None
) -> Reply:
    return _page(found, "question", token, status, notice=notice, text=text, tapped=tapped or [])


def _correction(
    found: Told,
    token: str,
    form: Filled,
    status: int = 200,
    notice: str = "",
    marked: frozenset[str] = frozenset(),
) -> Reply:
    return _page(found, "correct", token, status, form=form, notice=notice, marked=marked)


def _page(found: Told, template: str, token: str, status: int = 200, **parts: Any) -> Reply:
    response = found.response
    words = words_for(response.language)
    survey = next(item for item in found.snapshot.surveys if item.id == response.survey)
    shown = shown_survey(found.snapshot, survey, words, response.category)
    return page(template, words, status, token=token, response=response, follow_up=found.follow_up, **(shown | parts))
