"""The page of a team's tags."""

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts.actions import note_change
from collector.cases.pages import NO_TAG, tag_name
from collector.cases.queries import counted_tags, tags
from collector.cases.tags.actions import merge, remove, rename
from collector.ids import number_in
from collector.problems import NotFound
from collector.web.context import context
from collector.web.guards import Role, allow, member
from collector.web.shell import go, page

bp = Blueprint("cases_tags", __name__, template_folder="../templates")

DONE = {
    "renamed": "The tag has its new name.",
    "merged": "The two tags are one.",
    "deleted": "The tag is deleted.",
}


@bp.get("/tags")
@allow(member())
def show() -> Reply:
    """The team's tags, each with how many cases have it."""
    return _page()


@bp.post("/tags/<int:number>/rename")
@allow(member(Role.analyst))
def rename_one(number: int) -> Reply:
    """Gives a tag another name."""
    here, name = context(), tag_name(request.form.get("name", ""))
    _check_there(number)
    if name is None:
        return _page(number, NO_TAG)
    with here.database.writing() as tx:
        outcome = rename(tx, g.team, number, name)
        if outcome == "done":
            note_change(tx, g.team, g.member.id, "tag.renamed", f"tag {number}", here.now(), {"name": name})
    if outcome == "gone":
        raise NotFound()
    if outcome == "taken":
        return _page(number, "Another tag has this name. Merge the two instead.")
    return go("/tags?done=renamed")


@bp.post("/tags/<int:number>/merge")
@allow(member(Role.analyst))
def merge_one(number: int) -> Reply:
    """Makes two tags one."""
    here, into = context(), number_in(request.form.get("into", ""))
    _check_there(number)
    if into is None:
        return _page(number, "Choose the tag that stays.")
    with here.database.writing() as tx:
        if not merge(tx, g.team, number, into):
            raise NotFound()
        note_change(tx, g.team, g.member.id, "tag.merged", f"tag {number}", here.now(), {"into": into})
    return go("/tags?done=merged")


@bp.post("/tags/<int:number>/delete")
@allow(member(Role.analyst))
def delete_one(number: int) -> Reply:
    """Deletes a tag."""
    here = context()
    with here.database.writing() as tx:
        if not remove(tx, g.team, number):
            raise NotFound()
        note_change(tx, g.team, g.member.id, "tag.deleted", f"tag {number}", here.now())
    return go("/tags?done=deleted")


def _check_there(number: int) -> None:
    with context().database.reading() as tx:
        if all(tag.id != number for tag in tags(tx, g.team)):
            raise NotFound()


def _page(faulty: int | None = None, fault: str = "") -> Reply:
    with context().database.reading() as tx:
        found = counted_tags(tx, g.team)
    said = DONE.get(request.args.get("done", ""), "")
    values = {"faulty": faulty, "fault": fault, "kept": request.form.get("name", "")}
    return page("cases/tags.html", 422 if fault else 200, all_tags=found, said=said, **values)
