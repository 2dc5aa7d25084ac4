"""What waits in the outbox, as plain values."""

from collections.abc import Mapping
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


def fact_entry(fact: Fact, now: datetime) -> NewEntry:
    """The entry that publishes `fact`."""
    return NewEntry(kind=fact.kind, payload=payload(fact), due_at=now)
