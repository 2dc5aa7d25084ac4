"""Reads of sites, as plain values. One that was deleted is not there."""

from typing import cast

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from collector.problems import NotFound, SiteNotFound, ValidationFailed
from collector.sites.models import SiteRow
from collector.sites.site import AtAge, Site

_THERE = select(SiteRow).where(SiteRow.deleted_at.is_(None))
_OF_TEAM = _THERE.where(SiteRow.team_id == bindparam("team")).order_by(SiteRow.name, SiteRow.id)


def _value(row: SiteRow) -> Site:
    return Site(
        id=row.id,
        team=row.team_id,
        key=row.key,
        name=row.name,
        origins=tuple(row.origins),
        industry=row.industry,
        language=row.language,
        parameters=frozenset(row.parameters),
        seen_at=row.seen_at,
        keep_days=row.keep_days,
        at_age=cast(AtAge, row.at_age),
        ended_before=row.ended_before,
    )


def site_by_key(tx: Session, key: str) -> Site | None:
    """The site with this public key."""
    row = tx.scalars(_THERE.where(SiteRow.key == key)).first()
    return _value(row) if row else None


def site_numbered(tx: Session, number: int) -> Site | None:
    """The site with this row number, as tokens name it."""
    row = tx.scalars(_THERE.where(SiteRow.id == number)).first()
    return _value(row) if row else None


def site_called(tx: Session, key_or_name: str) -> Site:
    """The site that a person means by its key or its name. Raises `SiteNotFound`, or `ValidationFailed` when two teams
    have one of this name."""
    rows = tx.scalars(_THERE.where(or_(SiteRow.key == key_or_name, SiteRow.name == key_or_name))).all()
    if len(rows) > 1:
        raise ValidationFailed(f"Several sites are called {key_or_name!r}; use the key.")
    if not rows:
        raise SiteNotFound(f"There is no site {key_or_name!r}. 'lukewarm site list' prints them.")
    return _value(rows[0])


def site_of(tx: Session, team: int, key: str, *, hold: bool = False) -> Site:
    """A team's site. `hold` keeps others from changing it, or anything of it that is set by people, until the transaction
    ends. Raises `NotFound`, for another team's site too."""
    statement = _THERE.where(SiteRow.team_id == team, SiteRow.key == key)
    # Without the key, which responses that come in meanwhile refer to: visitors do not wait.
    row = tx.scalars(statement.with_for_update(key_share=True) if hold else statement).first()
    if row is None:
        raise NotFound()
    return _value(row)


def sites(tx: Session) -> list[Site]:
    """Every site of the installation, by name."""
    return [_value(row) for row in tx.scalars(_THERE.order_by(SiteRow.name, SiteRow.id))]


def sites_of(tx: Session, team: int) -> list[Site]:
    """A team's sites, by name."""
    return [_value(row) for row in tx.scalars(_OF_TEAM, {"team": team})]


def deleted_sites(tx: Session) -> list[int]:
    """The numbers of sites that were deleted and of which something is left."""
    return list(tx.scalars(select(SiteRow.id).where(SiteRow.deleted_at.is_not(None)).order_by(SiteRow.id)))
