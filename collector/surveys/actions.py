"""Writes to surveys."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from collector.ids import public_id
from collector.problems import Fault, ValidationFailed
from collector.questions import INDUSTRIES, check_own
from collector.questions.parse import PackError
from collector.scales import SCALES
from collector.sites.site import Site
from collector.surveys.categories import Categories, default_categories
from collector.surveys.models import SurveyRow
from collector.surveys.survey import Survey
from collector.surveys.widget import STEPS_OF_DRAWINGS, WidgetSettings
from collector.surveys.wording import LANGUAGES

#: Letters of an owner's own wording of the question.
LONGEST_PROMPT = 200


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


def set_prompts(tx: Session, survey: Survey, prompts: Mapping[str, str]) -> None:
    """Gives the survey its owner's own wordings by language; an empty one brings that language's default back. Raises
    `ValidationFailed` with a pointer for each that cannot be used."""
    faults = []
    for language, prompt in prompts.items():
        if language not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            faults.append(Fault(f"There are no words for {language!r}. Known are {known}.", pointer=f"/{language}"))
        if len(prompt) > LONGEST_PROMPT or not prompt.isprintable():
            detail = f"A prompt is one line of at most {LONGEST_PROMPT} letters."
            faults.append(Fault(detail, pointer=f"/{language}"))
    if faults:
        raise ValidationFailed(faults=faults)
    own = {**survey.prompt, **prompts}
    tx.execute(
        update(SurveyRow)
        .where(SurveyRow.id == survey.id)
        .values(prompt={name: text for name, text in own.items() if text})
    )


def set_scale(tx: Session, survey: Survey, scale: str) -> None:
    """Has the survey ask on another scale. Only for one that nobody has answered yet: scores of two scales are not compared.
    What is drawn falls back to numbers where the new scale cannot be drawn as before."""
    if scale not in SCALES:
        raise ValidationFailed(
            faults=[Fault(f"{scale!r} is not a scale. Known are {', '.join(SCALES)}.", pointer="/scale")]
        )
    look = survey.widget.look
    if SCALES[scale].steps != STEPS_OF_DRAWINGS:
        look = replace(look, scale="numbers")
    widget = asdict(replace(survey.widget, look=look))
    tx.execute(update(SurveyRow).where(SurveyRow.id == survey.id).values(scale=scale, widget=widget))


def set_pack(tx: Session, survey: Survey, pack: str) -> None:
    """Has follow-up questions chosen from another industry's pack. Raises `ValidationFailed` when there is none."""
    if pack not in INDUSTRIES:
        raise ValidationFailed(faults=[Fault(f"There is no pack {pack!r}.", pointer="/pack")])
    tx.execute(update(SurveyRow).where(SurveyRow.id == survey.id).values(pack=pack))


def set_widget(tx: Session, survey: Survey, settings: WidgetSettings) -> None:
    """Replaces the settings of the survey's widget. Raises `ValidationFailed` when its scale cannot be drawn like that."""
    check_drawing(survey, settings)
    tx.execute(update(SurveyRow).where(SurveyRow.id == survey.id).values(widget=asdict(settings)))


def check_drawing(survey: Survey, settings: WidgetSettings) -> None:
    """Raises `ValidationFailed` when the survey's scale cannot be drawn as these settings say."""
    if settings.look.scale != "numbers" and survey.scale.steps != STEPS_OF_DRAWINGS:
        detail = f"{settings.look.scale} have five steps; the scale {survey.scale.name} has {survey.scale.steps}."
        raise ValidationFailed(faults=[Fault(detail.capitalize(), pointer="/look/scale")])


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
