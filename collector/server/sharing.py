"""Limits that several nodes share over Redis.

Each node decides at once, from its own memory. Twice a second a thread of its own tells Redis what was taken from each share
and hears how far the share is ahead of its even pace, with what all others took; that is then the node's own state too. What
Redis keeps is a time for each share, not a count: a count would hold what was used up long ago against a node that hears of it
only now. Between two rounds every node may give out a share that others have emptied; that is owed afterwards, so that over
minutes all nodes together let in what one alone would.

While Redis is away every node goes on with its own limits."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import structlog

from collector.intake.limits import LONGEST_DEBT, Limits, Share
from collector.signing import secret

#: Seconds between two rounds.
PAUSE = 0.5
#: Seconds after which Redis is given up for this round.
_PATIENCE = 1.0
#: Shares that are told in one call; Redis does nothing else meanwhile.
_AT_ONCE = 500
#: Seconds between two lines in the log that say that Redis is away.
_SAID_FOR = 60.0

_log = structlog.get_logger("lukewarm")

#: For each key, adds seconds to the time at which all that was taken would have come in at an even pace, and returns how far
#: that is ahead of now. The clock is Redis's own, so that nodes' clocks do not matter.
_TELL = f"""
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local ahead = {{}}
for place, key in ipairs(KEYS) do
  local even = math.max(tonumber(redis.call('GET', key)) or now, now) + ARGV[place]
  even = math.min(even, now + {LONGEST_DEBT})
  redis.call('SET', key, string.format('%.3f', even), 'EX', {LONGEST_DEBT})
  ahead[place] = string.format('%.3f', even - now)
end
return ahead
"""


class Sharing:
    """One node's part in the sharing. `key` is the installation's secret: names of shares hold addresses, and what leaves
    the process is only what the key makes of them. `clock` gives the seconds that `limits` are asked with."""

    def __init__(self, limits: Limits, url: str, key: bytes, clock: Callable[[], float]) -> None:
        # An extra: only installations with many nodes need it.
        from redis import Redis  # noqa: PLC0415
        from redis.backoff import NoBackoff  # noqa: PLC0415
        from redis.retry import Retry  # noqa: PLC0415

        self._limits = limits
        self._key = key
        self._clock = clock
        self._redis = Redis.from_url(
            url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE, retry=Retry(NoBackoff(), 0)
        )
        self._tell: Any = self._redis.register_script(_TELL)
        self._said_at: float | None = None
        self._is_away = False
        limits.taken()  # from now on it notes down what is taken

    def run(self, stop: threading.Event) -> None:
        """Takes part until `stop` is set."""
        while not stop.wait(PAUSE):
            self.tell()
        self._redis.close()

    def tell(self) -> None:
        """One round: tells what was taken and hears what others took. What cannot be told is forgotten: it was taken from
        the node's own share, and will have come in again by the time that Redis is back."""
        from redis import RedisError  # noqa: PLC0415

        taken = self._limits.taken()
        try:
            for shares, ahead in self._told(taken):
                now = self._clock()
                for share, seconds in zip(shares, ahead, strict=True):
                    self._limits.keep_ahead(share, float(seconds), now)
        except RedisError as error:
            self._miss(error)
            return
        if self._is_away and taken:
            self._is_away = False
            _log.info("limits.shared")

    def _told(self, taken: Mapping[Share, int]) -> Iterator[tuple[Sequence[Share], Sequence[bytes]]]:
        every = list(taken)
        for begin in range(0, len(every), _AT_ONCE):
            shares = every[begin : begin + _AT_ONCE]
            keys = [name_of(self._key, share) for share in shares]
            yield shares, self._tell(keys=keys, args=[60 * taken[share] / share[1] for share in shares])

    def _miss(self, error: Exception) -> None:
        now = self._clock()
        self._is_away = True
        if self._said_at is None or now - self._said_at >= _SAID_FOR:
            self._said_at = now
            _log.warning("limits.alone", error=type(error).__name__)


def name_of(key: bytes, share: Share) -> str:
    """Where Redis keeps a share."""
    return f"lukewarm:limit:{secret(key, 'limit', repr(share).encode()).hex()}"
