"""Reads of one response with all that belongs to it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.channels.queries import attempts_of
from collector.contacts.contact import Contact
from collector.contacts.models import ContactResponseRow
from collector.contacts.queries import contact_of
from collector.followups.models import FollowUpRow
from collector.inbox.listed import Listed
from collector.inbox.queries import listed
from collector.inbox.story.reason import Weighed, weigh
from collector.inbox.story.told import AskedQuestion, Decision, Story
from collector.intake.snapshot import Snapshot
from collector.questions.choose import Situation
from collector.reaching.models import PlanRow
from collector.responses.aside.queries import history_of
from collector.responses.models import ResponseRow
from collector.scales import SCALES
from collector.sites.queries import site_numbered
from collector.surveys.queries import surveys_of

#: Responses of the same contact that are shown.
_EARLIER = 10


def story_of(tx: Session, team: int, number: int) -> Story | None:
    """The story of a team's response; `None` when the team has none of this number, or it was erased."""
    row = tx.scalars(
        select(ResponseRow).where(
            ResponseRow.id == number, ResponseRow.team_id == team, ResponseRow.erased_at.is_(None)
        )
    ).first()
    site = site_numbered(tx, row.site_id) if row else None
    if row is None or site is None:
        return None
    survey = next(one for one in surveys_of(tx, site.id) if one.id == row.survey_id)
    category = next((one for one in survey.categories if one.key == row.category), None)
    asked = _asked(tx, row.site_id, row.submission_id)
    weighed: Weighed | None = None
    if asked is not None and row.anonymised_at is None:
        situation = Situation(
            scale=SCALES[row.scale],
            score=row.score,
            category=row.category,
            category_label=category.label_in(row.language) if category else None,
            comment=row.comment,
            page=row.page,
            site=site.name,
            language=row.language,
            submission=row.submission_id,
        )
        packs = Snapshot(site, (survey,), b"").packs(survey, row.language)
        weighed = weigh(situation, packs, (asked.pack, asked.question))
    contact = contact_of(tx, row.site_id, row.submission_id)
    return Story(
        line=listed(tx, team, [number])[number],
        survey=survey.key,
        label=category.label_in("en") if category else row.category,
        amended_at=row.amended_at,
        anonymised_at=row.anonymised_at,
        asked=asked,
        weighed=weighed,
        decision=_decision(tx, row.site_id, row.submission_id),
        attempts=attempts_of(tx, row.site_id, row.submission_id),
        contact=contact,
        earlier=_others(tx, team, contact, number) if contact else (),
        moves=history_of(tx, team, number),
    )


def _asked(tx: Session, site: int, submission: UUID) -> AskedQuestion | None:
    row = tx.scalars(
        select(FollowUpRow).where(FollowUpRow.site_id == site, FollowUpRow.submission_id == submission)
    ).first()
    if row is None:
        return None
    return AskedQuestion(
        text=row.text,
        channel=row.channel,
        pack=row.pack,
        question=row.question,
        language=row.language,
        why=row.why,
        areas=tuple((label, key in row.answer_areas) for key, label in row.areas),
        variant=row.variant,
        wordings=max(1, round(1 / row.probability)),
        state=row.state,
        reason=row.reason,
        offered_at=row.offered_at,
        expires_at=row.expires_at,
        answered_at=row.answered_at,
        corrected_at=row.corrected_at,
        answer=row.answer_text,
    )


def _decision(tx: Session, site: int, submission: UUID) -> Decision | None:
    row = tx.scalars(select(PlanRow).where(PlanRow.site_id == site, PlanRow.submission_id == submission)).first()
    return Decision(row.why, row.due_at, row.decided_at) if row else None


def _others(tx: Session, team: int, contact: Contact, but: int) -> tuple[Listed, ...]:
    numbers = tx.scalars(
        select(ResponseRow.id)
        .join(
            ContactResponseRow,
            (ContactResponseRow.site_id == ResponseRow.site_id)
            & (ContactResponseRow.submission_id == ResponseRow.submission_id),
        )
        .where(
            ResponseRow.team_id == team,
            ResponseRow.site_id == contact.site,
            ContactResponseRow.contact_id == contact.id,
            ResponseRow.erased_at.is_(None),
            ResponseRow.id != but,
        )
        .order_by(ResponseRow.received_at.desc(), ResponseRow.id.desc())
        .limit(_EARLIER)
    ).all()
    found = listed(tx, team, numbers)
    return tuple(found[number] for number in numbers)
