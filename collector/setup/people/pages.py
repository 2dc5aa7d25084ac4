"""A site's manners towards people who have left the page."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts.actions import note_change
from collector.problems import ValidationFailed
from collector.reaching.actions import set_manners
from collector.reaching.manners import MOST_A_DAY, Manners, changed
from collector.reaching.queries import manners_of
from collector.setup.edition import check_edition
from collector.setup.people.typed import NAMES, as_typed, edition_of, typed_manners
from collector.sites.queries import site_of
from collector.sites.site import Site
from collector.web.context import context
from collector.web.guards import Role, allow, member
from collector.web.shell import go, page

bp = Blueprint("setup_people", __name__, template_folder="../templates")

_DONE = {"saved": "Saved. It holds from the next plan on, which is made anew each time."}


@bp.get("/sites/<key>/people")
@allow(member())
def show(key: str) -> Reply:
    """What is set."""
    with context().database.reading() as tx:
        site = site_of(tx, g.team, key)
        manners = manners_of(tx, site.id)
    return _people(site, manners, as_typed(manners), {})


@bp.post("/sites/<key>/people")
@allow(member(Role.editor))
def change(key: str) -> Reply:
    """Changes it."""
    here = context()
    typed = typed_manners(request.form, request.form.getlist("days"))
    with here.database.writing() as tx:
        site = site_of(tx, g.team, key, hold=True)
        before = manners_of(tx, site.id)
        after, faults = _read(typed)
        try:
            check_edition(request.form.get("edition"), edition_of(before))
        except ValidationFailed as problem:
            faults = {"": problem.detail, **faults}
        if not faults:
            set_manners(tx, site, after)
            differing = [name for name in NAMES if as_typed(after)[name] != as_typed(before)[name]]
            note_change(tx, g.team, g.member.id, "site.manners_changed", key, here.now(), {"changed": differing})
    if faults:
        return _people(site, before, typed, faults, 422)
    return go(f"/sites/{key}/people?done=saved")


def _read(typed: Mapping[str, str]) -> tuple[Manners, dict[str, str]]:
    """The manners that were typed, and what is wrong with each field. Reading begins with all hours of the day, so that none
    is measured against one that is about to change."""
    manners, faults = Manners(hour_first=0, hour_last=24), {}
    for name in NAMES:
        try:
            manners = changed(manners, name, typed[name])
        except ValidationFailed as problem:
            faults[name] = problem.faults[0].detail
    return manners, faults


def _people(
    site: Site, manners: Manners, typed: Mapping[str, str], faults: Mapping[str, str], status: int = 200
) -> Reply:
    values: dict[str, Any] = {
        "typed": typed,
        "faults": faults,
        "edition": edition_of(manners),
        "may": g.member.role >= Role.editor,
        "done": _DONE.get(request.args.get("done", "")),
        "zones": sorted(available_timezones()),
        "most": MOST_A_DAY,
        "channels": context().settings.channels,
    }
    return page("setup/people.html", status, site=site, **values)
