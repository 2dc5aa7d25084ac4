"""One message to one address, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Literal, Protocol
from uuid import UUID

#: `sending`: handed to a provider, nothing heard yet. `deferred`: not taken now, to be tried again. `uncertain`: nobody knows
#: whether it arrived; never sent again.
State = Literal["sending", "sent", "deferred", "undeliverable", "uncertain"]
Purpose = Literal["ask", "remind", "reply"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a message so far. `at` is when it was first tried, `due_at` when it is tried again."""

    purpose: Purpose
    channel: str
    state: State
    tries: int
    at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A message that is about to be handed to a provider. `digest` stands for the address, which is not written here."""

    team: int
    site: int
    submission: UUID
    purpose: Purpose
    channel: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a provider said. `reply` is where in the dialogue and the code, never a text; `gone`: the address does not exist."""

    state: Literal["sent", "deferred", "undeliverable", "uncertain"]
    reply: str
    gone: bool = False


class Provider(Protocol):
    """A service that takes messages."""

    def send(self, message: EmailMessage, recipient: str) -> Outcome:
        """Hands over one message for one address. Never raises for what a service or a network may do."""
