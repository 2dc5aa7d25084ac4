"""What a worker needs to write to somebody, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass

from collector.channels.delivery import Message, NewDelivery, Outcome, Provider
from collector.outbound.client import Client
from collector.reaching.manners import Manners
from collector.reaching.plan import Facts
from collector.reaching.sms.room import TextRules
from collector.sites.site import Site


@dataclass(frozen=True, slots=True)
class Outward:
    """The ways out that are configured, by channel; who writes, where links lead, the key that their tokens are made with; what
    the operator allows by SMS; what calls addresses that teams give."""

    providers: Mapping[str, Provider]
    sender: str
    root: str
    key: bytes
    rules: TextRules = TextRules()
    calls: Client = Client()

    def hand_over(self, ready: "Ready") -> Outcome:
        """Gives a message to the provider of its channel. What `ready` stands for is committed as `sending` before."""
        return self.providers[ready.delivery.channel].send(ready.message, ready.recipient)

    def rest(self) -> None:
        """Nothing more goes out for now."""
        for provider in self.providers.values():
            provider.rest()


#: What a worker has that was told of no channel.
NO_WAY_OUT = Outward({}, "", "", b"")


@dataclass(frozen=True, slots=True)
class Known:
    """What a message was decided from, with this attempt among the facts."""

    manners: Manners
    facts: Facts


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that was written down as `sending`; nobody else sends it. Without `known` no plan follows it."""

    site: Site
    delivery: NewDelivery
    message: Message
    recipient: str
    known: Known | None = None
