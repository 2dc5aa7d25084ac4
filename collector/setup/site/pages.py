"""The list of sites, a new site, and what is set of one."""

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts.actions import note_change
from collector.contacts.actions import change_identity_secret
from collector.contacts.queries import identity_secret
from collector.problems import Problem, ValidationFailed
from collector.questions import INDUSTRIES
from collector.scales import SCALES
from collector.setup.edition import check_edition, edition
from collector.setup.site.queries import counts_by_site
from collector.sites.actions import add_site, change_site, delete_site
from collector.sites.queries import site_of, sites_of
from collector.sites.site import Site
from collector.surveys.actions import add_survey
from collector.surveys.queries import surveys_of
from collector.surveys.wording import LANGUAGES, wording
from collector.web.context import context
from collector.web.guards import Role, allow, member
from collector.web.shell import go, page

bp = Blueprint("setup_site", __name__, template_folder="../templates")

_DAYS = 7
_DONE = {
    "saved": "Saved. Your pages follow within two minutes.",
    "deleted": "The site is deleted. What belonged to it is erased within the next minutes.",
    "renewed": "The site has a new secret. What was signed with the old one is no longer believed.",
}
#: Each scale as people choose it.
SCALE_NAMES = {
    "nps": "Recommend, 0 to 10 (NPS)",
    "csat": "Satisfied, 1 to 5 (CSAT)",
    "ces": "Easy, 1 to 7 (CES)",
    "thumbs": "Thumbs, up or down",
}


def faults_by_field(problem: Problem) -> dict[str, str]:
    """What is wrong, by the last step of each fault's pointer; what stands nowhere under the empty name."""
    found: dict[str, str] = {} if problem.faults else {"": problem.detail}
    for fault in problem.faults:
        found.setdefault((fault.pointer or "").rpartition("/")[2], fault.detail)
    return found


@bp.get("/sites")
@allow(member())
def listed() -> Reply:
    """The team's sites with what came in."""
    here = context()
    with here.database.reading() as tx:
        found = sites_of(tx, g.team)
        since = here.now() - timedelta(days=_DAYS)
        counts = counts_by_site(tx, g.team, [site.id for site in found], since)
        surveys = {site.id: surveys_of(tx, site.id) for site in found}
    done = _DONE.get(request.args.get("done", ""))
    return page("setup/sites.html", sites=found, counts=counts, surveys=surveys, days=_DAYS, done=done)


@bp.get("/sites/new")
@allow(member(Role.editor))
def new() -> Reply:
    """The form for a new site."""
    with context().database.reading() as tx:
        is_first = not sites_of(tx, g.team)
    return _new({"industry": "neutral", "language": "en", "scale": "nps"}, {}, is_first)


@bp.post("/sites")
@allow(member(Role.editor))
def add() -> Reply:
    """Registers a site with its survey."""
    here, now = context(), context().now()
    typed = {name: request.form.get(name, "") for name in ("name", "origins", "industry", "language", "scale")}
    is_first = False
    try:
        with here.database.writing() as tx:
            is_first = not sites_of(tx, g.team)
            origins = typed["origins"].split()
            site = add_site(tx, g.team, typed["name"], origins, typed["industry"], typed["language"], [], now)
            add_survey(tx, site, typed["scale"], now)
            note_change(tx, g.team, g.member.id, "site.added", site.key, now, {"name": site.name})
    except ValidationFailed as problem:
        return _new(typed, faults_by_field(problem), is_first, 422)
    return go(f"/sites/{site.key}/install")


@bp.get("/sites/<key>")
@allow(member())
def show(key: str) -> Reply:
    """What is set of a site."""
    with context().database.reading() as tx:
        site = site_of(tx, g.team, key)
    return _form(site, _typed(site), {}, done=_DONE.get(request.args.get("done", "")))


@bp.post("/sites/<key>")
@allow(member(Role.editor))
def change(key: str) -> Reply:
    """Changes what is set of a site, unless somebody else has meanwhile."""
    here, now = context(), context().now()
    typed = {name: request.form.get(name, "") for name in ("name", "origins", "industry", "language", "parameters")}
    with here.database.reading() as tx:
        before = site_of(tx, g.team, key)
    try:
        with here.database.writing() as tx:
            before = site_of(tx, g.team, key, hold=True)
            check_edition(request.form.get("edition"), edition(before))
            origins, parameters = typed["origins"].split(), typed["parameters"].replace(",", " ").split()
            after = change_site(tx, before, typed["name"], origins, typed["industry"], typed["language"], parameters)
            changed = [name for name, value in _typed(after).items() if value != _typed(before)[name]]
            if changed:
                note_change(tx, g.team, g.member.id, "site.changed", key, now, {"changed": changed})
    except ValidationFailed as problem:
        return _form(before, typed, faults_by_field(problem), 422)
    return go(f"/sites/{key}?done=saved")


@bp.route("/sites/<key>/secret", methods=["GET", "POST"])
@allow(member(Role.owner))
def secret(key: str) -> Reply:
    """The secret that the site's server signs visitors with; a press makes a new one."""
    here = context()
    if request.method == "POST":
        with here.database.writing() as tx:
            site = site_of(tx, g.team, key, hold=True)
            change_identity_secret(tx, site, here.now())
            note_change(tx, g.team, g.member.id, "site.secret_renewed", key, here.now())
        return go(f"/sites/{key}/secret?done=renewed")
    with here.database.reading() as tx:
        site = site_of(tx, g.team, key)
        shown = identity_secret(tx, site.id, here.token_key)
    return page("setup/secret.html", site=site, secret=shown, done=_DONE.get(request.args.get("done", "")))


@bp.route("/sites/<key>/delete", methods=["GET", "POST"])
@allow(member(Role.owner))
def delete(key: str) -> Reply:
    """Deletes a site with all that belongs to it, once its name was typed."""
    here = context()
    with here.database.reading() as tx:
        site = site_of(tx, g.team, key)
    if request.method == "GET":
        return page("setup/delete.html", site=site, faults={})
    if request.form.get("name", "").strip() != site.name:
        return page("setup/delete.html", 422, site=site, faults={"name": "This is not the site's name."})
    with here.database.writing() as tx:
        delete_site(tx, site_of(tx, g.team, key, hold=True), here.now())
        note_change(tx, g.team, g.member.id, "site.deleted", key, here.now(), {"name": site.name})
    return go("/sites?done=deleted")


def _new(typed: Mapping[str, str], faults: Mapping[str, str], is_first: bool, status: int = 200) -> Reply:
    scales = [(name, SCALE_NAMES[name]) for name in SCALES]
    return page("setup/new.html", status, typed=typed, faults=faults, is_first=is_first, scales=scales, **_choices())


def _form(
    site: Site, typed: Mapping[str, str], faults: Mapping[str, str], status: int = 200, done: str | None = None
) -> Reply:
    may = g.member.role >= Role.editor
    values = {"site": site, "typed": typed, "faults": faults, "may": may, "edition": edition(site), "done": done}
    return page("setup/basics.html", status, **values, **_choices())


def _choices() -> dict[str, object]:
    return {
        "industries": sorted(INDUSTRIES.items(), key=lambda one: (one[0] != "neutral", one[1])),
        "languages": [(tag, wording(tag).name) for tag in LANGUAGES],
    }


def _typed(site: Site) -> dict[str, str]:
    return {
        "name": site.name,
        "origins": "\n".join(site.origins),
        "industry": site.industry,
        "language": site.language,
        "parameters": ", ".join(sorted(site.parameters)),
    }
