"""A report as plain values."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["bounce", "complaint"]

KINDS: dict[Kind, str] = {
    "bounce": "The message came back.",
    "complaint": "The person reported it as unwanted.",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a message. `event` is its sender's id for the report; the message is named by its Message-ID, or all that
    is known is the `address`. `permanent`: the mailbox will take nothing later either."""

    event: str
    kind: Kind
    permanent: bool
    message: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Reports:
    """What came over the wire."""

    events: tuple[Report, ...]
