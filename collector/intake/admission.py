"""Who may send at the moment: decided from the address, the site and the clock, before a body is read."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from random import randint

from collector.intake.limits import Limits, Share
from collector.networks import networks_of
from collector.problems import TooManyRequests


@dataclass(frozen=True, slots=True)
class Rates:
    """Requests a minute: from one network to one site, to one site, and in all; reads by one network, and by one program.
    0 sets no limit."""

    network: int
    site: int
    total: int
    read: int = 0
    key: int = 0


class Admission:
    """The front door's limits. `known` says whether a site's key is one that was seen to exist: made-up keys have one share
    together, or whoever makes up a new one each time would have a new share each time."""

    def __init__(self, rates: Rates, limits: Limits, known: Callable[[str], bool]) -> None:
        self._rates = rates
        self._limits = limits
        self._known = known

    def submission(self, address: str, site: str, now: float) -> None:
        """Lets a submission to a site in. Raises `TooManyRequests`, which says when to come again."""
        if not self._known(site):
            site = ""
        shares = self._of_network(address, site)
        if self._rates.site:
            shares.append((("site", site), self._rates.site))
        self._take(shares, now)

    def answer(self, address: str, now: float) -> None:
        """Lets an answer to a follow-up in, or somebody who tries out tokens. Raises `TooManyRequests`."""
        self._take(self._of_network(address, "/"), now)

    def outcomes(self, address: str, site: str, now: float) -> None:
        """Lets a count of outcomes to a site in. They have shares of their own, of the same sizes, so that they never stand in
        the way of a submission. Raises `TooManyRequests`."""
        site = f"{site if self._known(site) else ''}/outcomes"
        shares = self._of_network(address, site)
        if self._rates.site:
            shares.append((("site", site), self._rates.site))
        self._take(shares, now, "total/outcomes")

    def read(self, address: str, key: bytes | None, now: float) -> None:
        """Lets somebody read, or a program with the API key that `key` stands for, real or not. Reads have shares of their own
        and never stand in the way of a submission. Raises `TooManyRequests`."""
        rate = self._rates.read
        shares: list[Share] = (
            [(("read", network), rate * times) for network, times in networks_of(address)] if rate else []
        )
        if key is not None and self._rates.key:
            shares.append((("key", key), self._rates.key))
        self._take(shares, now, None)

    def _of_network(self, address: str, to: str) -> list[Share]:
        rate = self._rates.network
        return [((to, network), rate * times) for network, times in networks_of(address)] if rate else []

    def _take(self, shares: list[Share], now: float, total: str | None = "total") -> None:
        if self._rates.total and total is not None:
            shares.append((total, self._rates.total))
        wait = self._limits.take(shares, now) if shares else 0
        if wait:
            # Not all at the same second, or they would be refused together again.
            raise TooManyRequests(retry_after=ceil(wait) + randint(0, 2 + ceil(wait) // 4))
