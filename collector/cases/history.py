"""What was done to a case, in words, and what of it may be undone."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from collector.cases.case import Event
from collector.cases.state import Standing, State

#: For how long somebody may undo what they pressed.
UNDO_FOR = timedelta(minutes=10)

#: What is done without touching a standing -> how the history says it, after a name.
SAYINGS: dict[str, str] = {
    "made": "made this a case",
    "noted": "wrote a note",
    "tagged": "put the tag {tag} on it",
    "untagged": "took the tag {tag} off",
    "replied": "wrote to the person",
    "answered": "The person answered the follow-up",
    "corrected": "The person changed the answer",
    "amended": "The person changed the response",
    "handed_over": "The person was asked and reminded and did not answer",
}

#: What nobody undoes: a person was written to, or wrote.
FINAL = ("made", "replied", "answered", "corrected", "amended", "handed_over")

_MOVES: dict[str, str] = {
    "new": "gave it back",
    "working": "took it up",
    "waiting": "let it wait",
    "done": "closed it",
}


def packed(standing: Standing) -> dict[str, object]:
    """A standing as JSON keeps it."""
    return {"state": standing.state, "owner": standing.owner, "due_at": standing.due_at.isoformat()}


def unpacked(stored: Mapping[str, Any]) -> Standing:
    """The standing that `packed` kept."""
    return Standing(cast(State, stored["state"]), stored["owner"], datetime.fromisoformat(stored["due_at"]))


def saying(kind: str, detail: Mapping[str, Any], by: int | None, names: Mapping[int, str], zone: ZoneInfo) -> str:
    """What an event did, in words that follow the name of the member `by`; a whole sentence where there is none."""
    said = [SAYINGS[kind].format(tag=detail.get("name", ""))] if kind in SAYINGS else []
    if "after" in detail:
        said += _changes(unpacked(detail["before"]), unpacked(detail["after"]), by, names, zone)
    return ", ".join(said)


def _changes(was: Standing, now: Standing, by: int | None, names: Mapping[int, str], zone: ZoneInfo) -> list[str]:
    said = []
    if by is None:
        said.append("so it was opened again")
    elif was.state == "done":
        said.append("opened it again")
    elif was.state != now.state:
        said.append(_MOVES[now.state])
    # Whoever takes up what nobody had, or gives it back, has said so.
    if by is not None and was.owner != now.owner and (was.state == now.state or now.owner not in (None, by)):
        said.append("took it over" if now.owner == by else f"gave it to {names.get(now.owner or 0, 'nobody')}")
    if was.due_at != now.due_at:
        day = now.due_at.astimezone(zone).date()
        said.append(f"made it due on {day.day} {day:%B %Y}")
    return said


def undoable(history: Sequence[Event], revision: int, member: int, now: datetime) -> Event | None:
    """The last thing that `member` pressed and may still undo; `None` when something came after it, or it is too long ago."""
    last = next((event for event in reversed(history) if event.by and event.by.id == member and not event.undone), None)
    if last is None or last.kind in FINAL or now > last.at + UNDO_FOR:
        return None
    return last if last.revision in (None, revision) else None
