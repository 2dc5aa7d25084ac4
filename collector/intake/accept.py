"""What the hot path decides, in one pure function: may this origin submit, is the submission valid for this survey, which
segment is it, which question is asked. Doors read bytes and write rows around it; none has rules of its own."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from collector.followups.follow_up import NewFollowUp
from collector.followups.plan import plan
from collector.followups.token import make_token as make_follow_up_token
from collector.intake.snapshot import Snapshot
from collector.intake.submission import OfferedQuestion, Receipt, Rows, Said, Submission, digest_of
from collector.problems import Fault, OriginNotAllowed, SurveyClosed, SurveyNotFound, ValidationFailed
from collector.questions.choose import Situation, choose
from collector.responses.response import NewResponse
from collector.responses.suspicion import suspicion
from collector.responses.token import make_token
from collector.scales import Scale
from collector.signing import fingerprint
from collector.sites.address import canonical_page, origin_of
from collector.surveys.survey import Survey


def accept(submission: Submission, snapshot: Snapshot) -> tuple[Receipt, Rows]:
    """The receipt for a submission and the rows that make it true.

    The same submission under the same snapshot gives the same receipt, at any time and in any process. Raises
    `OriginNotAllowed`, `SurveyNotFound`, `SurveyClosed`, or `ValidationFailed` with a pointer for each fault."""
    content, site = submission.content, snapshot.site
    if not submission.own:
        check_origin(submission.origin, snapshot)
    survey = snapshot.survey(content.survey)
    if survey is None:
        raise SurveyNotFound()
    if not survey.open:
        raise SurveyClosed()
    page = _check(submission, survey, snapshot)
    suspect = suspicion(content.trap, content.seconds)
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
        attributes=dict(content.attributes),
        partial=content.partial,
        suspect=suspect,
        received_at=submission.received_at,
    )
    token = make_token(snapshot.token_key, site.id, content.id)
    asked = None
    if not content.partial and suspect is None:
        asked = ask(content, content.id, page, survey, snapshot, submission.received_at)
    if asked is None:
        return Receipt(content.id, token, None), Rows(response, None)
    question, follow_up = asked
    return Receipt(content.id, token, question), Rows(response, follow_up)


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


def page_on(snapshot: Snapshot, address: str | None) -> str | None:
    """What is kept of a page's address; `None` when there is none, or it is not one of the site's."""
    page = canonical_page(address, snapshot.site.parameters) if address else None
    return page if page and any(page.startswith(f"{origin}/") for origin in snapshot.origins) else None


def check_said(said: Said, scale: Scale, categories: Iterable[str]) -> list[Fault]:
    """What is wrong with a score on `scale` and a category that has to be one of `categories`."""
    faults = []
    if not scale.lowest <= said.score <= scale.highest:
        bounds = f"{scale.lowest} to {scale.highest}"
        faults.append(Fault(f"The score is a whole number from {bounds} on this survey.", pointer="/score"))
    if said.category is not None and said.category not in categories:
        faults.append(Fault("The survey has no such category.", pointer="/category"))
    return faults


def ask(
    said: Said, submission: UUID, page: str | None, survey: Survey, snapshot: Snapshot, now: datetime
) -> tuple[OfferedQuestion, NewFollowUp] | None:
    """The question for somebody who has said all this, as it stands on the receipt and as it is stored; `None` where no
    question fits."""
    site = snapshot.site
    situation = _situation(said, submission, page, survey, snapshot)
    choice = choose(situation, snapshot.packs(survey, situation.language))
    if choice is None:
        return None
    token = make_follow_up_token(snapshot.token_key, site.id, submission)
    follow_up = plan(choice, site.team, site.id, submission, fingerprint(token), now)
    return OfferedQuestion(token=token, question=choice.text, kind=choice.kind, areas=choice.areas), follow_up


def _check(submission: Submission, survey: Survey, snapshot: Snapshot) -> str | None:
    content = submission.content
    faults = check_said(content, survey.scale, {item.key for item in survey.categories})
    page = None
    if content.page is not None:
        page = page_on(snapshot, content.page)
        if page is None:
            faults.append(Fault("The page is not an address of this site.", pointer="/page"))
    if faults:
        raise ValidationFailed(faults=faults)
    return page


def _situation(said: Said, submission: UUID, page: str | None, survey: Survey, snapshot: Snapshot) -> Situation:
    language = said.language or snapshot.site.language
    category = next((item for item in survey.categories if item.key == said.category), None)
    return Situation(
        scale=survey.scale,
        score=said.score,
        category=said.category,
        category_label=category.label_in(language) if category else None,
        comment=said.comment,
        page=page,
        site=snapshot.site.name,
        language=language,
        submission=submission,
    )
