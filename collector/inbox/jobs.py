"""What the worker does for the inbox: keeps the words that responses are searched by. Nothing here is waited for by a
visitor, so a search finds a response some seconds after it came."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from collector.db import Database
from collector.events import subject_of
from collector.inbox.actions import fill, index_from, index_one
from collector.inbox.queries import unindexed
from collector.reaching.outward import Outward

#: The order that goes through what was there before there was a search.
ORDER = "search.fill"
#: Responses that are taken at once; on SQLite visitors wait for their turn to write meanwhile, some 6 ms, at worst 100.
_AT_ONCE = 200


def index_recorded(database: Database, facts: Sequence[Mapping[str, object]], now: datetime) -> None:
    """Makes new responses searchable: the first of them with all that came after it, and what that has left."""
    told = [subject_of(fact) for fact in facts]
    for begin in range(0, len(told), _AT_ONCE):
        while new := _unindexed(database, told[begin : begin + _AT_ONCE]):
            with database.writing() as tx:
                index_from(tx, *new[0], _AT_ONCE)


def _unindexed(database: Database, told: Sequence[tuple[int, int, UUID]]) -> list[tuple[int, int, UUID]]:
    with database.reading() as tx:
        new = unindexed(tx, [(site, submission) for _, site, submission in told])
    return [subject for subject in told if subject[1:] in new]


def index_changed(database: Database, facts: Sequence[Mapping[str, object]], now: datetime) -> None:
    """Brings the words of responses that were amended, answered or erased up to date."""
    with database.writing() as tx:
        for _, site, submission in map(subject_of, facts):
            index_one(tx, site, submission)


def fill_search(database: Database, outward: Outward, payload: Mapping[str, object], now: datetime) -> datetime | None:
    """Makes older responses searchable, some at a time, the newest first; ends when all are."""
    with database.writing() as tx:
        return now + timedelta(seconds=1) if fill(tx, _AT_ONCE) else None
