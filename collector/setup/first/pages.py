"""The set-up page, for as long as nobody can sign in."""

from collections.abc import Mapping

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts.address import normal_email, normal_name
from collector.accounts.pages import enter, hashing
from collector.accounts.passwords import fault_of, keep
from collector.accounts.queries import has_members
from collector.accounts.you.zones import zone_or_utc
from collector.problems import ValidationFailed
from collector.setup.first.actions import add_first_owner
from collector.setup.first.code import is_setup_code
from collector.sites.queries import sites
from collector.web.context import context
from collector.web.guards import VISITOR_OF_OURS, allow
from collector.web.shell import go, page

bp = Blueprint("setup_first", __name__, template_folder="../templates")


@bp.get("/setup")
@allow(VISITOR_OF_OURS)
def begin() -> Reply:
    """The form for whoever brings the code; for others, where the code is found."""
    if _is_done():
        return go("/sites" if "member" in g else "/login")
    code = request.args.get("code", "")
    if not is_setup_code(context().token_key, code):
        return page("setup/closed.html", wrong=bool(code))
    return page("setup/first.html", code=code, typed={}, faults={})


@bp.post("/setup")
@allow(VISITOR_OF_OURS)
def set_up() -> Reply:
    """Makes the first owner, signs them in and goes on to the first site. The code is worth nothing from then on."""
    if _is_done():
        return go("/login")
    here = context()
    typed = {name: request.form.get(name, "") for name in ("code", "name", "email", "password")}
    if not is_setup_code(here.token_key, typed["code"]):
        return page("setup/closed.html", 422, wrong=True)
    name, email, faults = _read(typed)
    if faults:
        return page("setup/first.html", 422, code=typed["code"], typed=typed, faults=faults)
    with hashing().turn():
        kept = keep(typed["password"])
    zone = zone_or_utc(request.form.get("zone", ""))
    with here.database.writing() as tx:
        token = add_first_owner(tx, name, email, kept, zone, request.user_agent.string, here.now())
        known = sites(tx)
    if token is None:
        return go("/login")
    return enter(go(f"/sites/{known[0].key}/install" if known else "/sites/new"), token)


def _is_done() -> bool:
    with context().database.reading() as tx:
        return has_members(tx)


def _read(typed: Mapping[str, str]) -> tuple[str, str, dict[str, str]]:
    """Name and address in their normal forms, and what is wrong by the field's name."""
    read, faults = {"name": "", "email": ""}, {}
    for name, normal in (("name", normal_name), ("email", normal_email)):
        try:
            read[name] = normal(typed[name])
        except ValidationFailed as problem:
            faults[name] = problem.faults[0].detail
    wrong = fault_of(typed["password"])
    if wrong is not None:
        faults["password"] = wrong
    return read["name"], read["email"], faults
