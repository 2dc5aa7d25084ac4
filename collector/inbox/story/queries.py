"""Reads of one response with all that belongs to it."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from collector.cases.rules import CaseRules
from collector.channels.queries import attempts_of
from collector.contacts.contact import Contact
from collector.contacts.models import ContactResponseRow
from collector.contacts.queries import contact_of
from collector.followups.models import FollowUpRow
from collector.inbox.listed import Listed
from collector.inbox.queries import LISTED, line_in, listed
from collector.inbox.story.reason import Weighed, weigh
from collector.inbox.story.told import AskedQuestion, Decision, Story
from collector.intake.snapshot import Snapshot
from collector.questions.choose import Situation
from collector.reaching.models import PlanRow
from collector.responses.aside.queries import history_of
from collector.responses.models import ResponseRow
from collector.scales import SCALES
from collector.sites.site import Site
from collector.surveys.queries import surveys_of

#: Responses of the same contact that are shown.
_EARLIER = 10


_STORY = (
    LISTED.add_columns(ResponseRow.amended_at, FollowUpRow, PlanRow)
    .outerjoin(
        PlanRow,
        (PlanRow.site_id == ResponseRow.site_id) & (PlanRow.submission_id == ResponseRow.submission_id),
    )
    .where(ResponseRow.id == bindparam("number"), ResponseRow.erased_at.is_(None))
    .execution_options(populate_existing=True)
)


def story_of(tx: Session, team: int, sites: Sequence[Site], number: int) -> Story | None:
    """The story of a team's response on one of its sites; `None` when the team has none of this number, or it was erased."""
    row = tx.execute(_STORY, {"team": team, "number": number}).first()
    site = next((one for one in sites if one.id == row.site_id), None) if row else None
    if row is None or site is None:
        return None
    line = line_in(row, CaseRules())
    said, plan, asked = line.response, row.PlanRow, _asked(row.FollowUpRow)
    survey = next(one for one in surveys_of(tx, site.id) if one.id == said.survey)
    category = next((one for one in survey.categories if one.key == said.category), None)
    weighed: Weighed | None = None
    if asked is not None and not line.anonymous:
        situation = Situation(
            scale=SCALES[said.scale],
            score=said.score,
            category=said.category,
            category_label=category.label_in(said.language) if category else None,
            comment=said.comment,
            page=said.page,
            site=site.name,
            language=said.language,
            submission=said.submission,
        )
        packs = Snapshot(site, (survey,), b"").packs(survey, said.language)
        weighed = weigh(situation, packs, (asked.pack, asked.question))
    contact = contact_of(tx, said.site, said.submission)
    return Story(
        line=line,
        survey=survey.key,
        label=category.label_in("en") if category else said.category,
        amended_at=row.amended_at,
        anonymised_at=row.anonymised_at,
        asked=asked,
        weighed=weighed,
        decision=Decision(plan.why, plan.due_at, plan.decided_at) if plan else None,
        attempts=attempts_of(tx, said.site, said.submission),
        contact=contact,
        earlier=_others(tx, team, contact, number) if contact else (),
        moves=history_of(tx, team, number),
    )


def _asked(row: FollowUpRow | None) -> AskedQuestion | None:
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
