"""Plain functions that make what a test needs. A test says only what it is about."""

from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector.accounts.actions import FIRST_TEAM, add_key, add_person, find_or_make_team, join, sign_in
from collector.accounts.passwords import keep
from collector.sites.actions import add_site
from collector.sites.site import Site
from collector.surveys.actions import add_survey
from collector.web.guards import Role

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


PASSWORD = "correct horse battery staple"


def make_member(tx: Session, role: Role = Role.owner, *, team: str = FIRST_TEAM, email: str | None = None) -> int:
    """The number of a new member whose password is `PASSWORD`."""
    address = email or f"{role.name}@{team.lower()}.example"
    name = address.partition("@")[0].title()
    member = add_person(tx, address, name, _kept(), NOW)
    join(tx, member, find_or_make_team(tx, team, NOW), role, NOW)
    return member


@cache
def _kept() -> str:
    return keep(PASSWORD)


def let_in(client: FlaskClient, tx: Session, member: int, *, team: str = FIRST_TEAM) -> None:
    """Signs a member in without the form, and lets the client say what a browser says on our own pages."""
    client.set_cookie("lukewarm", sign_in(tx, member, find_or_make_team(tx, team, NOW), "test", NOW))
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"


def submission_id(number: int) -> str:
    """The UUIDv7 numbered so."""
    return str(UUID(int=(0x0190_B0B0_0000 << 80) | (7 << 76) | (2 << 62) | number))


def submission(number: int = 1, **parts: Any) -> dict[str, Any]:
    """A submission that any NPS survey takes, with the parts that the test is about."""
    return {"id": submission_id(number), "score": 8, "page": f"{ORIGIN}/somewhere", **parts}
