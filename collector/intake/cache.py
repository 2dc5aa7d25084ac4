"""Snapshots that a process keeps for a short while, so that a submission need not read its site's settings again."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from collector.intake.snapshot import Snapshot

#: Keys that are kept at once; a flood of made-up keys must not fill the memory.
MOST_KEPT = 1000
#: Seconds for which `recent` still gives out what is due to be read again. With the shelf life's default of two seconds a
#: change is effective within four; five are promised.
GRACE = 2.0


@dataclass(slots=True)
class _Kept:
    read_at: float
    snapshot: Snapshot
    is_due: bool = False


class SnapshotCache:
    """Keeps a snapshot for at most `max_age` seconds. What is not there is loaded each time, so a new site works at once."""

    def __init__(self, max_age: float) -> None:
        self._max_age = max_age
        self._kept: dict[str, _Kept] = {}
        self._known: dict[str, None] = {}
        self._lock = Lock()

    def get(self, key: str, now: float, load: Callable[[], Snapshot | None]) -> Snapshot | None:
        """The snapshot for a site key at `now` (seconds of any steady clock)."""
        kept = self._kept.get(key)
        if kept is not None and now - kept.read_at < self._max_age:
            return kept.snapshot
        snapshot = load()
        with self._lock:
            self._kept.pop(key, None)
            self._known.pop(key, None)
            if snapshot is not None:
                if len(self._known) >= MOST_KEPT:
                    self._known.pop(next(iter(self._known)))
                self._known[key] = None
            if snapshot is not None and self._max_age > 0:
                if len(self._kept) >= MOST_KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[key] = _Kept(now, snapshot)
        return snapshot

    def recent(self, key: str, now: float) -> Snapshot | None:
        """What is kept, for a door that cannot wait for the database; `None` sends the caller the long way, which reads it.
        One that is due to be read again is refused to the first who asks and given to the others for `GRACE` seconds, so
        that not all of them go the long way at once."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        age = now - kept.read_at
        if age < self._max_age:
            return kept.snapshot
        if kept.is_due and age < self._max_age + GRACE:
            return kept.snapshot
        kept.is_due = True
        return None

    def knows(self, key: str) -> bool:
        """Whether there is such a site, as far as this process has seen; also when nothing is kept."""
        return key in self._known
