"""Writes to surveys."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from collector.ids import public_id
from collector.problems import Fault, ValidationFailed
from collector.questions import check_own
from collector.questions.parse import PackError
from collector.scales import SCALES
from collector.sites.site import Site
from collector.surveys.categories import Categories, default_categories
from collector.surveys.models import SurveyRow
from collector.surveys.survey import Survey
from collector.surveys.widget import STEPS_OF_DRAWINGS, WidgetSettings
from collector.surveys.wording import LANGUAGES


def add_survey(tx: Session, site: Site, scale: str, now: datetime) -> str:
    """A new open survey with the default categories and the pack of the site's industry; thumbs are asked about a page,
    not about a purchase or a visit, so they get the neutral pack. Returns its key."""
    if scale not in SCALES:
        raise ValidationFailed(faults=[Fault(f"{scale!r} is not a scale. Known are {', '.join(SCALES)}.")])
    key = public_id("sv", 12)
    tx.add(
        SurveyRow(
            team_id=site.team,
            site_id=site.id,
            key=key,
            scale=scale,
            prompt={},
            categories=_stored(default_categories()),
            pack="neutral" if scale == "thumbs" else site.industry,
            open=True,
            widget={},
            created_at=now,
        )
    )
    tx.flush()
    return key


def set_categories(tx: Session, survey: Survey, categories: Categories) -> None:
    """Replaces the survey's categories."""
    tx.execute(update(SurveyRow).where(SurveyRow.id == survey.id).values(categories=_stored(categories)))


def set_open(tx: Session, survey: Survey, is_open: bool) -> None:
    """Opens or closes the survey. Submissions to a closed one are refused; repeats still get their receipt."""
    tx.execute(update(SurveyRow).where(SurveyRow.id == survey.id).values(open=is_open))


def set_prompt(tx: Session, survey: Survey, language: str, prompt: str) -> None:
    """Gives the survey its owner's own wording in one language; an empty one brings the default back."""
    if language not in LANGUAGES:
        raise ValidationFailed(
            faults=[Fault(f"There are no words for {language!r}. Known are {', '.join(LANGUAGES)}.")]
        )
    if len(prompt) > 200:
        raise ValidationFailed(faults=[Fault("A prompt has at most 200 letters.")])
    own = {**survey.prompt, language: prompt}
    tx.execute(
        update(SurveyRow)
        .where(SurveyRow.id == survey.id)
        .values(prompt={name: text for name, text in own.items() if text})
    )


def set_widget(tx: Session, survey: Survey, settings: WidgetSettings) -> None:
    """Replaces the settings of the survey's widget. Raises `ValidationFailed` when its scale cannot be drawn like that."""
    if settings.look.scale != "numbers" and survey.scale.steps != STEPS_OF_DRAWINGS:
        detail = f"{settings.look.scale} have five steps; the scale {survey.scale.name} has {survey.scale.steps}."
        raise ValidationFailed(faults=[Fault(detail.capitalize(), pointer="/look/scale")])
    tx.execute(update(SurveyRow).where(SurveyRow.id == survey.id).values(widget=asdict(settings)))


def set_questions(tx: Session, survey: Survey, questions: Mapping[str, Any] | None) -> None:
    """Replaces the owner's own questions, the tables `words`, `area` and `question` of a pack; `None` takes them away. Raises
    `ValidationFailed` with a pointer for each area or question that cannot be used."""
    if questions is not None:
        try:
            check_own(questions)
        except PackError as error:
            raise ValidationFailed(faults=error.faults) from error
    tx.execute(update(SurveyRow).where(SurveyRow.id == survey.id).values(questions=questions))


def _stored(categories: Categories) -> list[dict[str, object]]:
    return [{"key": item.key, "label": dict(item.label), "hidden": item.hidden} for item in categories]
