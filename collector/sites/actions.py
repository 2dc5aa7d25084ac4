"""Writes to sites."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector.ids import public_id
from collector.problems import Fault, ValidationFailed
from collector.questions import INDUSTRIES
from collector.sites.address import check_origins
from collector.sites.models import SiteRow
from collector.sites.queries import site_called
from collector.sites.site import AtAge, Site

#: Days for which responses can be kept and still end by age: ten years.
LONGEST_KEPT = 3650

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def add_site(
    tx: Session,
    team: int,
    name: str,
    origins: Iterable[str],
    industry: str,
    language: str,
    parameters: Iterable[str],
    now: datetime,
) -> Site:
    """A new site with a fresh public key. Raises `ValidationFailed` with every fault of the settings at once."""
    checked = _checked(tx, team, name, origins, industry, language, parameters)
    row = SiteRow(team_id=team, key=public_id("site"), created_at=now, **checked)
    tx.add(row)
    tx.flush()
    return site_called(tx, row.key)


def change_site(
    tx: Session,
    site: Site,
    name: str,
    origins: Iterable[str],
    industry: str,
    language: str,
    parameters: Iterable[str],
) -> Site:
    """Replaces what is set of a site. Raises `ValidationFailed` with every fault at once."""
    checked = _checked(tx, site.team, name, origins, industry, language, parameters, but=site.id)
    tx.execute(update(SiteRow).where(SiteRow.id == site.id).values(**checked))
    return site_called(tx, site.key)


def set_origins(tx: Session, site: Site, origins: Iterable[str]) -> tuple[str, ...]:
    """Replaces the site's origins. Raises `ValidationFailed` when one is not an origin."""
    checked = check_origins(origins)
    tx.execute(update(SiteRow).where(SiteRow.id == site.id).values(origins=list(checked)))
    return checked


def set_parameters(tx: Session, site: Site, parameters: Iterable[str]) -> None:
    """Replaces the query parameters that are kept of a page's address."""
    tx.execute(update(SiteRow).where(SiteRow.id == site.id).values(parameters=sorted(set(parameters))))


def set_keep_days(tx: Session, site: Site, days: int | None, at_age: AtAge = "erase") -> None:
    """Says what becomes of the site's responses after so many days; `None` keeps them. Raises `ValidationFailed` out of
    bounds."""
    if days is not None and not 1 <= days <= LONGEST_KEPT:
        raise ValidationFailed(
            faults=[Fault(f"Write a whole number from 1 to {LONGEST_KEPT}, or nothing.", pointer="/days")]
        )
    tx.execute(update(SiteRow).where(SiteRow.id == site.id).values(keep_days=days, at_age=at_age, ended_before=None))


def note_ended(tx: Session, site: Site, moment: datetime) -> None:
    """Writes down that all responses before a moment have become what the site wants at their age, so that nobody looks
    through them again."""
    tx.execute(update(SiteRow).where(SiteRow.id == site.id).values(ended_before=moment))


def note_seen(tx: Session, site: int, now: datetime) -> bool:
    """Writes down that a page of the site has asked for the form. `False` when that was written down before."""
    statement = update(SiteRow).where(SiteRow.id == site, SiteRow.seen_at.is_(None)).values(seen_at=now)
    return tx.execute(statement.returning(SiteRow.id)).first() is not None


def delete_site(tx: Session, site: Site, now: datetime) -> None:
    """Takes a site away: its pages may submit no more, its links lead nowhere, its name is free. What belongs to it is
    erased by the worker."""
    tx.execute(update(SiteRow).where(SiteRow.id == site.id).values(deleted_at=now, name=site.key, origins=[]))


def _checked(
    tx: Session,
    team: int,
    name: str,
    origins: Iterable[str],
    industry: str,
    language: str,
    parameters: Iterable[str],
    but: int | None = None,
) -> dict[str, Any]:
    """The columns of a site with these settings. `but` is the number of the site that may have this name."""
    faults = []
    if not name.strip() or len(name) > 120:
        faults.append(Fault("A site needs a name of at most 120 letters.", pointer="/name"))
    if industry not in INDUSTRIES:
        known = ", ".join(INDUSTRIES)
        faults.append(Fault(f"{industry!r} is not an industry. Known are {known}.", pointer="/industry"))
    if not _LANGUAGE.fullmatch(language) or len(language) > 35:
        faults.append(Fault(f"{language!r} is not a language tag such as en or de-AT.", pointer="/language"))
    twin = tx.scalar(select(SiteRow.id).where(SiteRow.team_id == team, SiteRow.name == name.strip()))
    if twin is not None and twin != but:
        faults.append(Fault(f"There is a site called {name!r} already.", pointer="/name"))
    checked: tuple[str, ...] = ()
    try:
        checked = check_origins(origins)
    except ValidationFailed as problem:
        faults.extend(Fault(fault.detail, pointer="/origins") for fault in problem.faults)
    if faults:
        raise ValidationFailed(faults=faults)
    return {
        "name": name.strip(),
        "origins": list(checked),
        "industry": industry,
        "language": language,
        "parameters": sorted(set(parameters)),
    }
