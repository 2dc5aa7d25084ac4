"""A case on a page of its own, and what is pressed in its panel, wherever that is shown."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts.moments import shown
from collector.accounts.queries import colleagues
from collector.cases.actions import add_note, change, make_case, put_tag, take_tag, undo
from collector.cases.board.queries import line_of
from collector.cases.case import Case
from collector.cases.due import end_of
from collector.cases.history import undoable
from collector.cases.queries import case_numbered, tags
from collector.cases.replies.actions import order_reply
from collector.cases.state import Standing, given, moved
from collector.ids import number_in, public_id
from collector.problems import NotFound
from collector.responses.text import clean_text, storable
from collector.surveys.queries import category_labels
from collector.web.context import context, mail_is_open
from collector.web.guards import Role, allow, member
from collector.web.shell import go, own_page, page

bp = Blueprint("cases", __name__, template_folder="templates")

#: What an address may say was done -> the sentence for it, for one case and for many.
SAID: dict[str, tuple[str, str]] = {
    "made": ("This is a case now.", ""),
    "changed": ("Saved.", "{count} cases saved."),
    "closed": ("Closed.", "{count} cases closed."),
    "opened": ("Open again.", "{count} cases open again."),
    "given": ("Given.", "{count} cases given."),
    "noted": ("Note added.", ""),
    "tagged": ("Tag added.", "{count} cases tagged."),
    "untagged": ("Tag taken off.", ""),
    "replied": ("Your message goes out within a minute.", ""),
    "once": ("There is a message to this person already, and only one is sent.", ""),
    "closed_to_mail": ("Nothing was sent: the person may not be written to any more.", ""),
    "undone": ("Undone.", ""),
    "left": ("Undone, but for what somebody has changed since.", ""),
    "late": ("This can no longer be undone: it was too long ago, or something was done since.", ""),
    "stale": ("Somebody was quicker: the case was changed in the meantime, and yours was not. It now stands so.", ""),
    "some": ("Done, but for cases that somebody changed in the meantime: those are as they were.", ""),
    "cases": ("Done, but for responses that are no case yet: the page of each makes it one.", ""),
    "no_case": ("Nothing was done: what you chose is no case yet. The page of each response makes it one.", ""),
    "none": ("Nothing was done: choose cases first, and for whom, or which tag.", ""),
}
#: After these, undoing is offered.
UNDOABLE = ("changed", "closed", "opened", "given", "noted", "tagged", "untagged", "some", "cases")
MOST_NOTE, MOST_TAG = 4000, 40
#: Exports put semicolons between tags.
NO_TAG = f"A tag has 1 to {MOST_TAG} letters and no semicolon."
_FURTHEST = timedelta(days=730)


@bp.app_template_global()
def case_said(count: int = 1) -> str:
    """The sentence for what the address says was done to `count` cases; nothing for words that are not on the list."""
    one, many = SAID.get(request.args.get("case", ""), ("", ""))
    return many.format(count=count) if many and count > 1 else one


@bp.app_template_global()
def case_undo(case: Case) -> str | None:
    """The press that whoever looks may undo, if it was the last thing done to this case."""
    last = undoable(case.history, case.revision, g.member.id, context().now())
    return last.press if last and request.args.get("case") in UNDOABLE else None


@bp.app_context_processor
def case_words() -> dict[str, object]:
    """What the panel reads beside what its page gives it."""
    return {"case_now": context().now, "case_local": lambda at: shown(at, g.member.zone)}


@bp.get("/cases/<int:number>")
@allow(member())
def show(number: int) -> Reply:
    """A case with what the person said."""
    return _page(number)


@bp.post("/cases/of/<int:response>")
@allow(member(Role.analyst))
def make(response: int) -> Reply:
    """Makes a response a case."""
    here = context()
    with here.database.writing() as tx:
        number = make_case(tx, g.team, response, g.member.id, public_id("p"), here.now())
    return back_with("made", f"/cases/{number}")


@bp.post("/cases/<int:number>/state")
@allow(member(Role.analyst))
def move(number: int) -> Reply:
    """Moves a case on, closes it, or opens it again."""
    wanted, now = request.form.get("state", ""), context().now()
    return _changed(
        number,
        lambda standing, fresh: moved(standing, wanted, g.member.id, fresh, now),
        "closed" if wanted == "done" else "changed",
    )


@bp.post("/cases/<int:number>/owner")
@allow(member(Role.analyst))
def give(number: int) -> Reply:
    """Gives a case to a colleague who may work on it, or to nobody."""
    wanted = request.form.get("owner", "")
    owner = able(wanted)
    if wanted and owner is None:
        return _page(number, {"owner": "Choose somebody of the team who may work on cases."})
    return _changed(number, lambda standing, _: given(standing, owner), "given")


@bp.post("/cases/<int:number>/due")
@allow(member(Role.analyst))
def set_due(number: int) -> Reply:
    """Sets the day on which a case is due."""
    now, case = context().now(), _case(number)
    today = now.astimezone(case.rules.clock).date()
    try:
        day = date.fromisoformat(request.form.get("due", ""))
    except ValueError:
        return _page(number, {"due": "Write a day as 2026-12-24."})
    if not today <= day <= today + _FURTHEST:
        return _page(number, {"due": "Choose a day from today on, within two years."})
    due_at = end_of(day, case.rules.clock)
    return _changed(number, lambda standing, _: replace(standing, due_at=due_at), "changed")


@bp.post("/cases/<int:number>/tags")
@allow(member(Role.analyst))
def tag(number: int) -> Reply:
    """Puts a tag on a case (`name`), or takes one off (`off`, its number)."""
    here, press = context(), public_id("p")
    off = number_in(request.form.get("off", ""))
    name = tag_name(request.form.get("name", ""))
    if off is None and name is None:
        return _page(number, {"name": NO_TAG})
    with here.database.writing() as tx:
        if off is not None:
            take_tag(tx, g.team, number, g.member.id, press, off, here.now())
        elif name is not None:
            put_tag(tx, g.team, number, g.member.id, press, name, here.now())
    return back_with("untagged" if off is not None else "tagged", f"/cases/{number}")


@bp.post("/cases/<int:number>/notes")
@allow(member(Role.analyst))
def write_note(number: int) -> Reply:
    """Adds a note to a case."""
    text = clean_text(request.form.get("text", ""))
    if not 1 <= len(text) <= MOST_NOTE or not storable(text):
        return _page(number, {"text": f"A note has 1 to {MOST_NOTE} letters."})
    here = context()
    with here.database.writing() as tx:
        add_note(tx, g.team, number, g.member.id, public_id("p"), text, here.now())
    return back_with("noted", f"/cases/{number}")


@bp.post("/cases/<int:number>/reply")
@allow(member(Role.analyst))
def write_reply(number: int) -> Reply:
    """Writes to the person by e-mail, once."""
    text = clean_text(request.form.get("reply", ""))
    if not 1 <= len(text) <= MOST_NOTE or not storable(text):
        return _page(number, {"reply": f"A message has 1 to {MOST_NOTE} letters."})
    if not mail_is_open():
        return _page(number, {"reply": "No mail server is set up, so nothing can be sent."})
    here = context()
    with here.database.writing() as tx:
        outcome = order_reply(tx, g.team, number, g.member.id, public_id("p"), text, here.now())
    return back_with({"done": "replied", "same": "once", "stale": "closed_to_mail"}[outcome], f"/cases/{number}")


@bp.post("/cases/undo/<press>")
@allow(member(Role.analyst))
def take_back(press: str) -> Reply:
    """Undoes what this member did with one press."""
    here = context()
    with here.database.writing() as tx:
        done, left = undo(tx, g.team, g.member.id, press, here.now())
    return back_with("left" if done and left else "undone" if done else "late", "/cases")


def back_with(said: str, otherwise: str) -> Reply:
    """Back to the page of ours that the form names, else to `otherwise`, which then says what was done."""
    wanted = request.form.get("back", "")
    parts = urlsplit(own_page(wanted) if wanted else otherwise)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "case"]
    return go(f"{parts.path}?{urlencode([*query, ('case', said)])}")


def able(wanted: str) -> int | None:
    """The number of the colleague that a form names, if they may work on cases."""
    with context().database.reading() as tx:
        found = {one.id for one in colleagues(tx, g.team) if one.role >= Role.analyst}
    owner = number_in(wanted)
    return owner if owner in found else None


def tag_name(text: str) -> str | None:
    """A tag's name as it is kept, on one line; `None` when it is none."""
    name = " ".join(clean_text(text).split())
    return name if 1 <= len(name) <= MOST_TAG and ";" not in name and storable(name) else None


