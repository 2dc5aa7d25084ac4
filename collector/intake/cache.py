"""Snapshots that a process keeps for a short while, so that a submission need not read its site's settings again."""

from collections.abc import Callable
from threading import Lock

from collector.intake.snapshot import Snapshot

#: Keys that are kept at once; a flood of made-up keys must not fill the memory.
MOST_KEPT = 1000


class SnapshotCache:
    """Keeps a snapshot for at most `max_age` seconds. What is not there is loaded each time, so a new site works at once."""

    def __init__(self, max_age: float) -> None:
        self._max_age = max_age
        self._kept: dict[str, tuple[float, Snapshot]] = {}
        self._lock = Lock()

    def get(self, key: str, now: float, load: Callable[[], Snapshot | None]) -> Snapshot | None:
        """The snapshot for a site key at `now` (seconds of any steady clock)."""
        kept = self._kept.get(key)
        if kept is not None and now - kept[0] < self._max_age:
            return kept[1]
        snapshot = load()
        with self._lock:
            self._kept.pop(key, None)
            if snapshot is not None and self._max_age > 0:
                if len(self._kept) >= MOST_KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[key] = (now, snapshot)
        return snapshot
