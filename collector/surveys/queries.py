"""Reads of surveys, as plain values."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.scales import SCALES
from collector.surveys.categories import Category
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
            categories=tuple(Category(raw["key"], raw["label"], raw["hidden"]) for raw in row.categories),
            pack=row.pack,
            open=row.open,
            widget=widget_settings(row.widget),
            questions=json.dumps(row.questions, sort_keys=True) if row.questions else "",
        )
        for row in rows
    )
