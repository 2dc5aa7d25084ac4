"""Plain functions that make what a test needs. A test says only what it is about."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from collector.accounts.actions import FIRST_TEAM, add_key, find_or_make_team
from collector.sites.actions import add_site
from collector.sites.site import Site
from collector.surveys.actions import add_survey

ORIGIN = "https://shop.example"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def make_site(
    tx: Session,
    *,
    name: str = "Shop",
    origins: tuple[str, ...] = (ORIGIN,),
    industry: str = "ecommerce",
    language: str = "en",
    scale: str = "nps",
    parameters: tuple[str, ...] = (),
    team: str = FIRST_TEAM,
) -> Site:
    """A site with its survey."""
    site = add_site(tx, find_or_make_team(tx, team, NOW), name, origins, industry, language, parameters, NOW)
    add_survey(tx, site, scale, NOW)
    return site


def make_key(tx: Session, *scopes: str, team: str = FIRST_TEAM, expires_at: datetime | None = None) -> str:
    """An API key's secret."""
    return add_key(tx, find_or_make_team(tx, team, NOW), "test", scopes, NOW, expires_at)


def submission_id(number: int) -> str:
    """The UUIDv7 numbered so."""
    return str(UUID(int=(0x0190_B0B0_0000 << 80) | (7 << 76) | (2 << 62) | number))


def submission(number: int = 1, **parts: Any) -> dict[str, Any]:
    """A submission that any NPS survey takes, with the parts that the test is about."""
    return {"id": submission_id(number), "score": 8, "page": f"{ORIGIN}/somewhere", **parts}
