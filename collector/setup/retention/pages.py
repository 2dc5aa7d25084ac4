"""How long a site keeps its responses."""

from datetime import timedelta

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts.actions import note_change
from collector.problems import ValidationFailed
from collector.setup.retention.queries import count_before
from collector.sites.actions import LONGEST_KEPT, set_keep_days
from collector.sites.queries import site_of
from collector.sites.site import AtAge
from collector.web.context import context
from collector.web.guards import Role, allow, member
from collector.web.shell import go, page

bp = Blueprint("setup_retention", __name__, template_folder="../templates")

_DONE = {"saved": "Saved. What is older follows within the next hours."}


@bp.get("/sites/<key>/retention")
@allow(member(Role.owner))
def show(key: str) -> Reply:
    """What is set."""
    with context().database.reading() as tx:
        site = site_of(tx, g.team, key)
    done = _DONE.get(request.args.get("done", ""))
    typed = "" if site.keep_days is None else str(site.keep_days)
    return page(
        "setup/retention.html",
        site=site,
        typed=typed,
        at_age=site.at_age,
        faults={},
        older=0,
        most=LONGEST_KEPT,
        done=done,
    )


@bp.post("/sites/<key>/retention")
@allow(member(Role.owner))
def change(key: str) -> Reply:
    """Changes it; where something would be taken of responses that are there, only once this was said and confirmed."""
    here, now = context(), context().now()
    typed = request.form.get("days", "").strip()
    # What is no number is refused by the action, with the bounds; isdecimal alone takes digits of other scripts.
    days = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else -1 if typed else None
    at_age: AtAge = "anonymise" if request.form.get("at_age") == "anonymise" else "erase"
    faults, older = {}, 0
    with here.database.writing() as tx:
        site = site_of(tx, g.team, key, hold=True)
        if days is not None and 1 <= days <= LONGEST_KEPT:
            older = count_before(tx, site.id, now - timedelta(days=days), at_age)
        try:
            if not older or request.form.get("sure") == f"{at_age} {typed}":
                set_keep_days(tx, site, days, at_age)
                detail = {"from": site.keep_days, "to": days, "then": at_age}
                note_change(tx, g.team, g.member.id, "site.retention_changed", key, now, detail)
                older = 0
        except ValidationFailed as problem:
            faults = {"days": problem.faults[0].detail}
    if faults or older:
        values = {"faults": faults, "older": older, "most": LONGEST_KEPT}
        return page("setup/retention.html", 422, site=site, typed=typed, at_age=at_age, **values)
    return go(f"/sites/{key}/retention?done=saved")
