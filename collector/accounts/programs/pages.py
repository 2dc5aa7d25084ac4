"""Keys with which a team's programs read."""

from datetime import timedelta

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts.actions import add_key, note_change, revoke_key
from collector.accounts.address import normal_name
from collector.accounts.pages import local_time
from collector.accounts.queries import keys_of
from collector.accounts.scopes import SCOPES
from collector.problems import NotFound, ValidationFailed
from collector.web.context import context
from collector.web.guards import Role, allow, member
from collector.web.shell import go, page

bp = Blueprint("accounts_programs", __name__, template_folder="../templates")

#: For how many days a key may be made; nothing is for good, and for good must be chosen.
LASTS = {"30": "30 days", "90": "90 days", "365": "a year", "": "no end"}
_DONE = {"revoked": "The key is revoked. Programs that use it are refused from now on."}


@bp.get("/team/keys")
@allow(member(Role.owner))
def keys() -> Reply:
    """All keys of the team, and the form for a new one."""
    return _keys()


@bp.post("/team/keys")
@allow(member(Role.owner))
def make_key() -> Reply:
    """Makes a key and shows its secret, this once."""
    here = context()
    typed, scopes, days = request.form.get("name", ""), request.form.getlist("scope"), request.form.get("days")
    now = here.now()
    faults = {}
    try:
        name = normal_name(typed)
    except ValidationFailed as problem:
        faults["name_fault"] = problem.faults[0].detail
    if not scopes or not set(scopes) <= SCOPES.keys():
        faults["scope_fault"] = "Choose at least one."
    if days not in LASTS:
        faults["days_fault"] = "Choose one of these."
    if faults:
        return _keys(422, name=typed, chosen=scopes, days=days, **faults)
    expires_at = now + timedelta(days=int(days)) if days else None
    with here.database.writing() as tx:
        secret = add_key(tx, g.team, name, scopes, now, expires_at, g.member.id)
        detail = {"scopes": sorted(scopes), "expires": f"{expires_at:%Y-%m-%d}" if expires_at else None}
        note_change(tx, g.team, g.member.id, "key.made", f"{name} ({secret[:8]}…)", now, detail)
    return page("accounts/key_made.html", secret=secret, name=name)


@bp.post("/team/keys/<int:key_id>/revoke")
@allow(member(Role.owner))
def end_key(key_id: int) -> Reply:
    """Ends a key at once."""
    here = context()
    with here.database.writing() as tx:
        now = here.now()
        found = next((key for key in keys_of(tx, g.team) if key.id == key_id), None)
        if found is None or not revoke_key(tx, key_id, now, team=g.team):
            raise NotFound()
        note_change(tx, g.team, g.member.id, "key.revoked", f"{found.name} ({found.hint}…)", now)
    return go("/team/keys?done=revoked")


def _keys(status: int = 200, **values: object) -> Reply:
    here = context()
    with here.database.reading() as tx:
        listed = keys_of(tx, g.team)
    now = here.now()
    ended = {key.id for key in listed if key.revoked_at or (key.expires_at is not None and key.expires_at <= now)}
    return page(
        "accounts/keys.html",
        status,
        keys=sorted(listed, key=lambda key: key.id in ended),
        ended=ended,
        scopes=SCOPES,
        lasts=LASTS,
        local=local_time(),
        done=_DONE.get(request.args.get("done", "")),
        **values,
    )
