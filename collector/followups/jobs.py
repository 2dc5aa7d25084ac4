"""Orders about follow-ups that the worker carries out."""

from collections.abc import Mapping
from datetime import datetime

from collector.db import Database
from collector.followups.actions import expire


def expire_follow_up(database: Database, payload: Mapping[str, object], now: datetime) -> None:
    """`followup.expire`: ends a follow-up that nobody answered. Doing it twice does nothing the second time."""
    fingerprint = bytes.fromhex(str(payload["follow_up"]))
    with database.writing() as tx:
        expire(tx, fingerprint, now)
