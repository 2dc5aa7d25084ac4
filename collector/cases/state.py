"""Where a case stands, and what presses and visitors make of it. Asked before every write; the write then compares and sets."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from collector.problems import ValidationFailed

State = Literal["new", "working", "waiting", "done"]

#: State -> what it is called.
STATES: dict[State, str] = {"new": "New", "working": "In work", "waiting": "Waiting", "done": "Done"}

#: State -> where a press may lead from it.
MOVES: dict[State, tuple[State, ...]] = {
    "new": ("working", "waiting", "done"),
    "working": ("waiting", "done"),
    "waiting": ("working", "done"),
    "done": ("working",),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What two people may change at once. `owner` is a member's number."""

    state: State
    owner: int | None
    due_at: datetime


def moved(standing: Standing, wanted: str, member: int, fresh: datetime, now: datetime) -> Standing:
    """The case after `member` pressed for the state `wanted`; the same when it is there already. Whoever takes up a case that
    nobody has becomes its owner. A case that is opened again after its time gets the due date `fresh`.

    Raises `ValidationFailed` for a state that no press leads to."""
    if wanted == standing.state:
        return standing
    to = next((state for state in MOVES[standing.state] if state == wanted), None)
    if to is None:
        raise ValidationFailed(f"A case that is {standing.state} cannot be made {wanted} by hand.")
    owner = standing.owner if to == "done" else standing.owner or member
    if standing.state == "done":
        return Standing(to, owner, _renewed(standing, fresh, now))
    return replace(standing, state=to, owner=owner)


def given(standing: Standing, owner: int | None) -> Standing:
    """The case in the hands of `owner`. What is taken from everybody is new again, unless it is done."""
    if owner is None and standing.state != "done":
        return replace(standing, state="new", owner=None)
    return replace(standing, owner=owner)


def spoken_to(standing: Standing, fresh: datetime, now: datetime) -> Standing:
    """The case after the person said something more. What waited or was done is taken up again: by its owner, who gets the
    due date `fresh` if the old one has passed, or by whoever finds it new."""
    if standing.state not in ("waiting", "done"):
        return standing
    return Standing("working" if standing.owner else "new", standing.owner, _renewed(standing, fresh, now))


def _renewed(standing: Standing, fresh: datetime, now: datetime) -> datetime:
    return fresh if standing.due_at < now else standing.due_at
