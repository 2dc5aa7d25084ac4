#!/usr/bin/env python3
"""What each step of a submission costs in processor time, in one thread and without a server: the profile behind the rates of
bench/ingest.py. On SQLite and, with TEST_POSTGRESQL, the folder with initdb, on PostgreSQL; both sync to the disk.

    python -m bench.steps [--rounds N]

Groups of 32, the steps in turns, medians of the rounds, in microseconds a submission. The last line compares what only this
product does (the question and its reasons, the follow-up, the entry in the outbox) with all the rest, which a collector that
asks nothing would do as well."""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, cycle
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.processes import processor_time
from bench.replay import ORIGIN
from bench.rows import make
from bench.submissions import MARK, submissions
from collector.db import Database
from collector.db.bulk import BulkWriter
from collector.intake.accept import accept, ask
from collector.intake.actions import store
from collector.intake.quick.schemas import read_quickly
from collector.intake.schemas import receipt_json
from collector.intake.snapshot import Snapshot
from collector.intake.submission import Content, Rows, Submission
from collector.migrations import upgrade
from collector.responses.actions import record
from tests.servers.postgres import Postgres

GROUP = 32
#: Groups of one step in a round.
GROUPS = 40
READ, ACCEPT, ASK, RECEIPT, BARE, ALL = STEPS = (
    "read the body",
    "accept: check, tag, digest, tokens, question",
    "of it: choose the question and make the follow-up",
    "write the receipt",
    "store the response alone",
    "store it with follow-up and outbox entry",
)


@dataclass(frozen=True)
class Ground:
    """A database with one site, and bodies as its visitors send them. `server` is the database's first process, 0 without."""

    database: Database
    snapshot: Snapshot
    server: int
    bodies: Iterator[bytes]


def main() -> None:
    """Prints a table for each database."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=9)
    rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="steps-") as name:
        show(ground(f"sqlite:///{name}/steps.db", 0), rounds)
        if os.environ.get("TEST_POSTGRESQL"):
            cluster = Postgres(Path(name), durable=True)
            try:
                process = int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
                show(ground(cluster.url("postgres"), process), rounds)
            finally:
                cluster.remove()


def ground(url: str, server: int) -> Ground:
    """A fresh database with a site."""
    database = Database(url)
    upgrade(database)
    return Ground(database, make(database), server, bodies())


def bodies() -> Iterator[bytes]:
    """Submissions without end, each with an id of its own, made one after the other."""
    for number, body in zip(count(), cycle(submissions(ORIGIN).encode().splitlines())):
        made = UUID(int=int(time.time() * 1000) << 80 | 7 << 76 | 2 << 62 | number)
        yield body.replace(MARK.encode(), str(made).encode())


def show(on: Ground, rounds: int) -> None:
    """Measures and prints."""
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in STEPS}
    for _ in range(rounds + 1):
        for name, (given, run) in steps(on).items():
            spent[name].append(cost(on, given, run))
    # The first round warms up.
    ours, theirs = (
        {name: statistics.median(one[at] for one in times[1:]) for name, times in spent.items()} for at in (0, 1)
    )
    health = on.database.health()
    print(f"{health.database} {health.version}\n\n| step | here, µs | the database's processes, µs |\n|---|---:|---:|")
    for name in STEPS:
        print(f"| {name} | {ours[name]:.0f} | {f'{theirs[name]:.0f}' if on.server else '-'} |")
    whole = {name: ours[name] + theirs[name] for name in STEPS}
    added = whole[ASK] + whole[ALL] - whole[BARE]
    rest = whole[READ] + whole[ACCEPT] - whole[ASK] + whole[RECEIPT] + whole[BARE]
    print(f"\nQuestion, follow-up and outbox: {added:.0f} µs on top of {rest:.0f}, {added / rest:.0%}.\n")
    on.database.dispose()


def steps(on: Ground) -> dict[str, tuple[Callable[[], Sequence[Any]], Callable[[Sequence[Any]], object]]]:
    """For each step what it is given, which is not counted, and what it does with it."""
    writer, now = BulkWriter(on.database), datetime.now(UTC)
    survey = on.snapshot.survey(None)
    assert survey is not None

    def sent() -> list[bytes]:
        return [next(on.bodies) for _ in range(GROUP)]

    def contents() -> list[Content]:
        return [content for body in sent() if (content := read_quickly(body)) is not None]

    def accepted() -> list[Any]:
        return [accept(Submission(content, ORIGIN, now), on.snapshot) for content in contents()]

    def store_bare(group: Sequence[Rows]) -> None:
        with writer.writing() as tx, tx.together():
            record(tx, [rows.response for rows in group])

    def store_all(group: Sequence[Rows]) -> None:
        with writer.writing() as tx:
            store(tx, group)

    return {
        READ: (sent, lambda group: [read_quickly(body) for body in group]),
        ACCEPT: (contents, lambda group: [accept(Submission(one, ORIGIN, now), on.snapshot) for one in group]),
        ASK: (contents, lambda group: [ask(one, one.id, one.page, survey, on.snapshot, now) for one in group]),
        RECEIPT: (accepted, lambda group: [receipt_json(receipt) for receipt, _ in group]),
        BARE: (lambda: [rows for _, rows in accepted()], store_bare),
        ALL: (lambda: [rows for _, rows in accepted()], store_all),
    }


def cost(on: Ground, given: Callable[[], Sequence[Any]], run: Callable[[Sequence[Any]], object]) -> tuple[float, float]:
    """Microseconds of processor time a submission, of this process and of the database's."""
    groups = [given() for _ in range(GROUPS)]
    before, theirs = time.process_time(), processor_time(on.server) if on.server else 0
    for group in groups:
        run(group)
    spent = time.process_time() - before, (processor_time(on.server) if on.server else 0) - theirs
    return spent[0] / GROUPS / GROUP * 1e6, spent[1] / GROUPS / GROUP * 1e6


if __name__ == "__main__":
    main()
