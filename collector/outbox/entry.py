"""What waits in the outbox, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.events import Fact, payload


@dataclass(frozen=True, slots=True)
class NewEntry:
    """Something to write into the outbox. Two entries with one `key` are one: the second is not written."""

    kind: str
    payload: Mapping[str, object]
    due_at: datetime
    key: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimedEntry:
    """An entry that this worker holds until its lease is over. `attempts` counts this one."""

    id: int
    kind: str
    payload: Mapping[str, object]
    attempts: int
    due_at: datetime


def fact_entries(facts: Sequence[Fact], now: datetime) -> list[NewEntry]:
    """The entries that publish `facts`: one for all that are of a kind, because what happened together is told together."""
    kinds = dict.fromkeys(fact.kind for fact in facts)
    return [
        NewEntry(kind=kind, payload={"facts": [payload(fact) for fact in facts if fact.kind == kind]}, due_at=now)
        for kind in kinds
    ]
