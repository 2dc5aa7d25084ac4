"""Waves for the team: those that were found, one with what it changes, and what the team says of it."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts.actions import note_change
from collector.accounts.pages import local_time
from collector.db import UNAVAILABLE
from collector.ids import public_id
from collector.problems import NotFound
from collector.responses.aside.actions import AT_ONCE, move
from collector.responses.aside.press import Press
from collector.responses.page_link import path_of
from collector.waves.actions import judge
from collector.waves.queries import latest_waves, of_wave, recounted, some_of, standing, wave_numbered
from collector.waves.recount import Table, tables
from collector.waves.wave import Verdict, Wave
from collector.web.context import context
from collector.web.guards import Role, allow, member
from collector.web.shell import go, page

bp = Blueprint("waves", __name__, template_folder="templates")

#: Responses of a wave that its page shows, and waves on the list.
_SHOWN, _LISTED = 10, 100
#: The time before a wave's end whose numbers are counted with and without it, and seconds that counting may take.
_RECOUNTED, _PATIENCE = timedelta(days=7), 2.0
#: What may be said of a wave -> what is then written down.
_VERDICTS: dict[str, Verdict | None] = {"aside": "aside", "fine": "fine", "opened": None}
_SAID = {
    "aside": "Set aside.",
    "fine": "It counts, and more of it is not told.",
    "opened": "Undone: it counts, and is open again.",
    "stale": "Somebody was quicker, or more came; nothing was done. It now stands so.",
}


@bp.get("/waves")
@allow(member())
def show_all() -> Reply:
    """The newest waves."""
    with context().database.reading() as tx:
        found = latest_waves(tx, g.team, _LISTED)
    return page("waves/list.html", waves=found, exactly=local_time())


@bp.get("/waves/<int:number>")
@allow(member())
def show(number: int) -> Reply:
    """A wave: what it is, what it changes, and some of its responses."""
    with context().database.reading() as tx:
        wave = _there(wave_numbered(tx, g.team, number))
        values: dict[str, Any] = {"standing": standing(tx, wave), "some": some_of(tx, wave, _SHOWN)}
    return page(
        "waves/wave.html",
        wave=wave,
        tables=_recounted(wave),
        days=_RECOUNTED.days,
        inbox=_in_inbox(wave),
        said=_SAID.get(request.args.get("done", ""), ""),
        path_of=path_of,
        exactly=local_time(),
        **values,
    )


@bp.post("/waves/<int:number>/verdict")
@allow(member(Role.analyst))
def judge_it(number: int) -> Reply:
    """Sets a wave aside, finds it all right, or opens it again."""
    said, now = request.form.get("verdict", ""), context().now()
    was = _VERDICTS.get(request.form.get("was", ""))
    press = Press(g.team, g.member.id, public_id("p"), now)
    with context().database.writing() as tx:
        wave = _there(wave_numbered(tx, g.team, number))
        if said not in _VERDICTS or not judge(tx, g.team, number, was, _VERDICTS[said], g.member.id, now):
            return go(f"/waves/{number}?done=stale")
        note_change(tx, g.team, g.member.id, f"wave.{said}", wave.headline, now, {"site": wave.site_name})
    count = AT_ONCE if said == "aside" or was == "aside" else 0
    while count == AT_ONCE:
        with context().database.writing() as tx:
            count = move(tx, press, of_wave(wave), said == "aside")
    return go(f"/waves/{number}?done={said}")


def _there(found: Wave | None) -> Wave:
    if found is None:
        raise NotFound()
    return found


def _recounted(wave: Wave) -> list[Table] | None:
    """The site's numbers with and without the wave; `None` where counting takes too long."""
    try:
        with context().database.reading(within=_PATIENCE) as tx:
            return tables(recounted(tx, wave, _RECOUNTED))
    except UNAVAILABLE:
        return None


def _in_inbox(wave: Wave) -> str:
    """The inbox's query for what came on the site at the time of the wave."""
    kind = {"suspect": "yes"} if wave.is_suspect else {"segment": wave.kind, "suspect": "no"}
    until = wave.last + timedelta(microseconds=1)
    asked = {"site": wave.site_key, "since": wave.first.isoformat(), "until": until.isoformat(), "set_aside": "all"}
    return urlencode(sorted((asked | kind).items()))
