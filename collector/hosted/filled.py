"""A form as it was filled in, and what the front door reads of it: texts as browsers send them, into what JSON would say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from collector.problems import Fault
from collector.responses.text import MAX_TEXT

#: A field that people do not see, under a name that programs like to fill in.
TRAP = "website"


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form: the number of the score and the category's key as texts, empty where nothing was chosen."""

    score: str = ""
    category: str = ""
    comment: str = ""
    trap: str = ""


def filled(fields: Mapping[str, str]) -> Filled:
    """The form's fields as they were sent. Browsers write line ends as two signs, which would count twice."""
    comment = fields.get("comment", "").replace("\r\n", "\n")
    return Filled(fields.get("score", ""), fields.get("category", ""), comment, fields.get(TRAP, ""))


def said(form: Filled) -> dict[str, Any]:
    """What the form says, as a body in JSON would; what was left out is left out."""
    # Whatever stands in the trap, and however long it is: that something does is all that is asked.
    parts: dict[str, Any] = {"comment": form.comment, "trap": "filled" if form.trap.strip() else ""}
    if form.score:
        plain = form.score.isascii() and form.score.isdecimal() and len(form.score) <= 2
        parts["score"] = int(form.score) if plain else form.score
    if form.category:
        parts["category"] = form.category
    return parts


def marks(faults: tuple[Fault, ...], form: Filled) -> frozenset[str]:
    """What to mark on the page that comes back: `score`, `category`, `comment`, and `long` where there is too much of it."""
    names = {(fault.pointer or "").split("/")[1] for fault in faults if (fault.pointer or "").startswith("/")}
    found = names & {"score", "category", "comment"}
    if "comment" in found and len(form.comment) > MAX_TEXT:
        found.add("long")
    return frozenset(found)
