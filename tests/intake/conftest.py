"""The front door has two doors, and this suite knocks at both: Flask's view as any WSGI server calls it, and the server that
`lukewarm serve` runs, which takes most submissions on a way of its own. Here SQLite stands behind that server and PostgreSQL
behind Flask; in test_attacks.py it is the other way round, and test_doors.py compares the two."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event

from collector.db import Database
from collector.intake.cache import SnapshotCache
from tests.servers.inside import running
from tests.servers.over_http import HttpClient


def keep_snapshots(app: Flask, database: Database) -> None:
    """Keeps a site's settings until the test changes something, so that the short way is taken and never with old ones."""
    cache: SnapshotCache = app.extensions["lukewarm.snapshots"]
    cache._max_age = 3600

    @event.listens_for(database.engine, "commit")
    def _changed(_connection: object) -> None:
        cache._kept.clear()


@pytest.fixture
def client(app: Flask, database: Database) -> Iterator[object]:
    if not database.embedded:
        yield app.test_client()
        return
    keep_snapshots(app, database)
    with running(app) as port:
        door = HttpClient(port)
        yield door
        door.close()
