"""What the worker does about waves: looks at what came since it last looked. No visitor waits for it."""

from datetime import datetime, timedelta

from collector.db import Database
from collector.ids import public_id
from collector.waves.actions import forget_prints, keep, take
from collector.waves.copies import REMEMBERED
from collector.waves.queries import counts_in, has_prints, moments, numbers, seen_after, with_news
from collector.waves.unusual import LEAST, LEAST_PAST, SPANS, Stretch, Usual, hours_like, is_unusual, stretch, usual
from collector.waves.watch import Watch

#: What came within this time may still be on its way to the disk.
_LAG = timedelta(seconds=10)
#: Responses that are taken in one transaction, for which visitors wait on SQLite, and transactions in a row for one site.
_AT_ONCE, _IN_A_ROW = 250, 80


def look_for_waves(database: Database, now: datetime) -> int:
    """Looks at all that came since the last time, on every site, and returns how many new waves there are. Forgets by what
    copies are known when that is a day old."""
    until = now - _LAG
    with database.reading() as tx:
        is_over = has_prints(tx, now - REMEMBERED)
    if is_over:
        with database.writing() as tx:
            forget_prints(tx, now - REMEMBERED)
    with database.reading() as tx:
        watches = with_news(tx, until)
    return sum(_look(database, watch, until, now) for watch in watches)


def _look(database: Database, watch: Watch, until: datetime, now: datetime) -> int:
    reached = _catch_up(database, watch, until, now)
    if reached is None or until - reached.since < LEAST_PAST:
        return 0
    with database.reading() as tx:
        found: dict[str, tuple[Stretch, Usual]] = {}
        for span in SPANS:
            for kind, number in numbers(tx, reached, until - span, until).items():
                if number < LEAST or kind in found:
                    continue
                known = usual(counts_in(tx, reached, kind, hours_like(until, reached.since)))
                if is_unusual(number, span, known):
                    found[kind] = stretch(moments(tx, reached, kind, until - SPANS[-1], until), known), known
    if not found:
        return 0
    with database.writing() as tx:
        return sum(keep(tx, reached, kind, run, known, now) for kind, (run, known) in found.items())


def _catch_up(database: Database, watch: Watch, until: datetime, now: datetime) -> Watch | None:
    """Counts what came, some at a time. Returns how far that went; `None` while more waits, or where another worker is at
    it."""
    for _ in range(_IN_A_ROW):
        with database.reading() as tx:
            seen = seen_after(tx, watch, until, _AT_ONCE)
        if seen:
            after = watch.after(seen[-1]).with_key(public_id("print", 22), now)
            # Made before it is anybody's turn to write.
            prints = [(one, made) for one in seen if (made := one.print_by(after.key, until))]
            with database.writing() as tx:
                if not take(tx, watch, after, seen, prints):
                    return None
            watch = after
        if len(seen) < _AT_ONCE:
            return watch
    return None
