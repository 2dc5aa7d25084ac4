"""Which cases are meant: by state, owner, tag, and whether their time is over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from collector.cases.state import STATES
from collector.ids import number_in
from collector.problems import Fault, ValidationFailed


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What narrows a set of cases. `state` is one of `STATES`, `open` (all but done), or `none` (a response that is no case);
    `owner` and `tag` are numbers, with owner 0 for cases that nobody has; `overdue` is the moment that due dates are compared
    with."""

    state: str | None = None
    owner: int | None = None
    tag: int | None = None
    overdue: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is narrowed."""
        return self == CaseFilter()


#: The names that a filter may have in an address, and what each means.
CASE_FILTERS: dict[str, str] = {
    "state": "new, working, waiting, done, open (all but done), or none (not a case).",
    "owner": "A member's number, or nobody.",
    "tag": "A tag's number.",
    "overdue": "yes: only open cases whose due date has passed.",
}


def parse_case_filter(given: Mapping[str, str], now: datetime) -> CaseFilter:
    """The filter that these names and texts mean; names that are not in `CASE_FILTERS` are passed over. Raises
    `ValidationFailed` with a fault for each that is not valid."""
    faults = []
    state, owner, tag, overdue = (given.get(name, "") for name in CASE_FILTERS)
    if state and state not in (*STATES, "open", "none"):
        faults.append(Fault(f"must be one of {', '.join(STATES)}, open or none", parameter="state"))
    if owner not in ("", "nobody") and number_in(owner) is None:
        faults.append(Fault("must be a member's number, or nobody", parameter="owner"))
    if tag and number_in(tag) is None:
        faults.append(Fault("must be a tag's number", parameter="tag"))
    if overdue not in ("", "yes"):
        faults.append(Fault("must be yes", parameter="overdue"))
    if faults:
        raise ValidationFailed(faults=faults)
    return CaseFilter(
        state or None, 0 if owner == "nobody" else number_in(owner), number_in(tag), now if overdue else None
    )


View = Literal["open", "mine", "overdue", "done"]
#: What the list of cases shows -> its name there.
VIEWS: dict[View, str] = {"mine": "Mine", "open": "All open", "overdue": "Overdue", "done": "Done"}
