"""Orders to write to somebody: what the worker does with each, before a provider hears of the message and after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from collector.channels.delivery import Outcome
from collector.reaching.actions import decide, settle_message
from collector.reaching.outward import Outward, Ready


@dataclass(frozen=True, slots=True)
class Order:
    """An order in two steps. `begin` gives the message that it wrote down as `sending`, or when to look again, or `None`
    when nothing more happens. The message is handed over outside any transaction; `end` writes what became of it, and says
    when to look again. What stops in between is found as `sending`, and made uncertain: a person is asked at most once."""

    begin: Callable[[Session, Outward, Mapping[str, object], datetime], Ready | datetime | None]
    end: Callable[[Session, Outward, Ready, Outcome, datetime], datetime | None]


def _reach(tx: Session, outward: Outward, payload: Mapping[str, object], now: datetime) -> Ready | datetime | None:
    return decide(tx, outward, int(str(payload["site"])), UUID(str(payload["submission"])), now)


#: Makes the plan for one follow-up anew and carries it out.
REACH = Order(_reach, settle_message)
