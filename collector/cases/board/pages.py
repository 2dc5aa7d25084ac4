"""The list of cases: what is to do, by when, and many at once."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts.actions import note_change
from collector.accounts.queries import colleagues
from collector.cases.actions import Outcome, change, put_tag, set_rules
from collector.cases.board.queries import MOST_COUNTED, counts, last_press, lines, overdue
from collector.cases.case import Line
from collector.cases.due import Group
from collector.cases.filters import VIEWS, View
from collector.cases.pages import UNDOABLE, able, back_with, tag_name
from collector.cases.queries import rules_of, scales_of, tags
from collector.cases.rules import changed, stored_from
from collector.cases.state import Standing, given, moved
from collector.ids import number_in, public_id
from collector.problems import ValidationFailed
from collector.scales import SCALES
from collector.surveys.queries import category_labels
from collector.web.context import context
from collector.web.guards import Role, allow, member
from collector.web.paging import cursor_after, row_of
from collector.web.shell import go, page

bp = Blueprint("cases_board", __name__, template_folder="../templates")

PAGE = 50
#: Above this the navigation counts no further.
_MOST_SHOWN = 99
_GROUPS: dict[Group, str] = {"over": "Overdue", "today": "Today", "week": "Within a week", "later": "Later"}


def overdue_now() -> tuple[str, str] | None:
    """How many of the team's cases are overdue, for the navigation."""
    here = context()
    with here.database.reading() as tx:
        count = overdue(tx, g.team, here.now(), _MOST_SHOWN)
    return (f"{count}" if count <= _MOST_SHOWN else f"{_MOST_SHOWN}+", "overdue") if count else None


@bp.get("/cases")
@allow(member())
def show() -> Reply:
    """The team's cases."""
    now, asked = context().now(), request.args.get("view", "open")
    view: View = next((known for known in VIEWS if known == asked), "open")
    tag = number_in(request.args.get("tag", ""))
    after = row_of(request.args["cursor"]) if "cursor" in request.args else None
    with context().database.reading() as tx:
        found = lines(tx, g.team, g.member.id, view, tag, after, PAGE + 1, now)
        counted = counts(tx, g.team, g.member.id, now)
        known, others, labels = tags(tx, g.team), colleagues(tx, g.team), category_labels(tx, g.team)
        pressed = last_press(tx, g.team, g.member.id, now) if request.args.get("case") in UNDOABLE else None
    return page(
        "cases/list.html",
        view=view,
        views=VIEWS,
        most=MOST_COUNTED,
        groups=_grouped(found[:PAGE], view, now),
        following=cursor_after(found[PAGE - 1].case.id) if len(found) > PAGE else None,
        cursor=request.args.get("cursor"),
        tag=next((one for one in known if one.id == tag), None),
        back=request.full_path.rstrip("?"),
        counted=counted,
        colleagues=others,
        all_tags=known,
        labels=labels,
        pressed=pressed,
    )


@bp.post("/cases/bulk")
@allow(member(Role.analyst))
def press_many() -> Reply:
    """Closes, opens, gives or tags the chosen cases; the button of one row means that row alone."""
    press, now, form = public_id("p"), context().now(), request.form
    one = form.get("close") or form.get("open")
    chosen = [found for text in ([one] if one else form.getlist("chosen")[:PAGE]) if (found := _chosen(text))]
    what = "close" if form.get("close") else "open" if form.get("open") else form.get("do", "")
    owner, name = able(form.get("owner", "")), tag_name(form.get("name", ""))
    lacks = {"give": owner is None and form.get("owner") != "nobody", "tag": name is None}
    others = not one and form.get("responses")
    if not chosen or what not in _SAID or lacks.get(what):
        return back_with("no_case" if others and not chosen else "none", "/cases")

    def step(standing: Standing, fresh: datetime) -> Standing:
        if what == "give":
            return given(standing, owner)
        return moved(standing, "done" if what == "close" else "working", g.member.id, fresh, now)

    outcomes: list[Outcome] = []
    with context().database.writing() as tx:
        for number, revision in sorted(chosen):
            if what == "tag" and name is not None:
                outcomes.append(put_tag(tx, g.team, number, g.member.id, press, name, now))
            else:
                outcomes.append(change(tx, g.team, number, revision, g.member.id, press, step, now))
    return back_with("some" if "stale" in outcomes else "cases" if others else _SAID[what], "/cases")


#: What is done to many -> the word for it in the address.
_SAID = {"close": "closed", "open": "opened", "give": "given", "tag": "tagged"}


@bp.get("/cases/rules")
@allow(member(Role.editor))
def show_rules() -> Reply:
    """Which responses become cases by themselves, and how long there is for them."""
    with context().database.reading() as tx:
        rules, scales = rules_of(tx, g.team), scales_of(tx, g.team)
    return page("cases/rules.html", zone=rules.zone, days=rules.days, by_itself=rules.by_itself, scales=_bands(scales))


@bp.post("/cases/rules")
@allow(member(Role.editor))
def save_rules() -> Reply:
    """Keeps the rules. They count for cases that come from now on."""
    here, form = context(), request.form
    with here.database.reading() as tx:
        rules, scales = rules_of(tx, g.team), scales_of(tx, g.team)
    segments = [band.segment for scale in scales for band in SCALES[scale].bands]
    days = {name: form.get(f"days-{name}", "").strip() for name in segments}
    zone, by_itself = form.get("zone", "").strip(), frozenset(form.getlist("by_itself"))
    try:
        new = changed(rules, zone, days, by_itself)
    except ValidationFailed as refused:
        faults = {fault.parameter: fault.detail for fault in refused.faults}
        return page(
            "cases/rules.html", 422, zone=zone, days=days, by_itself=by_itself, scales=_bands(scales), faults=faults
        )
    with here.database.writing() as tx:
        set_rules(tx, g.team, stored_from(new))
        note_change(tx, g.team, g.member.id, "cases.rules", "cases", here.now(), stored_from(new))
    return go("/cases/rules?done=saved")


def _bands(scales: Sequence[str]) -> list[tuple[str, list[str]]]:
    return [(scale, [band.segment for band in SCALES[scale].bands]) for scale in scales]


def _chosen(text: str) -> tuple[int, int] | None:
    number, _, revision = text.partition(":")
    found = number_in(number), number_in(revision)
    return None if found[0] is None or found[1] is None else (found[0], found[1])


def _grouped(found: Sequence[Line], view: View, now: datetime) -> list[tuple[str, list[Line]]]:
    if view == "done":
        return [("", list(found))] if found else []
    grouped = groupby(found, lambda line: line.case.due(now).group)
    return [(_GROUPS[group], list(some)) for group, some in grouped]
