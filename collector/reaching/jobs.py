"""Reaching the person behind a response: what the worker does with the order."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from collector.db import Database
from collector.reaching.actions import decide, settle_message
from collector.reaching.outward import Outward, Ready


def reach(database: Database, outward: Outward, payload: Mapping[str, object], now: datetime) -> datetime | None:
    """Makes the plan for one follow-up anew and carries it out. Returns when to look again; `None` when nothing more happens.

    A message is handed over between two transactions. If this ends before the second one, the next look finds it `sending`,
    and makes it uncertain: a person is asked at most once."""
    with database.writing() as tx:
        decided = decide(tx, outward, int(str(payload["site"])), UUID(str(payload["submission"])), now)
    if not isinstance(decided, Ready):
        return decided
    outcome = outward.providers[decided.delivery.channel].send(decided.message, decided.recipient)
    with database.writing() as tx:
        return settle_message(tx, outward, decided.delivery, outcome, now)
