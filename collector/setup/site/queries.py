"""Reads for the list of sites."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.responses.models import ResponseRow


def counts_by_site(tx: Session, team: int, sites: Sequence[int], since: datetime) -> dict[int, dict[str, int]]:
    """How many responses of each segment these sites of a team have got since a moment, by the site's number. What is set aside
    is not counted."""
    statement = (
        select(ResponseRow.site_id, ResponseRow.segment, func.count())
        .where(
            ResponseRow.team_id == team,
            ResponseRow.site_id.in_(sites),
            ResponseRow.received_at >= since,
            ResponseRow.erased_at.is_(None),
            ResponseRow.set_aside_at.is_(None),
        )
        .group_by(ResponseRow.site_id, ResponseRow.segment)
    )
    found: dict[int, dict[str, int]] = {}
    for site, segment, count in tx.execute(statement):
        found.setdefault(site, {})[segment] = count
    return found


def has_responses(tx: Session, team: int, survey: int) -> bool:
    """Whether anybody has answered a survey, erased answers included: their scores were on its scale."""
    statement = select(ResponseRow.id).where(ResponseRow.team_id == team, ResponseRow.survey_id == survey).limit(1)
    return tx.scalar(statement) is not None
