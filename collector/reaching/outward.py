"""What a worker needs to write to somebody, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass

from collector.channels.delivery import Message, NewDelivery, Provider
from collector.reaching.sms.room import TextRules


@dataclass(frozen=True, slots=True)
class Outward:
    """The ways out that are configured, by channel; who writes, where links lead, the key that their tokens are made with,
    and what the operator allows by SMS."""

    providers: Mapping[str, Provider]
    sender: str
    root: str
    key: bytes
    rules: TextRules = TextRules()


#: What a worker has that was told of no channel.
NO_WAY_OUT = Outward({}, "", "", b"")


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that was written down as `sending`; nobody else sends it."""

    delivery: NewDelivery
    message: Message
    recipient: str
