"""Writes to responses that were kept for long enough."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from collector.intake.actions import anonymise_submission, erase_submission
from collector.problems import NotFound
from collector.setup.retention.queries import submissions_before
from collector.sites.actions import note_ended
from collector.sites.queries import site_of
from collector.sites.site import Site

#: What is done to a response, by what becomes of it.
_ENDS = {"erase": erase_submission, "anonymise": anonymise_submission}


def end_some(tx: Session, known: Site, now: datetime, limit: int) -> int:
    """Does to up to `limit` responses of a site, the oldest first, what its owner wants at their age; returns how many there
    were."""
    try:
        # Held, and read anew: its owner may change at this moment what becomes of its responses.
        site = site_of(tx, known.team, known.key, hold=True)
    except NotFound:
        return 0
    if site.keep_days is None:
        return 0
    moment = now - timedelta(days=site.keep_days)
    found = submissions_before(tx, site, moment, limit)
    for submission, _ in found:
        _ENDS[site.at_age](tx, site.id, submission, now)
    if found:
        note_ended(tx, site, found[-1][1] if len(found) == limit else moment)
    return len(found)
