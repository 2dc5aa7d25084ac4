"""How often one network, one site and everybody together may send: shares that fill up again at an even pace.

They are kept in memory and looked at before anything is parsed."""

from collections.abc import Hashable, Sequence
from threading import Lock

from collector.networks import networks_of

#: Shares that are kept at once; a flood from many networks must not fill the memory.
MOST_KEPT = 50_000

#: Seconds: sums of fractions come out a little too large or too small.
_ROUNDING = 1e-6

#: Seconds that a share may be ahead of its even pace. From sixty on it is empty; what is beyond was taken from it by several
#: processes before they knew of each other, and is owed.
LONGEST_DEBT = 120

#: Seconds' worth of a share that may be used at once: all of it, and the half that is there for the asking.
WHOLE, HALF = 60.0, 30.0

#: Whose share it is, and how many requests a minute go through it. As many may come at once.
Share = tuple[Hashable, float]


class Limits:
    """Shares by owner, kept as the generic cell rate algorithm does (ITU-T I.371, annex A): of each owner only the time at
    which all that was taken would have come in at an even pace. One for each process; several processes may tell each other
    what was taken (`taken`, `keep_ahead`)."""

    def __init__(self) -> None:
        self._even: dict[Hashable, float] = {}
        self._taken: dict[Share, int] | None = None
        self._lock = Lock()
        self._forgot_at = 0.0

    def take(self, shares: Sequence[Share], now: float, part: float = WHOLE) -> float:
        """Takes one from each share and returns 0; when one of them has none left, takes nothing and returns in how many
        seconds it will have. `now` is in seconds of any steady clock. `part` says how many seconds' worth of each share may be
        used at once; the pace at which it fills up is the same, and one may always be taken from a share that is full."""
        even = self._even
        with self._lock:
            wait = self._wait(shares, now, part)
            if wait:
                return wait
            for share in shares:
                owner, per_minute = share
                even[owner] = max(even.get(owner, now), now) + 60 / per_minute
                if self._taken is not None:
                    self._taken[share] = self._taken.get(share, 0) + 1
            if now - self._forgot_at > 60 or len(even) > MOST_KEPT:
                self._forget(now)
        return 0.0

    def wait(self, shares: Sequence[Share], now: float) -> float:
        """What `take` would return, without taking anything."""
        with self._lock:
            return self._wait(shares, now, WHOLE)

    def _wait(self, shares: Sequence[Share], now: float, part: float) -> float:
        for owner, per_minute in shares:
            ahead = self._even.get(owner, now) - now
            gap = 60 / per_minute
            room = part - gap if part > gap else 0.0
            if ahead > room + _ROUNDING:
                return ahead - room
        return 0.0

    def taken(self) -> dict[Share, int]:
        """What was taken since this was last asked. Nothing is noted down before it is asked for the first time."""
        with self._lock:
            taken, self._taken = self._taken or {}, {}
            return taken

    def keep_ahead(self, share: Share, ahead: float, now: float) -> None:
        """Has the share `ahead` seconds before its even pace, because others took from it elsewhere, if it is not further
        ahead already. Over a minute it is in debt: what was taken twice before anybody knew comes off what comes in."""
        owner, _ = share
        with self._lock:
            self._even[owner] = max(self._even.get(owner, now), now + min(ahead, LONGEST_DEBT))

    def _forget(self, now: float) -> None:
        # Who has taken nothing for a minute has a whole share again, the same as somebody unknown. Addresses are not kept
        # for longer than they are needed.
        self._forgot_at = now
        kept = [(owner, even) for owner, even in self._even.items() if even > now]
        self._even = dict(kept[-MOST_KEPT // 2 :] if len(kept) > MOST_KEPT else kept)
        networks_of.cache_clear()
