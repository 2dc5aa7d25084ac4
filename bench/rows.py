#!/usr/bin/env python3
"""Measures what a response takes on PostgreSQL's disk, and how fast rows go in with and without PgBouncer between.

    TEST_POSTGRESQL=FOLDER TEST_PGBOUNCER=PROGRAM python -m bench.rows [FOLDER ...]

Comments come from the files that bench/replay.py sends; each is stored many times under new ids, as if it came from visitors
over a month, through `accept` and the committer's own transaction, without a server in front."""

import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.replay import ORIGIN, find_files, read
from collector.accounts.actions import find_or_make_team
from collector.db import Database
from collector.db.bulk import BulkWriter
from collector.intake.accept import accept
from collector.intake.actions import store
from collector.intake.queries import load_snapshot
from collector.intake.snapshot import Snapshot
from collector.intake.submission import Content, Rows, Submission
from collector.migrations import upgrade
from collector.sites.actions import add_site
from collector.surveys.actions import add_survey
from tests.servers.neighbours import PgBouncer
from tests.servers.postgres import Postgres

#: Responses to store, how many in one transaction, and the month that they are spread over.
RESPONSES, GROUP = 100_000, 32
MONTH = datetime(2026, 10, 1, tzinfo=UTC)


def main() -> None:
    """Prints bytes a row by table, then rows a second by group and way."""
    bodies = [visitor.body for visitor in read(find_files([Path(name) for name in sys.argv[1:]]))]
    with tempfile.TemporaryDirectory(prefix="rows-") as folder:
        cluster = Postgres(Path(folder), durable=True)
        bouncer = PgBouncer(cluster)
        try:
            database = Database(cluster.url("postgres"))
            upgrade(database)
            snapshot = make(database)
            print(f"PostgreSQL {database.health().version}, {RESPONSES} responses, {len(bodies)} different comments")
            fill(database, bodies, snapshot)
            sizes(database)
            for name, url in (("direct", cluster.url("postgres")), ("PgBouncer", bouncer.url("postgres"))):
                for group in (1, 8, 32, 128):
                    found = rate(url, bodies, snapshot, group, MONTH + timedelta(days=31))
                    print(f"{name}, {group} in a transaction: {found:.0f} rows a second")
            database.dispose()
        finally:
            bouncer.remove()
            cluster.remove()


def make(database: Database) -> Snapshot:
    """A site to send to."""
    with database.writing() as tx:
        site = add_site(tx, find_or_make_team(tx, "Home", MONTH), "Rows", [ORIGIN], "healthcare", "en", [], MONTH)
        add_survey(tx, site, "nps", MONTH)
        found = load_snapshot(tx, site.key, b"rows " * 8)
    assert found is not None
    return found


def rows_of(bodies: Sequence[Mapping[str, Any]], snapshot: Snapshot, number: int, at: datetime) -> Rows:
    """The rows of submission `number`, which came `at`."""
    body = bodies[number % len(bodies)]
    made = UUID(bytes=int(at.timestamp() * 1000).to_bytes(6) + b"\x70\x00\x80" + os.urandom(7))
    content = Content(
        id=made,
        score=body["score"],
        category=body.get("category"),
        comment=body["comment"],
        page=body["page"],
        language=body.get("language"),
    )
    return accept(Submission(content, ORIGIN, at), snapshot)[1]


def fill(database: Database, bodies: Sequence[Mapping[str, Any]], snapshot: Snapshot) -> None:
    """Stores all responses."""
    writer = BulkWriter(database)
    for begin in range(0, RESPONSES, GROUP):
        group = [
            rows_of(bodies, snapshot, number, MONTH + timedelta(days=31 * number / RESPONSES))
            for number in range(begin, begin + GROUP)
        ]
        with writer.writing() as tx:
            store(tx, group)


def sizes(database: Database) -> None:
    """Prints what tables and their indexes take."""
    with database.connection() as connection:
        for table in ("response", "follow_up", "outbox_entry"):
            count, heap, indexes = connection.exec_driver_sql(
                f"select count(*), pg_table_size('{table}'), pg_indexes_size('{table}') from {table}"
            ).one()
            each = (heap / count, indexes / count, (heap + indexes) / RESPONSES)
            print(f"{table}: {count} rows, {each[0]:.0f} + {each[1]:.0f} in indexes, {each[2]:.0f} a response")


def rate(url: str, bodies: Sequence[Mapping[str, Any]], snapshot: Snapshot, group: int, at: datetime) -> float:
    """Rows a second that one connection commits in groups of this size, a millisecond apart from `at` on; choosing and
    reading are not counted."""
    database = Database(url)
    database.checkpoint_apart()
    writer = BulkWriter(database)
    spent, count = 0.0, 0
    while spent < 2:
        numbers = range(count, count + group)
        rows = [rows_of(bodies, snapshot, number, at + timedelta(milliseconds=number)) for number in numbers]
        began = time.perf_counter()
        with writer.writing() as tx:
            store(tx, rows)
        spent += time.perf_counter() - began
        count += group
    database.dispose()
    return count / spent


if __name__ == "__main__":
    main()
