"""The tables of `ingest.py`, and what the project asks of itself: a literal list of ratios with must and stretch."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bench.figures import Figure
from bench.servers import ROWS

#: Ours, the best door first: the first that was measured is the one that a goal speaks of.
SQLITE = ("fast-sqlite", "flask-sqlite")
POSTGRESQL = ("fast-pg", "flask-pg")


@dataclass(frozen=True)
class Results:
    """What was measured: closed loop by row and connections; fixed rates by row and part of its capacity; the most memory
    while a row was filled."""

    closed: dict[tuple[str, int], Figure]
    slow_disk: bool
    server: str
    offered: dict[str, dict[float, Figure]] = field(default_factory=dict)
    filled: dict[str, float] = field(default_factory=dict)

    def capacity(self, row: str) -> float:
        """The highest rate of the closed loop, 0 when there is none."""
        return max((figure.rate for (key, _), figure in self.closed.items() if key == row), default=0.0)


@dataclass(frozen=True)
class Goal:
    """One figure the project wants. `reckon` answers it for one of `doors`, or nothing when the run has not measured it.
    Where `below`, less is better; `slow_disk` says on which disk it counts."""

    name: str
    doors: tuple[str, ...]
    reckon: Callable[[Results, str], float | None]
    must: float
    stretch: float
    below: bool = False
    slow_disk: bool = False
    unit: str = "x"


def against(other: str, connections: int = 32) -> Callable[[Results, str], float | None]:
    """Rate against the rate of another row."""

    def reckon(results: Results, door: str) -> float | None:
        ours, theirs = results.closed.get((door, connections)), results.closed.get((other, connections))
        return ours.rate / theirs.rate if ours and theirs and theirs.rate else None

    return reckon


def p99_closed(results: Results, door: str) -> float | None:
    """The p99 at 32 connections."""
    figure = results.closed.get((door, 32))
    return figure.p99 if figure else None


def p99_open(results: Results, door: str) -> float | None:
    """The p99 from the due time at a third of capacity."""
    figure = results.offered.get(door, {}).get(0.33)
    return figure.due99 if figure else None


def goodput(results: Results, door: str) -> float | None:
    """The lowest rate under overload against the highest rate at all."""
    offered = results.offered.get(door, {})
    over = [figure.rate for part, figure in offered.items() if part >= 4]
    peak = max([results.capacity(door), *(figure.rate for figure in offered.values())])
    return min(over) / peak if over and peak else None


def p99_overload(results: Results, door: str) -> float | None:
    """The highest p99 from sending under overload."""
    return max((figure.p99 for part, figure in results.offered.get(door, {}).items() if part >= 4), default=None)


def resident(results: Results, door: str) -> float | None:
    """The most memory while submissions were stored."""
    return results.filled.get(door)


GOALS = (
    Goal("SQLite: against the bare Flask view", SQLITE, against("bare"), 1.5, 2.0),
    Goal("against Isso", SQLITE, against("isso"), 55, 75),
    Goal("against Fastify + better-sqlite3, one commit each", SQLITE, against("fastify-sqlite"), 2.5, 3.5),
    Goal("against Fastify, groups by hand, 32 connections", SQLITE, against("fastify-grouped"), 0.9, 1.2),
    Goal("against Fastify, groups by hand, 256 connections", SQLITE, against("fastify-grouped", 256), 1.2, 1.5),
    Goal("PostgreSQL: against Fastify + pg", POSTGRESQL, against("fastify-pg"), 1.0, 1.3),
    Goal("PostgreSQL: against the textbook collector", POSTGRESQL, against("textbook-pg"), 35, 50),
    Goal("Flask door against the textbook collector, SQLite", ("flask-sqlite",), against("textbook-sqlite"), 6, 10),
    Goal("Flask door against the textbook collector, PostgreSQL", ("flask-pg",), against("textbook-pg"), 6, 10),
    Goal("p99 at 32 connections", SQLITE, p99_closed, 5, 3, below=True, unit=" ms"),
    Goal("p99 at a third of capacity, open loop", SQLITE, p99_open, 3, 2, below=True, unit=" ms"),
    Goal("2 ms disk: against one commit a request, 128 connections", SQLITE, against("fastify-sqlite", 128), 25, 40,
         slow_disk=True),
    Goal("offered 4 to 10 times capacity: goodput against its peak", SQLITE, goodput, 0.85, 0.95),
    Goal("the same: p99 from send", SQLITE, p99_overload, 200, 120, below=True, unit=" ms"),
    Goal("resident memory of `serve` while filled", SQLITE, resident, 150, 100, below=True, unit=" MB"),
)  # fmt: skip


def print_table(results: Results) -> None:
    """The closed loop."""
    first = ROWS[0].key
    print(f"Bare view and textbook collector on {results.server}{', 2 ms added to every sync' * results.slow_disk}.\n")
    print("| server | connections | stored a second | lowest to highest | against bare | p50 ms | p99 ms | p99.9 ms "
          "| CPU µs each | database µs each | MB | failed |")  # fmt: skip
    print("|---|" + "---:|" * 11)
    for row in ROWS:
        for (key, connections), one in results.closed.items():
            if key == row.key:
                base = results.closed.get((first, connections))
                print(
                    f"| {row.name} | {connections} | {one.rate:,.0f} | {one.lowest:,.0f} to {one.highest:,.0f} "
                    f"| {f'{one.rate / base.rate:.2f}' if base and base.rate else '-'} "
                    f"| {one.p50:.1f} | {one.p99:.1f} | {one.p999:.1f} | {one.cpu:,.0f} "
                    f"| {f'{one.database:,.0f}' if row.postgresql else '-'} | {one.memory:.0f} | {one.failed + one.busy:.0f} |"
                )


def print_rates(results: Results) -> None:
    """The open loop."""
    print("\n| server | offered a second | of capacity | stored a second | 503 a second | p50 / p99 ms from due "
          "| p50 / p99 / p99.9 ms from send | CPU µs each | failed |")  # fmt: skip
    print("|---|" + "---:|" * 8)
    for row in ROWS:
        for part, one in results.offered.get(row.key, {}).items():
            print(
                f"| {row.name} | {one.offered:,.0f} | {part:g} | {one.rate:,.0f} | {one.busy:,.0f} "
                f"| {one.due50:.1f} / {one.due99:.1f} | {one.p50:.1f} / {one.p99:.1f} / {one.p999:.1f} "
                f"| {one.cpu:,.0f} | {one.failed:.0f} |"
            )


def print_goals(results: Results) -> None:
    """The goals that this run can speak of."""
    print("\n| goal | row | measured | must | stretch | met |\n|---|---|---:|---:|---:|---|")
    names = {row.key: row.name for row in ROWS}
    for goal in GOALS:
        found = ((door, goal.reckon(results, door)) for door in goal.doors if goal.slow_disk == results.slow_disk)
        door, value = next(((door, value) for door, value in found if value is not None), ("", None))
        if value is None:
            continue
        met = [value <= mark if goal.below else value >= mark for mark in (goal.must, goal.stretch)]
        word = "stretch" if all(met) else "must" if met[0] else "no"
        print(
            f"| {goal.name} | {names[door]} | {value:.2f}{goal.unit} | {goal.must:g}{goal.unit} "
            f"| {goal.stretch:g}{goal.unit} | {word} |"
        )
