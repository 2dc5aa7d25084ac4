"""What a worker needs to write to somebody, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage

from collector.channels.delivery import NewDelivery, Provider
from collector.outbound.client import Client


@dataclass(frozen=True, slots=True)
class Outward:
    """The ways out that are configured, by channel; who writes, where links lead, the key that their tokens are made with; what
    calls addresses that teams give."""

    providers: Mapping[str, Provider]
    sender: str
    root: str
    key: bytes
    calls: Client = Client()


#: What a worker has that was told of no channel.
NO_WAY_OUT = Outward({}, "", "", b"")


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that was written down as `sending`; nobody else sends it."""

    delivery: NewDelivery
    message: EmailMessage
    recipient: str
