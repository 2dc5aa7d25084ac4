"""Reads of sites, as plain values."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from collector.problems import SiteNotFound, ValidationFailed
from collector.sites.models import SiteRow
from collector.sites.site import Site


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
    )


def site_by_key(tx: Session, key: str) -> Site | None:
    """The site with this public key."""
    row = tx.scalars(select(SiteRow).where(SiteRow.key == key)).first()
    return _value(row) if row else None


def site_numbered(tx: Session, number: int) -> Site | None:
    """The site with this row number, as tokens name it."""
    row = tx.get(SiteRow, number)
    return _value(row) if row else None


def site_called(tx: Session, key_or_name: str) -> Site:
    """The site that a person means by its key or its name. Raises `SiteNotFound`, or `ValidationFailed` when two teams
    have one of this name."""
    rows = tx.scalars(select(SiteRow).where(or_(SiteRow.key == key_or_name, SiteRow.name == key_or_name))).all()
    if len(rows) > 1:
        raise ValidationFailed(f"Several sites are called {key_or_name!r}; use the key.")
    if not rows:
        raise SiteNotFound(f"There is no site {key_or_name!r}. 'lukewarm site list' prints them.")
    return _value(rows[0])


def sites(tx: Session) -> list[Site]:
    """Every site of the installation, by name."""
    return [_value(row) for row in tx.scalars(select(SiteRow).order_by(SiteRow.name, SiteRow.id))]
