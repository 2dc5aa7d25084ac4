"""Reads for the pages of a survey."""

from sqlalchemy.orm import Session

from collector.problems import NotFound
from collector.sites.queries import site_of
from collector.sites.site import Site
from collector.surveys.queries import surveys_of
from collector.surveys.survey import Survey


def survey_here(tx: Session, team: int, key: str, *, hold: bool = False) -> tuple[Site, Survey]:
    """A team's site with this key, and its survey; `hold` as in `site_of`. Raises `NotFound`."""
    site = site_of(tx, team, key, hold=hold)
    survey = next(iter(surveys_of(tx, site.id)), None)
    if survey is None:
        raise NotFound()
    return site, survey
