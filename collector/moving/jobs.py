"""The copy from beginning to end, as the command runs it.

The source is held so that it cannot change. Each batch is committed in the target together with a mark of how far the copy
has come, so that it may be killed at any moment; started again, it first reads what it had copied, which must still be what
the mark says, and goes on. At the end the target is read as a whole and compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from collector.db import UNAVAILABLE, Database
from collector.migrations import newest_revision, revision_of, upgrade
from collector.migrations.tables import METADATA
from collector.moving import CannotMove
from collector.moving.actions import append, begin, finish
from collector.moving.queries import Mark, count, documents, existing, key_of, marks, walk, with_rows
from collector.moving.tally import Difference, Tally

#: Told after each batch: what is done, table, rows done, rows in all.
Progress = Callable[[str, str, int, int], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of it. `earlier` is when an earlier run had finished the copy; this one then only compared."""

    rows: int
    tables: int
    differences: tuple[Difference, ...]
    earlier: datetime | None


def move(source: Database, target: Database, now: datetime, progress: Progress) -> Moved:
    """Copies every table of the source into the target, or goes on with that, and compares them.

    Raises `CannotMove`, `collector.db.InUse` when somebody else is at the source, one of `UNAVAILABLE` when a database is
    away; whatever was committed by then stays and is not copied again."""
    tables = METADATA.sorted_tables
    with source.alone() as here:
        _check_source(here)
        begun = _prepare(target, tables)
        earlier = max((mark.finished_at for mark in begun.values() if mark.finished_at), default=None)
        # Every table is checked before the first is written to: a target that belongs to another source stays as it is.
        places = {table.name: _checked(here, table, begun[table.name], progress) for table in tables}
        read = {table.name: _copied(here, target, table, places[table.name], progress) for table in tables}
        written = _tallies(target, read, tables, progress)
        differences = tuple(
            Difference(name, tally, written[name]) for name, tally in read.items() if tally != written[name]
        )
        if not differences and not earlier:
            with target.connection() as there:
                finish(there, tables, now)
    return Moved(sum(tally.rows for tally in read.values()), len(tables), differences, earlier)


def _check_source(here: Connection) -> None:
    revision, newest = revision_of(here), newest_revision()
    if revision is None:
        raise CannotMove("The source holds no Lukewarm data.")
    if revision != newest:
        raise CannotMove(
            f"The source's schema is at {revision}, this Lukewarm's at {newest}. Run 'lukewarm db upgrade' first; if that "
            "says that the database is newer, use the Lukewarm that made it."
        )


def _prepare(target: Database, tables: Sequence[Table]) -> dict[str, Mark]:
    with target.connection() as there:
        if marks(there) is None:
            _check_empty(there, tables)
    upgrade(target)
    with target.connection() as there:
        return begin(there, tables)


def _check_empty(there: Connection, tables: Sequence[Table]) -> None:
    found = existing(there, tables)
    if found and revision_of(there) is None:
        names = ", ".join(table.name for table in found)
        raise CannotMove(
            f"The target has tables of other origin with Lukewarm's names: {names}. Use an empty database."
        )
    if filled := with_rows(there, found):
        raise CannotMove(
            f"The target holds data already, in {', '.join(filled)}, and not from a copy that was begun. "
            "Make an empty database and copy into that; nothing was changed."
        )


def _checked(here: Connection, table: Table, mark: Mark, progress: Progress) -> Mark:
    """Reads what was copied of a table and returns how far that is in the source as it is now."""
    total, is_document = count(here, table) if mark.tally.rows else 0, documents(table)
    tally, last = Tally(), None
    for rows in walk(here, table, most=mark.tally.rows):
        tally, last = tally.plus(rows, is_document), key_of(table, rows[-1])
        progress("checked", table.name, tally.rows, total)
    found = Mark(last, tally, mark.finished_at)
    if found != mark and not mark.finished_at:
        raise CannotMove(
            f"This is not the source of the copy that was begun, or it has changed since: {table.name} differs. "
            "Make an empty database and begin again with that."
        )
    return found


def _copied(here: Connection, target: Database, table: Table, place: Mark, progress: Progress) -> Tally:
    """Copies what follows `place`, or only reads it when the copy was finished before, and returns the whole table's
    tally."""
    total, is_document, done = count(here, table), documents(table), "checked" if place.finished_at else "copied"
    tally = place.tally
    for rows in walk(here, table, place.after):
        after = tally.plus(rows, is_document)
        if not place.finished_at:
            _append(target, table, rows, tally, after)
        tally = after
        progress(done, table.name, tally.rows, total)
    if not total:
        progress(done, table.name, 0, 0)
    return tally


def _append(target: Database, table: Table, rows: Sequence[Sequence[object]], before: Tally, after: Tally) -> None:
    try:
        with target.connection() as there:
            append(there, table, rows, before, after)
    except UNAVAILABLE:
        raise
    except SQLAlchemyError as error:
        # Only the first line: what follows quotes the row.
        reason = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()[0]
        raise CannotMove(
            f"The target refuses a row of {table.name} among those numbered {before.rows + 1:,} to {after.rows:,} "
            f"by key: {reason}"
        ) from error


def _tallies(target: Database, read: dict[str, Tally], tables: Sequence[Table], progress: Progress) -> dict[str, Tally]:
    written: dict[str, Tally] = {}
    with target.reading() as tx:
        for table in tables:
            tally, is_document = Tally(), documents(table)
            for rows in walk(tx.connection(), table):
                tally = tally.plus(rows, is_document)
                progress("compared", table.name, tally.rows, read[table.name].rows)
            written[table.name] = tally
    return written
