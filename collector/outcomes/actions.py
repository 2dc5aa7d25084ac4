"""Writes to outcomes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from collector.outcomes.models import OutcomeRow
from collector.sites.site import Site
from collector.surveys.survey import Survey

#: Pages of a site that are counted by themselves on one day; whoever makes up more is counted without them.
MOST_PAGES = 500
#: Signs of an address that is counted by itself; a longer one would not fit into an index.
LONGEST_PAGE = 1000


def count(
    tx: Session,
    site: Site,
    survey: Survey,
    page: str | None,
    names: Sequence[str],
    now: datetime,
    most: int = MOST_PAGES,
) -> None:
    """Adds one to each of `names`, in one statement. Once `most` pages of the site are counted on a day, the others are counted
    together."""
    day = now.astimezone(UTC).date().isoformat()
    place = _place(site, day, page or "", most) if page and len(page) <= LONGEST_PAGE else literal("")
    # In one order, so that two that count the same never wait for each other crosswise.
    rows: list[dict[str, Any]] = [
        {
            "team_id": site.team,
            "site_id": site.id,
            "survey_id": survey.id,
            "day": day,
            "page": place,
            "name": name,
            "count": 1,
        }
        for name in sorted(set(names))
    ]
    insert = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(OutcomeRow).values(rows)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["site_id", "day", "page", "survey_id", "name"], set_={"count": OutcomeRow.count + 1}
        )
    )


def _place(site: Site, day: str, page: str, most: int) -> ColumnElement[str]:
    """The page itself while there is room for it, else none: a page that is counted already costs one look."""
    of_day = and_(OutcomeRow.site_id == site.id, OutcomeRow.day == day)
    is_known = select(OutcomeRow.id).where(of_day, OutcomeRow.page == page).exists()
    pages = select(func.count(OutcomeRow.page.distinct())).where(of_day, OutcomeRow.page != "").scalar_subquery()
    return case((is_known, page), (pages < most, page), else_="")
