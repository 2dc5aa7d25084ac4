"""What the hot path decides, in one pure function: may this origin submit, is the submission valid for this survey, which
segment is it, which question is asked. Doors read bytes and write rows around it; none has rules of its own."""

from collector.followups.plan import plan
from collector.followups.token import make_token
from collector.intake.snapshot import Snapshot
from collector.intake.submission import OfferedQuestion, Receipt, Rows, Submission, digest_of
from collector.problems import Fault, OriginNotAllowed, SurveyClosed, SurveyNotFound, ValidationFailed
from collector.questions.choose import Choice, Situation, choose
from collector.responses.response import NewResponse
from collector.signing import fingerprint
from collector.sites.address import canonical_page, origin_of
from collector.surveys.survey import Survey


def accept(submission: Submission, snapshot: Snapshot) -> tuple[Receipt, Rows]:
    """The receipt for a submission and the rows that make it true.

    The same submission under the same snapshot gives the same receipt, at any time and in any process. Raises
    `OriginNotAllowed`, `SurveyNotFound`, `SurveyClosed`, or `ValidationFailed` with a pointer for each fault."""
    content, site = submission.content, snapshot.site
    check_origin(submission.origin, snapshot)
    survey = snapshot.survey(content.survey)
    if survey is None:
        raise SurveyNotFound()
    if not survey.open:
        raise SurveyClosed()
    page = _check(submission, survey, snapshot)
    situation = _situation(submission, survey, snapshot, page)
    choice = choose(situation, snapshot.packs(survey, situation.language))
    response = NewResponse(
        team=site.team,
        site=site.id,
        survey=survey.id,
        submission=content.id,
        digest=digest_of(content),
        scale=survey.scale.name,
        score=content.score,
        segment=survey.scale.band(content.score).segment,
        category=content.category,
        comment=content.comment,
        page=page,
        language=content.language or site.language,
        configuration=snapshot.versions[survey.key],
        received_at=submission.received_at,
    )
    if choice is None:
        return Receipt(content.id, None), Rows(response, None)
    token = make_token(snapshot.token_key, site.id, content.id)
    follow_up = plan(choice, site.team, site.id, content.id, fingerprint(token), submission.received_at)
    return Receipt(content.id, _offered(token, choice)), Rows(response, follow_up)


def check_origin(origin: str | None, snapshot: Snapshot) -> None:
    """Raises `OriginNotAllowed` unless the Origin header is exactly one of the site's. It is a filter against mistakes and
    foreign pages, not a proof of who is calling; `null`, which any sandboxed page sends, is never allowed."""
    if origin not in snapshot.origins:
        named = (
            f"The origin {origin!r}"
            if origin and origin != "null" and origin_of(origin)
            else "A caller without an origin"
        )
        raise OriginNotAllowed(f"{named} may not submit to this site. 'lukewarm site origins' changes the list.")


def _check(submission: Submission, survey: Survey, snapshot: Snapshot) -> str | None:
    content = submission.content
    faults = []
    if not survey.scale.lowest <= content.score <= survey.scale.highest:
        bounds = f"{survey.scale.lowest} to {survey.scale.highest}"
        faults.append(Fault(f"The score is a whole number from {bounds} on this survey.", pointer="/score"))
    if content.category is not None and content.category not in {item.key for item in survey.categories}:
        faults.append(Fault("The survey has no such category.", pointer="/category"))
    page = None
    if content.page is not None:
        page = canonical_page(content.page, snapshot.site.parameters)
        if page is None or not any(page.startswith(f"{origin}/") for origin in snapshot.origins):
            faults.append(Fault("The page is not an address of this site.", pointer="/page"))
    if faults:
        raise ValidationFailed(faults=faults)
    return page


def _situation(submission: Submission, survey: Survey, snapshot: Snapshot, page: str | None) -> Situation:
    content, site = submission.content, snapshot.site
    language = content.language or site.language
    category = next((item for item in survey.categories if item.key == content.category), None)
    return Situation(
        scale=survey.scale,
        score=content.score,
        category=content.category,
        category_label=category.label_in(language) if category else None,
        comment=content.comment,
        page=page,
        site=site.name,
        language=language,
        submission=content.id,
    )


def _offered(token: str, choice: Choice) -> OfferedQuestion:
    return OfferedQuestion(token=token, question=choice.text, kind=choice.kind, areas=choice.areas)
