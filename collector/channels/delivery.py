"""One message to one address, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Literal, Protocol
from uuid import UUID

#: `sending`: handed to a provider, nothing heard yet. `deferred`: not taken now, to be tried again. `uncertain`: nobody knows
#: whether it arrived; never sent again. `delivered`: the provider says that the person has it.
State = Literal["sending", "sent", "deferred", "undeliverable", "uncertain", "delivered"]
#: The provider has the message, at the least.
TAKEN: frozenset[State] = frozenset(("sent", "delivered"))
Purpose = Literal["ask", "remind", "link", "reply"]
PURPOSES: tuple[Purpose, ...] = ("ask", "remind", "link", "reply")
#: Those that hold the question; `link` holds the way to what somebody said, which they asked for themselves,
#: and `reply` what somebody in the team wrote to them.
QUESTIONS: tuple[Purpose, ...] = ("ask", "remind")


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
    """A message that is about to be handed to a provider. `digest` stands for the address, which is not written here;
    `prefix` is what a phone number shares with its neighbours."""

    team: int
    site: int
    submission: UUID
    purpose: Purpose
    channel: str
    digest: bytes
    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A message without form. `status_at` is where a provider reports what becomes of it."""

    text: str
    status_at: str


Message = EmailMessage | TextMessage


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a provider said. `reply` is where in the dialogue and the code, never a text; `gone`: the address does not exist;
    `stopped`: its owner told somebody on the way to let nothing through."""

    state: Literal["sent", "deferred", "undeliverable", "uncertain"]
    reply: str
    gone: bool = False
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Handed:
    """The latest message to a person: by which channel and when it was handed over, and when a program last gave itself away
    by following the link in one of them that no person follows."""

    channel: str
    at: datetime
    scanned_at: datetime | None


class Provider(Protocol):
    """A service that takes messages of its channel's kind, which is one of `Message`."""

    def send(self, message: Any, recipient: str) -> Outcome:
        """Hands over one message for one address. Never raises for what a service or a network may do."""

    def rest(self) -> None:
        """Nothing more goes out for now: lets go of what was kept open for the next message."""
