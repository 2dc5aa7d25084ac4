"""Writes to sites."""

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector.ids import public_id
from collector.problems import Fault, ValidationFailed
from collector.questions import INDUSTRIES
from collector.sites.address import check_origins
from collector.sites.models import SiteRow
from collector.sites.queries import site_called
from collector.sites.site import Site

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
    faults = []
    if not name.strip() or len(name) > 120:
        faults.append(Fault("A site needs a name of at most 120 letters."))
    if industry not in INDUSTRIES:
        faults.append(Fault(f"{industry!r} is not an industry. Known are {', '.join(INDUSTRIES)}."))
    if not _LANGUAGE.fullmatch(language):
        faults.append(Fault(f"{language!r} is not a language tag such as en or de-AT."))
    if tx.scalar(select(SiteRow.id).where(SiteRow.team_id == team, SiteRow.name == name.strip())) is not None:
        faults.append(Fault(f"There is a site called {name!r} already."))
    checked: tuple[str, ...] = ()
    try:
        checked = check_origins(origins)
    except ValidationFailed as problem:
        faults.extend(problem.faults)
    if faults:
        raise ValidationFailed(faults=faults)
    row = SiteRow(
        team_id=team,
        key=public_id("site"),
        name=name.strip(),
        origins=list(checked),
        industry=industry,
        language=language,
        parameters=sorted(set(parameters)),
        created_at=now,
    )
    tx.add(row)
    tx.flush()
    return site_called(tx, row.key)


def set_origins(tx: Session, site: Site, origins: Iterable[str]) -> tuple[str, ...]:
    """Replaces the site's origins. Raises `ValidationFailed` when one is not an origin."""
    checked = check_origins(origins)
    tx.execute(update(SiteRow).where(SiteRow.id == site.id).values(origins=list(checked)))
    return checked


def set_parameters(tx: Session, site: Site, parameters: Iterable[str]) -> None:
    """Replaces the query parameters that are kept of a page's address."""
    tx.execute(update(SiteRow).where(SiteRow.id == site.id).values(parameters=sorted(set(parameters))))
