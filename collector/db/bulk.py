"""Inserts of many rows at once, for the path that every submission takes.

SQLAlchemy knows the tables and their types; what it does for each statement, row and value again is done here once, when the
program starts, and the driver is spoken to directly. On SQLite one statement writes many rows, because the driver gives the
interpreter away and has to win it back at every statement; on PostgreSQL statements travel together in a pipeline."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import JSON, exc
from sqlalchemy.orm import Session
from sqlalchemy.pool import PoolProxiedConnection

from collector.db import Base, Database, UtcTime, Uuid16, table_of

Row = Sequence[Any]
Convert = Callable[[Any], Any]

#: Rows in one statement, largest first. A few sizes only, so that each statement stays prepared.
_SIZES = (64, 32, 16, 8, 4, 2, 1)


class Bulk:
    """A transaction in which only whole rows are written, on the driver's own cursor."""

    def __init__(self, connection: PoolProxiedConnection, embedded: bool) -> None:
        self._driver: Any = connection.driver_connection
        self.cursor: Any = connection.cursor()
        self.embedded = embedded

    def start_over(self) -> None:
        """Takes back all that was written in this transaction."""
        self._driver.rollback()
        if self.embedded:
            self.cursor.execute("begin immediate")

    def together(self) -> AbstractContextManager[Any]:
        """Statements that need not wait for each other's results: they travel together where the driver can."""
        return nullcontext() if self.embedded else self._driver.pipeline()


class BulkWriter:
    """Transactions of one connection, kept open, one at a time. Raises what SQLAlchemy would."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: PoolProxiedConnection | None = None
        database.before_dispose(self.close)

    def close(self) -> None:
        """Gives the connection back; the next transaction takes another one."""
        kept, self._connection = self._connection, None
        if kept is not None:
            kept.close()

    @contextmanager
    def writing(self) -> Iterator[Bulk]:
        """A transaction that is committed, durably, when the block ends, and rolled back when it raises."""
        with self._database.turn():
            try:
                if self._connection is None:
                    self._connection = self._database.engine.raw_connection()
                bulk = Bulk(self._connection, self._database.embedded)
                if bulk.embedded:
                    bulk.cursor.execute("begin immediate")
                yield bulk
                self._connection.commit()
                bulk.cursor.close()
            except BaseException as error:
                self._give_up(error)
                raise

    def _give_up(self, error: BaseException) -> None:
        # A connection on which something went wrong is not used again; closing it rolls back.
        lost, self._connection = self._connection, None
        if lost is not None:
            lost.invalidate()
        _raise_wrapped(error)


#: What SQLAlchemy makes of the classes that every driver has (PEP 249).
_WRAPPERS = (
    exc.OperationalError,
    exc.InterfaceError,
    exc.InternalError,
    exc.IntegrityError,
    exc.DataError,
    exc.ProgrammingError,
    exc.NotSupportedError,
)


def _raise_wrapped(error: BaseException) -> None:
    for kind in type(error).__mro__:
        known = getattr(exc, kind.__name__, None)
        if kind.__module__ not in ("builtins", known.__module__ if known else "") and known in _WRAPPERS:
            raise known(None, None, error, hide_parameters=True) from None


class BulkInsert:
    """An insert into the table of `row`. With `unique`, columns that are unique together, a row that is there already is
    passed over."""

    def __init__(self, row: type[Base], columns: Sequence[str], unique: Sequence[str] = ()) -> None:
        table = table_of(row)
        self._into = f"insert into {table.name} ({', '.join(columns)}) values "
        self._width = len(columns)
        self._end = f" on conflict ({', '.join(unique)}) do nothing" if unique else ""
        types = [table.c[column].type for column in columns]
        self._sqlite = [(place, _SQLITE[type(kind)]) for place, kind in enumerate(types) if type(kind) in _SQLITE]
        self._postgresql = [(place, _json) for place, kind in enumerate(types) if isinstance(kind, JSON)]
        self._text = {size: self._statement("?", size) for size in _SIZES}
        self._one = self._statement("%s", 1)

    def run(self, tx: Bulk | Session, rows: Sequence[Row]) -> Callable[[], int]:
        """Writes rows, each with its values in the order of `columns`. What is returned says how many were written; ask it
        after statements that travel together have arrived. Raises what SQLAlchemy would; in a `Bulk`, its writer does."""
        if isinstance(tx, Bulk):
            return self._run(tx, rows)
        try:
            return self._run(_bulk_of(tx), rows)
        except Exception as error:
            _raise_wrapped(error)
            raise

    def _run(self, bulk: Bulk, rows: Sequence[Row]) -> Callable[[], int]:
        if not rows:
            return lambda: 0
        if bulk.embedded:
            written = self._run_together(bulk.cursor, [_converted(row, self._sqlite) for row in rows])
            return lambda: written
        cursor = bulk.cursor.connection.cursor()
        cursor.executemany(self._one, [_converted(row, self._postgresql) for row in rows])
        return lambda: int(cursor.rowcount)

    def _run_together(self, cursor: Any, rows: Sequence[list[Any]]) -> int:
        written = begin = 0
        while begin < len(rows):
            size = next(size for size in _SIZES if size <= len(rows) - begin)
            values: list[Any] = []
            for row in rows[begin : begin + size]:
                values += row
            cursor.execute(self._text[size], values)
            written += cursor.rowcount
            begin += size
        return written

    def _statement(self, mark: str, size: int) -> str:
        one = f"({', '.join([mark] * self._width)})"
        return self._into + ", ".join([one] * size) + self._end


def _bulk_of(tx: Session) -> Bulk:
    connection = tx.connection()
    return Bulk(connection.connection, connection.dialect.name == "sqlite")


def _converted(row: Row, converts: Sequence[tuple[int, Convert]]) -> list[Any]:
    values = list(row)
    for place, convert in converts:
        values[place] = convert(values[place])
    return values


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _utc(value: datetime) -> str:
    # As SQLAlchemy writes times into SQLite; its own way through a format takes four times as long.
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


#: What the types of `db` do with a value on SQLite; PostgreSQL's driver takes times and UUIDs as they are.
_SQLITE: dict[type, Convert] = {UtcTime: _utc, Uuid16: lambda value: value.bytes, JSON: _json}
