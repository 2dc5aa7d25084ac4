"""What the worker does with the order to hand over a reply."""

from collections.abc import Mapping
from datetime import datetime

from collector.db import Database
from collector.reaching.outward import Outward, Ready
from collector.reaching.reply.actions import decide_reply, settle_reply


def hand_over_reply(
    database: Database, outward: Outward, payload: Mapping[str, object], now: datetime
) -> datetime | None:
    """Hands over what the team wrote, between two transactions, as a follow-up is. Returns when to look again."""
    with database.writing() as tx:
        decided = decide_reply(tx, outward, int(str(payload["case"])), now)
    if not isinstance(decided, Ready):
        return decided
    outcome = outward.providers[decided.delivery.channel].send(decided.message, decided.recipient)
    with database.writing() as tx:
        return settle_reply(tx, decided.delivery, outcome, now)
