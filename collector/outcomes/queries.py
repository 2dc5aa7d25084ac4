"""Reads of outcomes."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.outcomes.models import OutcomeRow
from collector.sites.models import SiteRow
from collector.surveys.models import SurveyRow


@dataclass(frozen=True, slots=True)
class Outcome:
    """One count. `page` is `None` where pages are not counted by themselves."""

    number: int
    day: str
    site: str
    survey: str
    page: str | None
    outcome: str
    count: int


@dataclass(frozen=True, slots=True)
class Span:
    """Which counts are meant: of one site by its key, from one day to another, both included."""

    site: str | None = None
    since: str | None = None
    until: str | None = None


def outcomes(tx: Session, team: int, wanted: Span, after: int, limit: int) -> list[Outcome]:
    """Up to `limit` counts of a team's sites in the order in which they were begun, after the row `after`."""
    statement = (
        select(
            OutcomeRow.id,
            OutcomeRow.day,
            SiteRow.key,
            SurveyRow.key,
            OutcomeRow.page,
            OutcomeRow.name,
            OutcomeRow.count,
        )
        .join(SiteRow, SiteRow.id == OutcomeRow.site_id)
        .join(SurveyRow, SurveyRow.id == OutcomeRow.survey_id)
        .where(OutcomeRow.team_id == team, OutcomeRow.id > after)
        .order_by(OutcomeRow.id)
        .limit(limit)
    )
    if wanted.site is not None:
        statement = statement.where(SiteRow.key == wanted.site)
    if wanted.since is not None:
        statement = statement.where(OutcomeRow.day >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(OutcomeRow.day <= wanted.until)
    return [
        Outcome(number, day, site, survey, page or None, name, count)
        for number, day, site, survey, page, name, count in tx.execute(statement)
    ]


def by_page(tx: Session, site: int, since: str) -> dict[str | None, Mapping[str, int]]:
    """The counts of a site since a day, by page and outcome."""
    statement = (
        select(OutcomeRow.page, OutcomeRow.name, func.sum(OutcomeRow.count))
        .where(OutcomeRow.site_id == site, OutcomeRow.day >= since)
        .group_by(OutcomeRow.page, OutcomeRow.name)
    )
    found: dict[str | None, dict[str, int]] = {}
    for page, name, count in tx.execute(statement):
        found.setdefault(page or None, {})[name] = int(count)
    return dict(found)
