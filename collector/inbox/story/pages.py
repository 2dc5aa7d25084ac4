"""One response with all that became of it."""

from typing import Any

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts.queries import colleagues
from collector.cases.queries import case_of, tags
from collector.contacts.contact import REASONS
from collector.inbox.asking import asking
from collector.inbox.pages import DONE, clock_values, looking
from collector.inbox.queries import PATIENCE, neighbours
from collector.inbox.story.queries import story_of
from collector.inbox.story.told import SUSPICIONS
from collector.problems import NotFound
from collector.responses.aside.queries import last_press
from collector.responses.page_link import link_of, path_of
from collector.sites.queries import sites_of
from collector.web.context import context
from collector.web.guards import allow, member
from collector.web.shell import page

bp = Blueprint("inbox_story", __name__, template_folder="../templates")


@bp.get("/responses/<int:number>")
@allow(member())
def show(number: int) -> Reply:
    """A response, its follow-up, what was planned, and its case. The query string is the filter that it was opened from."""
    now = context().now()
    asked = asking(request.args.to_dict(), now)
    with context().database.reading(within=PATIENCE) as tx:
        sites = sites_of(tx, g.team)
        story = story_of(tx, g.team, sites, number)
        if story is None:
            raise NotFound()
        values: dict[str, Any] = {
            "case": case_of(tx, g.team, number) if story.line.case else None,
            "colleagues": colleagues(tx, g.team),
            "all_tags": tags(tx, g.team),
            "moved": last_press(tx, g.team, g.member.id, now) if request.args.get("done") == "moved" else None,
        }
        beside = (None, None) if asked.faults else neighbours(tx, looking(asked, sites), story.line.place)
    newer, older = (place.number if place else None for place in beside)
    query = f"?{asked.query}" if asked.query else ""
    return page(
        "inbox/response.html",
        story=story,
        line=story.line,
        newer=newer,
        older=older,
        query=query,
        response_number=number,
        back=f"/responses/{number}{query}",
        link_of=link_of,
        path_of=path_of,
        suspicions=SUSPICIONS,
        done=DONE.get(request.args.get("done", ""), ""),
        stops=REASONS,
        **values,
        **clock_values(now),
    )
