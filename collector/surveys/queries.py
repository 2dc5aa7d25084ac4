"""Reads of surveys, as plain values."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.scales import SCALES
from collector.sites.models import SiteRow
from collector.surveys.categories import Categories, Category
from collector.surveys.models import SurveyRow
from collector.surveys.survey import Survey
from collector.surveys.widget import widget_settings


def surveys_of(tx: Session, site: int) -> tuple[Survey, ...]:
    """The site's surveys, the one made with it first; that one is asked when nothing else is said."""
    rows = tx.scalars(select(SurveyRow).where(SurveyRow.site_id == site).order_by(SurveyRow.id))
    return tuple(
        Survey(
            id=row.id,
            site=row.site_id,
            key=row.key,
            scale=SCALES[row.scale],
            prompt=row.prompt,
            categories=_categories(row),
            pack=row.pack,
            open=row.open,
            widget=widget_settings(row.widget),
            questions=json.dumps(row.questions, sort_keys=True) if row.questions else "",
        )
        for row in rows
    )


def category_labels(tx: Session, team: int) -> dict[tuple[int, str], str]:
    """What the categories of a team's surveys are called for the team, in English: by the survey's number and the category's
    key, in the order of the surveys and of their lists."""
    rows = tx.scalars(
        select(SurveyRow)
        .join(SiteRow, SiteRow.id == SurveyRow.site_id)
        .where(SurveyRow.team_id == team, SiteRow.deleted_at.is_(None))
        .order_by(SurveyRow.id)
    )
    return {(row.id, one.key): one.label_in("en") for row in rows for one in _categories(row)}


def _categories(row: SurveyRow) -> Categories:
    return tuple(Category(raw["key"], raw["label"], raw["hidden"]) for raw in row.categories)
