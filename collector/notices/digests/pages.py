"""Pages for a member's own digest: one to choose, and one that the letter leads to, to stop it."""

from uuid import UUID

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.notices.digests.actions import choose, stop
from collector.notices.digests.period import EVERY
from collector.notices.digests.queries import chosen
from collector.problems import NotFound
from collector.signing import signed_place
from collector.web.context import context
from collector.web.guards import HOLDER, allow, member
from collector.web.shell import go, page

bp = Blueprint("digests", __name__, template_folder="../templates")

_HOURS = tuple(str(hour) for hour in range(24))


@bp.get("/you/notices")
@allow(member())
def mine() -> Reply:
    """How often the member hears of the team."""
    with context().database.reading() as tx:
        every, hour = chosen(tx, g.member.id, g.team)
    return _page(every, str(hour))


@bp.post("/you/notices")
@allow(member())
def choose_mine() -> Reply:
    """Keeps what the member chose."""
    here = context()
    every, hour = request.form.get("every", ""), request.form.get("hour", "")
    if every not in EVERY or hour not in _HOURS:
        return _page(every, hour, 422)
    with here.database.writing() as tx:
        choose(tx, g.member.id, g.team, every, int(hour), g.member.zone, here.now())
    return go("/you/notices?done=saved")


@bp.get("/digest/<token>")
@allow(HOLDER)
def ask_stop(token: str) -> Reply:
    """Asks whether digests shall stop."""
    _place(token)
    return page("notices/stop.html", stopped=False)


@bp.post("/digest/<token>")
@allow(HOLDER)
def stop_it(token: str) -> Reply:
    """Stops digests at once, by the page's button or by a mail program's (RFC 8058), as often as it is pressed."""
    team, named = _place(token)
    with context().database.writing() as tx:
        stop(tx, named.int, team)
    return page("notices/stop.html", stopped=True)


def _place(token: str) -> tuple[int, UUID]:
    # The token's place holds the team where others have the site, and the member's number in place of a submission's id.
    place = signed_place(context().token_key, "digest", token)
    if place is None:
        raise NotFound()
    return place


def _page(every: str, hour: str, status: int = 200) -> Reply:
    return page(
        "notices/mine.html",
        status,
        every=every,
        hour=hour,
        choices=EVERY,
        hours=_HOURS,
        has_mail="email" in context().settings.channels,
        done=request.args.get("done") == "saved",
    )
