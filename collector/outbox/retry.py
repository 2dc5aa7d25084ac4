"""When a failed entry is tried again, or that it is given up. Attempt in, waiting time or none out."""

from datetime import timedelta

_WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)

#: After this many claims that ended without a word, the entry kills its worker and is parked.
CRASHES_TO_PARK = 3


def next_try(attempts: int, jitter: float) -> timedelta | None:
    """How long to wait after the attempt numbered `attempts` (from 1) failed; `None` gives the entry up.

    `jitter` in [0, 1) spreads waits by a fifth to either side, so that what failed together does not return together."""
    if attempts > len(_WAITS):
        return None
    return _WAITS[attempts - 1] * (0.8 + 0.4 * jitter)
