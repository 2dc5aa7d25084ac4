"""Erases responses that were kept for as long as their site wants."""

from datetime import datetime, timedelta

from collector.db import Database
from collector.intake.actions import erase_submission
from collector.setup.retention.queries import submissions_before
from collector.sites.queries import sites

#: Responses of one transaction, so that visitors do not wait long behind it; and transactions of one look.
_BATCH, _STEPS = 50, 40


def erase_old_responses(database: Database, now: datetime) -> int:
    """Erases up to two thousand responses that are too old, as their authors would, and returns how many."""
    with database.reading() as tx:
        limits = {site.id: now - timedelta(days=site.keep_days) for site in sites(tx) if site.keep_days is not None}
    count = steps = 0
    for site, moment in limits.items():
        is_full = True
        while is_full and steps < _STEPS:
            with database.writing() as tx:
                found = submissions_before(tx, site, moment, _BATCH)
                count += sum(erase_submission(tx, site, submission, now) for submission in found)
            steps += 1
            is_full = len(found) == _BATCH
    return count
