#!/usr/bin/env python3
"""How fast rows go into SQLite when it holds a million responses already, and when it holds ten million.

    python -m bench.grown                     1 and 10 million; 12 GB of disk and some minutes
    python -m bench.grown 10000 100000        other sizes, rising

A thousand responses and their follow-ups are stored as visitors' are and then copied inside the database under later ids and
times, in the order of their coming. Measured is the committer's own transaction, without a server in front, with the log
carried over as `lukewarm serve` does."""

import json
import sys
import tempfile
import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from bench.replay import ORIGIN
from bench.rows import MONTH, make, rate, rows_of
from bench.submissions import submissions
from collector.db import Base, Database, table_of
from collector.db.bulk import BulkWriter
from collector.followups.models import FollowUpRow
from collector.intake.actions import store
from collector.migrations import upgrade
from collector.responses.models import ResponseRow

#: Responses that are copied, a millisecond apart, and how many copies of them are committed together.
SEED, COPIES = 1000, 100
#: Submissions that share a commit, and how often each size is measured.
GROUP, ROUNDS = 32, 5


def main() -> None:
    """Prints the rate at each size, and the last against the first."""
    sizes = [int(word) for word in sys.argv[1:]] or [1_000_000, 10_000_000]
    bodies = [json.loads(line) for line in submissions(ORIGIN).splitlines()]
    with tempfile.TemporaryDirectory(prefix="grown-") as folder:
        url = f"sqlite:///{folder}/grown.db"
        database = Database(url)
        upgrade(database)
        snapshot = make(database)
        first = [rows_of(bodies, snapshot, number, _at(number)) for number in range(SEED)]
        with BulkWriter(database).writing() as tx:
            store(tx, first)
        follow_ups = sum(rows.follow_up is not None for rows in first)
        rates, have = [], 1
        for size in sizes:
            began = time.perf_counter()
            grow(database, follow_ups, have, size // SEED)
            print(f"grown to {size:,} in {time.perf_counter() - began:.0f} s", file=sys.stderr)
            database.dispose()
            # Later than anything before: what a round adds is a small part of what is there.
            measured = [
                rate(url, bodies, snapshot, GROUP, _at(size * 10 + number * 10_000_000)) for number in range(ROUNDS)
            ]
            rates.append(sorted(measured)[ROUNDS // 2])
            print(f"{size:,} responses: {rates[-1]:,.0f} a second, {min(measured):,.0f} to {max(measured):,.0f}")
            have = size // SEED
        print(f"{sizes[-1]:,} against {sizes[0]:,}: {rates[-1] / rates[0]:.2f}")


def grow(database: Database, follow_ups: int, have: int, wanted: int) -> None:
    """Copies the responses that were stored first, and their `follow_ups`, until they are there `wanted` times, from `have`
    times."""
    connection: Any = database.engine.raw_connection()
    connection.driver_connection.create_function("later_id", 2, _later_id, deterministic=True)
    connection.driver_connection.create_function("later", 2, _later, deterministic=True)
    cursor = connection.cursor()
    cursor.execute("pragma synchronous = off")
    for begin in range(have, wanted, COPIES):
        cursor.execute("begin immediate")
        for number in range(begin, min(begin + COPIES, wanted)):
            for row, count in ((ResponseRow, SEED), (FollowUpRow, follow_ups)):
                cursor.execute(_copy(row), {"number": number, "count": count})
        cursor.execute("commit")
    connection.invalidate()  # with its setting that no commit is synced
    with database.connection() as checked:
        assert checked.scalar(text("select count(*) from response")) >= wanted * SEED


def _copy(row: type[Base]) -> str:
    table = table_of(row)
    shifted = {"submission_id": "later_id", "received_at": "later", "offered_at": "later", "expires_at": "later"}
    names = [column.name for column in table.columns if column.name != "id"]
    values = [f"{shifted[name]}({name}, :number)" if name in shifted else name for name in names]
    return (
        f"insert into {table.name} ({', '.join(names)}) select {', '.join(values)} from {table.name} "
        "where id <= :count order by id"
    )


def _at(number: int) -> datetime:
    return MONTH + timedelta(milliseconds=number)


def _later_id(submission: bytes, number: int) -> bytes:
    return (int.from_bytes(submission[:6]) + number * SEED).to_bytes(6) + submission[6:]


def _later(written: str, number: int) -> str:
    return (datetime.fromisoformat(written) + timedelta(milliseconds=number * SEED)).isoformat(" ", "microseconds")


if __name__ == "__main__":
    main()
