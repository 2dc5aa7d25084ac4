"""Reads of surveys, as plain values."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from collector.scales import SCALES
from collector.sites.models import SiteRow
from collector.surveys.categories import Categories, Category
from collector.surveys.models import SurveyRow
from collector.surveys.survey import Survey, TeamSurvey
from collector.surveys.widget import widget_settings

_OF_SITE = select(SurveyRow).where(SurveyRow.site_id == bindparam("site")).order_by(SurveyRow.id)
_OF_TEAM = (
    select(SurveyRow.id, SurveyRow.key, SiteRow.name, SurveyRow.scale, SurveyRow.categories)
    .join(SiteRow, SiteRow.id == SurveyRow.site_id)
    .where(SurveyRow.team_id == bindparam("team"), SiteRow.deleted_at.is_(None))
    .order_by(SiteRow.name, SurveyRow.id)
)


def surveys_of(tx: Session, site: int) -> tuple[Survey, ...]:
    """The site's surveys, the one made with it first; that one is asked when nothing else is said."""
    rows = tx.scalars(_OF_SITE, {"site": site})
    return tuple(
        Survey(
            id=row.id,
            site=row.site_id,
            key=row.key,
            scale=SCALES[row.scale],
            prompt=row.prompt,
            categories=_categories(row.categories),
            pack=row.pack,
            open=row.open,
            widget=widget_settings(row.widget),
            questions=json.dumps(row.questions, sort_keys=True) if row.questions else "",
        )
        for row in rows
    )


def surveys_of_team(tx: Session, team: int) -> list[TeamSurvey]:
    """The team's surveys, by the names of their sites."""
    return [
        TeamSurvey(number, key, site, scale, {one.key: one.label_in("en") for one in _categories(stored)})
        for number, key, site, scale, stored in tx.execute(_OF_TEAM, {"team": team})
    ]


def category_labels(tx: Session, team: int) -> dict[tuple[int, str], str]:
    """`labels_of` the team's surveys."""
    return labels_of(surveys_of_team(tx, team))


def labels_of(surveys: Iterable[TeamSurvey]) -> dict[tuple[int, str], str]:
    """What the categories of surveys are called: by the survey's number and the category's key, in the order of the surveys'
    numbers and of their lists."""
    in_order = sorted(surveys, key=lambda survey: survey.id)
    return {(survey.id, key): label for survey in in_order for key, label in survey.labels.items()}


def _categories(stored: Iterable[Mapping[str, Any]]) -> Categories:
    return tuple(Category(raw["key"], raw["label"], raw["hidden"]) for raw in stored)
