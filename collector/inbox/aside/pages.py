"""Setting responses aside, one or those that are chosen, and taking them back."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts.actions import note_change
from collector.ids import number_in, public_id
from collector.inbox.aside.queries import responses_of
from collector.responses.aside.actions import AT_ONCE, move_numbered, undo
from collector.responses.aside.press import Press
from collector.responses.text import storable
from collector.web.context import context
from collector.web.guards import Role, allow, member
from collector.web.shell import go, own_page

bp = Blueprint("inbox_aside", __name__)


@bp.post("/inbox/aside")
@allow(member(Role.analyst))
def move_chosen() -> Reply:
    """Sets the chosen responses aside, or with `do=back` takes them back."""
    aside, press = request.form.get("do") != "back", _press()
    numbers = _numbers(request.form.getlist("responses"))
    cases = _numbers([text.partition(":")[0] for text in request.form.getlist("chosen")])
    with context().database.writing() as tx:
        count = move_numbered(tx, press, [*numbers, *responses_of(tx, g.team, cases)], aside)
        if count:
            verb = "response.set_aside" if aside else "response.taken_back"
            note_change(tx, g.team, g.member.id, verb, _counted(count), press.at, {"press": press.name})
    return _back("moved" if count else "unmoved")


@bp.post("/inbox/aside/<press>")
@allow(member(Role.analyst))
def take_back(press: str) -> Reply:
    """Undoes what this member did with one press."""
    by, count, total = _press(), AT_ONCE if storable(press) else 0, 0
    while count == AT_ONCE:
        with context().database.writing() as tx:
            count = undo(tx, press, by)
        total += count
    if total:
        with context().database.writing() as tx:
            note_change(tx, g.team, g.member.id, "response.aside_undone", _counted(total), by.at, {"press": press})
    return _back("unmade" if total else "late")


def _counted(count: int) -> str:
    """How many responses, for the log."""
    return f"{count:,} response{'' if count == 1 else 's'}"


def _press() -> Press:
    return Press(g.team, g.member.id, public_id("p"), context().now())


def _numbers(texts: list[str]) -> list[int]:
    return [number for text in texts[:AT_ONCE] if (number := number_in(text)) is not None]


def _back(said: str) -> Reply:
    """Back to the page of ours that the form names, which then says what was done."""
    parts = urlsplit(own_page(request.form.get("back", "")))
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in ("case", "done")]
    return go(f"{parts.path}?{urlencode([*query, ('done', said)])}")
