"""Erases deleted sites."""

from datetime import datetime

from collector.db import Database
from collector.setup.removal.actions import erase_some
from collector.sites.queries import deleted_sites

#: Transactions of one look; the worker has other things to do, and looks again soon.
_STEPS = 20


def erase_deleted_sites(database: Database, _now: datetime) -> int:
    """Erases what is left of deleted sites, and returns in how many steps."""
    with database.reading() as tx:
        found = deleted_sites(tx)
    steps = 0
    for site in found:
        is_left = True
        while is_left and steps < _STEPS:
            with database.writing() as tx:
                is_left = erase_some(tx, site)
            steps += 1
    return steps
