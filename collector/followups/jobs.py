"""What the worker does about follow-ups."""

from datetime import datetime

from collector.db import Database
from collector.followups.actions import expire

#: Follow-ups that end in one transaction; visitors wait for their turn to write meanwhile.
_AT_ONCE = 200


def expire_follow_ups(database: Database, now: datetime) -> int:
    """Ends the follow-ups that nobody answered in time, and returns how many."""
    count = 0
    while True:
        with database.writing() as tx:
            ended = expire(tx, now, _AT_ONCE)
        count += ended
        if ended < _AT_ONCE:
            return count
