"""How often one network, one site and everybody together may send: shares that fill up again at an even pace.

They are kept in memory and looked at before anything is parsed. A network is a whole IPv4 address, or the /64, /56 and /48
of an IPv6 address, each with a share of its own: whoever walks through the addresses of a prefix empties the prefix's."""

from collections.abc import Hashable, Sequence
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from threading import Lock

#: Shares that are kept at once; a flood from many networks must not fill the memory.
MOST_KEPT = 50_000

#: Seconds: sums of fractions come out a little too large or too small.
_ROUNDING = 1e-6

#: Seconds that a share may be ahead of its even pace. From sixty on it is empty; what is beyond was taken from it by several
#: processes before they knew of each other, and is owed.
LONGEST_DEBT = 120

#: Length of an IPv6 prefix -> how many times a single network's share it has. A customer commonly gets a /56 or /48.
_PREFIXES = ((64, 1), (56, 4), (48, 16))


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

    def take(self, shares: Sequence[Share], now: float) -> float:
        """Takes one from each share and returns 0; when one of them has none left, takes nothing and returns in how many
        seconds it will have. `now` is in seconds of any steady clock."""
        even = self._even
        with self._lock:
            for owner, per_minute in shares:
                ahead = even.get(owner, now) - now
                if ahead > 60 - 60 / per_minute + _ROUNDING:
                    return ahead - 60 + 60 / per_minute
            for share in shares:
                owner, per_minute = share
                even[owner] = max(even.get(owner, now), now) + 60 / per_minute
                if self._taken is not None:
                    self._taken[share] = self._taken.get(share, 0) + 1
            if now - self._forgot_at > 60 or len(even) > MOST_KEPT:
                self._forget(now)
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


@lru_cache(maxsize=4096)
def networks_of(address: str) -> tuple[tuple[str, int], ...]:
    """The networks that an address belongs to, narrowest first, each with how many single shares it has. An IPv4 address
    inside IPv6 counts as what it is. What is no address is one network of its own, however it is written."""
    plain = address.partition("%")[0].strip("[]")
    try:
        return ((str(IPv4Address(plain)), 1),)
    except AddressValueError:
        pass
    try:
        six = IPv6Address(plain)
    except AddressValueError:
        return (("unknown", 1),)
    if six.ipv4_mapped is not None:
        return ((str(six.ipv4_mapped), 1),)
    number = int(six)
    return tuple((f"{number >> (128 - length):x}/{length}", times) for length, times in _PREFIXES)


def client_address(peer: str, forwarded_for: str, trusted_proxies: int) -> str:
    """The address that a request came from: the connection's, or, behind `trusted_proxies` proxies, the entry of
    X-Forwarded-For that the outermost of them wrote. It is counted from the right, because everything to the left of it was
    written by whoever sent the request (CVE-2025-59152)."""
    if trusted_proxies == 0:
        return peer
    entries = [entry.strip() for entry in forwarded_for.split(",") if entry.strip()]
    if len(entries) < trusted_proxies:
        return peer
    entry = entries[-trusted_proxies]
    # Some proxies write the port as well.
    return entry.rsplit(":", 1)[0] if entry.count(":") == 1 else entry