def _changed(number: int, wanted: Callable[[Standing, datetime], Standing], said: str) -> Reply:
    here = context()
    revision = number_in(request.form.get("revision", ""))
    with here.database.writing() as tx:
        outcome = change(
            tx, g.team, number, -1 if revision is None else revision, g.member.id, public_id("p"), wanted, here.now()
        )
    return back_with("stale" if outcome == "stale" else said, f"/cases/{number}")


def _case(number: int) -> Case:
    with context().database.reading() as tx:
        found = case_numbered(tx, g.team, number)
    if found is None:
        raise NotFound()
    return found


def _page(number: int, faults: Mapping[str, str] = MappingProxyType({})) -> Reply:
    """The case, with what is wrong at its fields, and what was typed there."""
    with context().database.reading() as tx:
        line = line_of(tx, g.team, g.member.id, number)
        case = case_numbered(tx, g.team, number)
        if line is None or case is None:
            raise NotFound()
        values = {
            "colleagues": colleagues(tx, g.team),
            "all_tags": tags(tx, g.team),
            "labels": category_labels(tx, g.team),
        }
    return page(
        "cases/case.html",
        422 if faults else 200,
        line=line,
        case=case,
        response_number=case.response,
        back=own_page(request.form["back"]) if request.form.get("back") else f"/cases/{number}",
        case_faults=faults,
        case_kept=request.form,
        **values,
    )
