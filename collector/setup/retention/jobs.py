"""Ends responses that were kept for as long as their site wants."""

from datetime import datetime

from collector.db import Database
from collector.setup.retention.actions import end_some
from collector.sites.queries import sites

#: Responses of one transaction, so that visitors do not wait long behind it; and transactions of one look.
_BATCH, _STEPS = 50, 40


def end_old_responses(database: Database, now: datetime) -> int:
    """Erases up to two thousand responses that are too old, as their authors would, or takes away what points to a person, as
    their site wants. Returns how many."""
    with database.reading() as tx:
        kept = [site for site in sites(tx) if site.keep_days is not None]
    count = steps = 0
    for site in kept:
        is_full = True
        while is_full and steps < _STEPS:
            with database.writing() as tx:
                found = end_some(tx, site, now, _BATCH)
            count += found
            steps += 1
            is_full = found == _BATCH
    return count
