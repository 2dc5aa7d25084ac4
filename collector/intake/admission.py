"""Who may send at the moment: decided from the address, the site and the clock, before a body is read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from random import randint

from collector.intake.limits import HALF, Limits, Share
from collector.networks import networks_of
from collector.problems import ProofRequired, TooManyRequests


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
    together, or whoever makes up a new one each time would have a new share each time. `challenge` makes what a site's visitor
    from a network has to work on before the second half of a share may be used; without it, nobody has to."""

    def __init__(
        self,
        rates: Rates,
        limits: Limits,
        known: Callable[[str], bool],
        challenge: Callable[[str, str], str] | None = None,
    ) -> None:
        self._rates = rates
        self._limits = limits
        self._known = known
        self._challenge = challenge

    def submission(self, address: str, site: str, now: float, may_have_all: Callable[[], bool] = lambda: False) -> None:
        """Lets a submission to a site in. `may_have_all` is asked when the first half of a share is used up and the second is
        not: was work shown, or need none be? Raises `TooManyRequests`, which says when to come again, or `ProofRequired`,
        which also says how to come in at once."""
        of = site if self._known(site) else ""
        shares = self._of_network(address, of)
        if self._rates.site:
            shares.append((("site", of), self._rates.site))
        shares += self._of_all("total")
        if self._challenge is None:
            self._take(shares, now)
            return
        wait = self._limits.take(shares, now, HALF)
        if wait and not self._limits.wait(shares, now) and not may_have_all():
            raise ProofRequired(challenge=self._challenge(site, narrowest(address)), retry_after=_seconds(wait))
        if wait:
            self._take(shares, now)

    def suspect(self, address: str, site: str, now: float) -> None:
        """Uses up what a network may send to a site without work, because of what was just sent from there. Where nobody is
        asked for work this does nothing: others in that network would pay for it."""
        if self._challenge is not None:
            for share in self._of_network(address, site)[:1]:
                self._limits.keep_ahead(share, HALF, now)

    def answer(self, address: str, now: float) -> None:
        """Lets an answer to a follow-up in, or somebody who tries out tokens. Raises `TooManyRequests`."""
        self._take([*self._of_network(address, "/"), *self._of_all("total")], now)

    def outcomes(self, address: str, site: str, now: float) -> None:
        """Lets a count of outcomes to a site in. They have shares of their own, of the same sizes, so that they never stand in
        the way of a submission. Raises `TooManyRequests`."""
        site = f"{site if self._known(site) else ''}/outcomes"
        shares = self._of_network(address, site)
        if self._rates.site:
            shares.append((("site", site), self._rates.site))
        self._take([*shares, *self._of_all("total/outcomes")], now)

    def read(self, address: str, key: bytes | None, now: float) -> None:
        """Lets somebody read, or a program with the API key that `key` stands for, real or not. Reads have shares of their own
        and never stand in the way of a submission. Raises `TooManyRequests`."""
        rate = self._rates.read
        shares: list[Share] = (
            [(("read", network), rate * times) for network, times in networks_of(address)] if rate else []
        )
        if key is not None and self._rates.key:
            shares.append((("key", key), self._rates.key))
        self._take(shares, now)

    def _of_network(self, address: str, to: str) -> list[Share]:
        rate = self._rates.network
        return [((to, network), rate * times) for network, times in networks_of(address)] if rate else []

    def _of_all(self, name: str) -> list[Share]:
        return [(name, self._rates.total)] if self._rates.total else []

    def _take(self, shares: Sequence[Share], now: float) -> None:
        wait = self._limits.take(shares, now)
        if wait:
            raise TooManyRequests(retry_after=_seconds(wait))


def narrowest(address: str) -> str:
    """The smallest network that an address is counted with."""
    return networks_of(address)[0][0]


def _seconds(wait: float) -> int:
    # Not all at the same second, or they would be refused together again.
    return ceil(wait) + randint(0, 2 + ceil(wait) // 4)
