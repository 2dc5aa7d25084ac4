"""The list of responses, and the views of it that members save."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts.pages import local_time
from collector.accounts.queries import Colleague, colleagues
from collector.cases.board.queries import last_press
from collector.cases.case import Tag
from collector.cases.pages import UNDOABLE
from collector.cases.queries import tags
from collector.cases.state import STATES
from collector.db import UNAVAILABLE
from collector.inbox.actions import delete_view, save_view
from collector.inbox.asking import NAMES, Asking, asking, chips
from collector.inbox.listed import Lines
from collector.inbox.place import Place, place_from
from collector.inbox.queries import (
    COUNTED,
    PATIENCE,
    Asked,
    count,
    nearest,
    views_for,
)
from collector.inbox.times import when
from collector.inbox.views import LONGEST_NAME, LONGEST_QUERY, kept_name, kept_query, query_of
from collector.problems import NotFound
from collector.reaching.hours import zone_called
from collector.responses.aside.queries import last_press as last_moved
from collector.responses.page_link import path_of
from collector.scales import SCALES
from collector.sites.queries import sites_of
from collector.sites.site import Site
from collector.surveys.queries import labels_of, surveys_of_team
from collector.surveys.survey import TeamSurvey
from collector.surveys.wording import LANGUAGES
from collector.waves.queries import open_waves
from collector.web.context import context
from collector.web.guards import Role, allow, member
from collector.web.shell import go, page

bp = Blueprint("inbox", __name__, template_folder="templates")

#: Responses on a page.
LINES = 40
#: What an address may say was done -> the sentence for it.
DONE = {
    "saved": "View saved.",
    "deleted": "View deleted.",
    "unsaved": f"Not saved: a view needs a name of 1 to {LONGEST_NAME} letters, and a filter that is on.",
    "unmoved": "Nothing was done: choose responses first.",
    "unmade": "Undone.",
    "late": "This can no longer be undone here: it was too long ago, or somebody has done so.",
}


@bp.get("/inbox")
@allow(member())
def show() -> Reply:
    """What came in, newest first, narrowed by the query string."""
    now = context().now()
    asked = asking(request.args.to_dict(), now)
    with context().database.reading(within=PATIENCE) as tx:
        sites, surveys = sites_of(tx, g.team), surveys_of_team(tx, g.team)
        values: dict[str, Any] = {
            "waves": open_waves(tx, g.team),
            "views": views_for(tx, g.team, g.member.id),
            "colleagues": colleagues(tx, g.team),
            "all_tags": tags(tx, g.team),
            "moved": last_moved(tx, g.team, g.member.id, now) if request.args.get("done") == "moved" else None,
            "pressed": last_press(tx, g.team, g.member.id, now) if request.args.get("case") in UNDOABLE else None,
        }
        found = None if asked.faults else nearest(tx, looking(asked, sites), *_place(), LINES)
    labels = labels_of(surveys)
    choices = _choices(sites, surveys, labels, values["colleagues"], values["all_tags"])
    return page(
        "inbox/list.html",
        422 if asked.faults else 200,
        asked=asked,
        sites=sites,
        surveys=surveys,
        found=found or Lines((), False, False),
        count=len(found.lines) if found and not found.newer and not found.older else None,
        slow=found is None,
        query=asked.query,
        chips=chips(asked, choices),
        choices=choices,
        labels=labels,
        current=next((view for view in values["views"] if view.query == asked.query), None),
        back=f"/inbox?{_here(asked)}",
        counted=COUNTED,
        done=DONE.get(request.args.get("done", "")),
        path_of=path_of,
        **values,
        **clock_values(now),
    )


@bp.get("/inbox/count")
@allow(member())
def tell_count() -> Reply:
    """How many responses the query string means; nothing where counting takes too long. The list asks for it when it is shown
    already, for counting takes longer than a page."""
    asked, counted = asking(request.args.to_dict(), context().now()), None
    try:
        with context().database.reading(within=PATIENCE) as tx:
            if not asked.faults:
                counted = count(tx, looking(asked, sites_of(tx, g.team)))
    except UNAVAILABLE:
        pass
    return page("inbox/count.html", count=counted, counted=COUNTED)


@bp.post("/inbox/views")
@allow(member(Role.analyst))
def save() -> Reply:
    """Saves the filter that is on as a view."""
    query = kept_query(request.form.get("query", "")[:LONGEST_QUERY], NAMES)
    name = kept_name(request.form.get("name", ""))
    if name is None or not query:
        return go(f"/inbox?{query}&done=unsaved")
    here = context()
    with here.database.writing() as tx:
        save_view(tx, g.team, g.member.id, name, query, request.form.get("shared") == "yes", here.now())
    return go(f"/inbox?{query}&done=saved")


@bp.post("/inbox/views/<int:view>/delete")
@allow(member(Role.analyst))
def delete(view: int) -> Reply:
    """Deletes a view of one's own."""
    with context().database.writing() as tx:
        if not delete_view(tx, g.team, g.member.id, view):
            raise NotFound()
    return go("/inbox?done=deleted")


def _place() -> tuple[Place | None, bool]:
    """Beside which response the page begins, and whether it is the newer ones that are wanted."""
    beside = place_from(request.args.get("after", "")) or place_from(request.args.get("before", ""))
    return beside, "before" in request.args and "after" not in request.args


def looking(asked: Asking, sites: Sequence[Site]) -> Asked:
    """What is looked for, for the queries."""
    return Asked(g.team, tuple((site.id, site.key) for site in sites), asked.wanted, asked.cases)


def _choices(
    sites: Sequence[Site],
    surveys: Sequence[TeamSurvey],
    labels: Mapping[tuple[int, str], str],
    others: Sequence[Colleague],
    known: Sequence[Tag],
) -> dict[str, dict[str, str]]:
    """What may be chosen for each filter: value and words."""
    bands = [band.segment for name in dict.fromkeys(one.scale for one in surveys) for band in SCALES[name].bands]
    return {
        "segment": {segment: segment.capitalize() for segment in dict.fromkeys(bands)},
        "category": {key: label for (_, key), label in labels.items()},
        "site": {site.key: site.name for site in sites},
        "survey": {survey.key: f"{survey.site}, {survey.scale.upper()}" for survey in surveys},
        "language": {language: language for language in LANGUAGES},
        "state": dict(STATES.items()) | {"open": "Open", "none": "Not a case"},
        "owner": {"nobody": "Nobody"} | {str(one.id): one.name for one in others},
        "tag": {str(tag.id): tag.name for tag in known},
        "answered": {"yes": "Answered", "no": "Not answered"},
        "partial": {"no": "Finished", "yes": "Unfinished"},
        "suspect": {"no": "Not suspect", "yes": "Suspect"},
        "overdue": {"yes": "Overdue"},
        "set_aside": {"yes": "Set aside", "all": "Set aside or not"},
    }


def _here(asked: Asking) -> str:
    """The query string of this very page."""
    place = {name: request.args[name] for name in ("after", "before") if place_from(request.args.get(name, ""))}
    return query_of([*asked.given.items(), *place.items()])


def clock_values(now: datetime) -> dict[str, Any]:
    """How a page shows moments to whoever looks."""
    zone = zone_called(g.member.zone)
    return {"when": lambda at: when(at, now, zone), "exactly": local_time()}
