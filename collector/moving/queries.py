"""Reads of both databases: rows in the order of their keys, and the marks that say how far a copy has come.

JSON is read as the text it is stored as. Read into Python and written again, SQL's null and JSON's would be one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    cast,
    func,
    inspect,
    literal,
    select,
    tuple_,
)
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from collector.db import UtcTime
from collector.moving.position import position_key
from collector.moving.tally import Tally

#: In the target only, one row for each table, and no part of the schema: a target without it was not copied into.
MARKS = Table(
    "copy_mark",
    MetaData(),
    Column("name", String(63), primary_key=True),
    Column("position", Text),
    Column("rows", BigInteger, nullable=False),
    Column("sum", LargeBinary(32), nullable=False),
    Column("finished_at", UtcTime),
)

#: Rows that are read and written at once.
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Mark:
    """How much of a table is in the target: up to which key, and the tally of that."""

    after: tuple[object, ...] | None
    tally: Tally
    finished_at: datetime | None


def marks(tx: Connection) -> dict[str, Mark] | None:
    """How far a copy into this database has come, by table; `None` if none was begun."""
    if not inspect(tx).has_table(MARKS.name):
        return None
    return {
        row.name: Mark(
            position_key(row.position) if row.position else None,
            Tally(row.rows, int.from_bytes(row.sum)),
            row.finished_at,
        )
        for row in tx.execute(select(MARKS))
    }


def holds_unfinished_copy(tx: Connection) -> bool:
    """Whether a copy into this database was begun and not finished."""
    found = marks(tx)
    return found is not None and any(mark.finished_at is None for mark in found.values())


def existing(tx: Connection, tables: Sequence[Table]) -> list[Table]:
    """Those of `tables` that the database has."""
    names = set(inspect(tx).get_table_names())
    return [table for table in tables if table.name in names]


def with_rows(tx: Connection, tables: Sequence[Table]) -> list[str]:
    """The names of those tables that hold a row. Reads no other column: the schema may be an older one."""
    return [table.name for table in tables if tx.execute(select(literal(1)).select_from(table).limit(1)).first()]


def count(tx: Connection, table: Table) -> int:
    """How many rows the table has."""
    return tx.execute(select(func.count()).select_from(table)).scalar_one()


def documents(table: Table) -> tuple[bool, ...]:
    """Of each column whether it holds JSON."""
    return tuple(isinstance(column.type, JSON) for column in table.columns)


def walk(
    tx: Connection, table: Table, after: tuple[object, ...] | None = None, most: int | None = None
) -> Iterator[Sequence[Sequence[Any]]]:
    """The rows that follow the key `after`, in the key's order and in batches, `most` of them if given."""
    key = list(table.primary_key)
    places = [list(table.columns).index(column) for column in key]
    statement = select(*_as_stored(table)).order_by(*key)
    left = most
    while left is None or left > 0:
        limit = BATCH if left is None else min(BATCH, left)
        beyond = statement if after is None else statement.where(_beyond(key, after))
        batch: Sequence[Sequence[Any]] = tx.execute(beyond.limit(limit)).all()
        if batch:
            yield batch
        if len(batch) < limit:
            return
        after = tuple(batch[-1][place] for place in places)
        left = None if left is None else left - limit


def key_of(table: Table, row: Sequence[object]) -> tuple[object, ...]:
    """A row's primary key."""
    return tuple(value for column, value in zip(table.columns, row, strict=True) if column.primary_key)


def _as_stored(table: Table) -> list[ColumnElement[Any]]:
    return [cast(column, Text) if isinstance(column.type, JSON) else column for column in table.columns]


def _beyond(key: Sequence[Column[Any]], after: tuple[object, ...]) -> ColumnElement[bool]:
    values = [literal(value, column.type) for column, value in zip(key, after, strict=True)]
    return key[0] > values[0] if len(key) == 1 else tuple_(*key) > tuple_(*values)
