"""What the worker does for the inbox by order: it makes searchable what was there before there was a search. What comes in is
heard of in `actions.py`."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from collector.db import Database
from collector.inbox.actions import fill
from collector.reaching.outward import Outward

#: The order that goes through what was there before there was a search.
ORDER = "search.fill"
#: Responses that are taken at once; on SQLite visitors wait for their turn to write meanwhile, some 6 ms, at worst 100.
_AT_ONCE = 200


def fill_search(database: Database, outward: Outward, payload: Mapping[str, object], now: datetime) -> datetime | None:
    """Makes older responses searchable, some at a time, the newest first; ends when all are."""
    with database.writing(waited_for=False) as tx:
        return now + timedelta(seconds=1) if fill(tx, _AT_ONCE) else None
