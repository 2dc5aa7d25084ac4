"""How long facts wait for the worker while visitors come in a burst, and until all are told when it is over."""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from bench.figures import Figure, Load
from bench.processes import memory, processor_time
from collector.db import Database
from collector.outbox.models import EntryRow

#: Seconds between two looks at the outbox.
_LOOK = 0.5


@dataclass(frozen=True)
class Burst:
    """One burst of `seconds`. `waited` is the age of the oldest fact at its worst, `caught_up` the time from the end of the
    burst until none was left; seconds. `memory` is megabytes at the most; `cpu` microseconds of the server's processes for
    each submission, until then."""

    seconds: float
    figure: Figure
    waited: float
    caught_up: float
    memory: float
    cpu: float


def burst(load: Load, address: str, connections: int) -> Burst:
    """Visitors come for as long as `load` says; `address` is the database in which it is seen what waits."""
    assert load.server is not None
    process, database = load.server.process, Database(address)
    waited = [0.0]
    over = threading.Event()

    def look() -> None:
        while not over.wait(_LOOK):
            waited.append(_oldest(database))

    before = processor_time(process)
    watching = threading.Thread(target=look)
    watching.start()
    figure = load.measure(connections)
    ended = time.monotonic()
    over.set()
    watching.join()
    while age := _oldest(database):
        waited.append(age)
        time.sleep(_LOOK)
    caught_up = time.monotonic() - ended
    database.dispose()
    stored = figure.rate * load.seconds
    spent = (processor_time(process) - before) / stored * 1e6
    return Burst(load.seconds, figure, max(waited), caught_up, max(figure.memory, memory(process)), spent)


def print_bursts_head() -> None:
    """The first lines of the table."""
    print("\n| server | connections | seconds | stored a second | p50 / p99 / p99.9 ms | CPU µs each, meanwhile "
          "| until all is told | oldest fact s | all told after s | MB |")  # fmt: skip
    print("|---|" + "---:|" * 9)


def print_burst(name: str, connections: int, one: Burst) -> None:
    """A line of the table."""
    figure = one.figure
    print(
        f"| {name} | {connections} | {one.seconds:g} | {figure.rate:,.0f} "
        f"| {figure.p50:.1f} / {figure.p99:.1f} / {figure.p999:.1f} "
        f"| {figure.cpu:,.0f} | {one.cpu:,.0f} | {one.waited:.1f} | {one.caught_up:.1f} | {one.memory:.0f} |",
        flush=True,
    )


def _oldest(database: Database) -> float:
    waiting = select(func.min(EntryRow.due_at)).where(EntryRow.state.in_(("waiting", "held")))
    with database.reading() as tx:
        oldest: datetime | None = tx.scalar(waiting)
    return max(0.0, (datetime.now(UTC) - oldest).total_seconds()) if oldest is not None else 0.0
