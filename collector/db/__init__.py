"""The database: one engine, `reading()` and `writing()`.

SQLite is used so that an acknowledged write survives a power cut. Versions before 3.51.3 (3.50.7 and 3.44.6 apart) can
lose commits or damage the file when a checkpoint and a writer meet in write-ahead mode; with such a library the rollback
journal is used instead, which has no checkpoint."""

import sqlite3 as standard_sqlite
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import ModuleType
from typing import Any, Literal, cast

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, SQLAlchemyError, TimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from collector.db.checkpoint import Checkpoints
from collector.db.pooler import Pooler
from collector.db.tables import Base, BigKey, Digest, UtcTime, Uuid16, table_of
from collector.db.turn import Turn

__all__ = [
    "UNAVAILABLE",
    "Base",
    "BigKey",
    "Database",
    "Digest",
    "Health",
    "InUse",
    "UtcTime",
    "Uuid16",
    "safe_for_wal",
    "sqlite_module",
    "table_of",
]

#: What a lost, locked, full, busy or read-only database raises: the caller may try again, nothing was stored.
UNAVAILABLE: tuple[type[SQLAlchemyError], ...] = (OperationalError, InterfaceError, InternalError, TimeoutError)

#: Seconds that a writer waits for its turn.
_PATIENCE = 5
#: Seconds for which a writer whom nobody waits for lets the others go first.
GIVES_WAY = 0.05
#: https://www.postgresql.org/docs/current/wal-async-commit.html
_UNSYNCED = text("set local synchronous_commit = off")
_LIMITED = text("select set_config('statement_timeout', :limit, true)")
#: Steps of SQLite's machine between two looks at the clock; some 100 µs.
_STEPS = 20_000

Journal = Literal["wal", "delete"]


class InUse(Exception):
    """Somebody else has the database open who should not."""


def safe_for_wal(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset bug (present in 3.7.0 to 3.51.2, mended in 3.51.3, and in the branches
    3.50.7 and 3.44.6)."""
    if version[:2] == (3, 44):
        return version >= (3, 44, 6)
    if version[:2] == (3, 50):
        return version >= (3, 50, 7)
    return version >= (3, 51, 3)


def sqlite_module() -> ModuleType:
    """The SQLite to use: the standard library's if it is safe in write-ahead mode, else a mended one if installed."""
    if safe_for_wal(standard_sqlite.sqlite_version_info):
        return standard_sqlite
    try:
        import pysqlite3  # noqa: PLC0415 - only wheels for some platforms exist
    except ImportError:
        return standard_sqlite
    bundled: ModuleType = pysqlite3
    return bundled if bundled.sqlite_version_info > standard_sqlite.sqlite_version_info else standard_sqlite


@dataclass(frozen=True, slots=True)
class Health:
    """What `/readyz` and `lukewarm config` say of the database."""

    database: str
    version: str
    journal: Journal | None


class Database:
    """One engine with its two ways in. Only edges (`api`, `pages`, `jobs`, `cli`) open them."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = make_url(url)
        self.embedded = self.url.get_backend_name() == "sqlite"
        self.journal: Journal | None = None
        self.pooler: Pooler | None = None
        if self.embedded:
            module = sqlite_module()
            self.journal = "wal" if safe_for_wal(module.sqlite_version_info) else "delete"
            self.version = module.sqlite_version
            if self.url.database:
                Path(self.url.database).absolute().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.engine = create_engine(
                self.url, module=module, hide_parameters=True, pool_size=pool_size, max_overflow=4
            )
            _set_up_sqlite(self.engine, self.journal)
        else:
            self.version = ""
            self.engine = create_engine(
                self.url,
                hide_parameters=True,
                pool_size=pool_size,
                max_overflow=4,
                pool_pre_ping=True,
                connect_args={"connect_timeout": _PATIENCE, "tcp_user_timeout": 3000 * _PATIENCE},
            )
            # Whoever waits for a row, a statement or a dead network holds a thread, and soon all of them.
            limits = {"lock_timeout": f"{_PATIENCE}s", "statement_timeout": f"{3 * _PATIENCE}s"}
            self.pooler = Pooler(self.engine, limits)
        self._turn = Turn()
        self._closing: list[Callable[[], None]] = []
        self._read = self.engine.execution_options(postgresql_readonly=True, lukewarm_begin="BEGIN")
        self._write = self.engine.execution_options(lukewarm_begin="BEGIN IMMEDIATE")
        # With the rollback journal, commits that are not synced could damage the file.
        self._unsynced = self._write.execution_options(lukewarm_unsynced=self.journal == "wal")

    @contextmanager
    def reading(self, within: float | None = None) -> Iterator[Session]:
        """A transaction that sees one state and writes nothing; PostgreSQL refuses a write in it. A statement that takes
        longer than `within` seconds (on SQLite all of them together) is ended and raises one of `UNAVAILABLE`."""
        with Session(self._read, autoflush=False) as tx, _bounded(tx, within):
            yield tx
            tx.rollback()

    @contextmanager
    def writing(self, waited_for: bool = True) -> Iterator[Session]:
        """A transaction that is committed, durably, when the block ends, and rolled back when it raises.

        One that is not `waited_for` lets others of this process go first on SQLite, for up to `GIVES_WAY` seconds, and is
        durable with the next one that is: until then a power cut may take it back, whole, and no other before it. It is for
        what is done again if it was not done, and tells nobody outside.

        On SQLite it begins immediately: one that reads first and writes later would fail at once when another writer
        was quicker, whatever the timeout."""
        with self.turn(waited_for), Session(self._write if waited_for else self._unsynced) as tx, tx.begin():
            if not (waited_for or self.embedded):
                tx.execute(_UNSYNCED)
            yield tx

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A bare connection in a writing transaction, for migrations."""
        with self.turn(), self._write.begin() as connection:
            yield connection

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """A transaction to read in while nobody else changes anything, however long it takes; it is rolled back.

        SQLite's file is locked as a whole. In write-ahead mode everybody holds a lock for as long as the file is open, so
        that even an idle program is noticed; with the rollback journal only one that is reading or writing. On PostgreSQL
        nobody else may be connected to the database at the beginning, and later writers are held off. Raises `InUse`."""
        self.dispose()  # our own idle connections would be somebody else's too
        engine = self.engine.execution_options(lukewarm_begin="BEGIN EXCLUSIVE")
        with engine.connect() as connection:
            try:
                if self.embedded:
                    cast(Any, connection.connection.driver_connection).execute("pragma locking_mode = exclusive")
                _begin_alone(connection)
                if not self.embedded:
                    _lock_tables(connection)
                yield connection
            finally:
                # SQLite gives such a lock back when the connection is closed, not when the transaction ends.
                connection.invalidate()

    def turn(self, waited_for: bool = True) -> AbstractContextManager[None]:
        """SQLite lets writers in one at a time and makes the others ask again at growing intervals; threads of one process
        wait in a queue instead. One that waits too long gives up like any writer that finds the database busy."""
        return self._turn.taken(_PATIENCE, 0.0 if waited_for else GIVES_WAY) if self.embedded else nullcontext()

    def health(self) -> Health:
        """Asks the database for its version; raises one of `UNAVAILABLE` when it does not answer."""
        with self.reading() as tx:
            query = "select sqlite_version()" if self.embedded else "show server_version"
            version = str(tx.execute(text(query)).scalar_one())
        return Health("sqlite" if self.embedded else "postgresql", version, self.journal)

    def writable(self) -> bool:
        """Whether a write could begin now. `False` on a PostgreSQL that only follows another; raises one of `UNAVAILABLE`
        when a write cannot begin."""
        with self.connection() as connection:
            return self.embedded or connection.execute(text("show transaction_read_only")).scalar_one() == "off"

    def checkpoint_apart(self) -> None:
        """Has SQLite's write-ahead log carried over by a thread of its own until `dispose`, and not by commits. Does nothing
        where there is no such log."""
        if self.journal == "wal":
            self._closing.append(Checkpoints(self.engine, self.turn).stop)

    def before_dispose(self, close: Callable[[], None]) -> None:
        """Has `close` called before the connections are closed, by whoever keeps one for longer than a transaction."""
        self._closing.append(close)

    def _close_kept(self) -> None:
        for close in self._closing:
            close()

    def dispose(self) -> None:
        """Closes every connection."""
        self._close_kept()
        self.engine.dispose()


@contextmanager
def _bounded(tx: Session, within: float | None) -> Iterator[None]:
    if within is None:
        yield
        return
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(_LIMITED, {"limit": f"{within * 1000:.0f}ms"})
        yield
        return
    driver: Any = tx.connection().connection.driver_connection
    end = monotonic() + within
    driver.set_progress_handler(lambda: monotonic() > end, _STEPS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)


def _begin_alone(connection: Connection) -> None:
    try:
        connection.begin()
    except OperationalError as error:
        if "locked" in str(error.orig):
            raise InUse from None
        raise


def _lock_tables(connection: Connection) -> None:
    connection.execute(text("set local statement_timeout = 0"))
    _wait_until_alone(connection)
    names = connection.scalars(
        text("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = current_schema()")
    ).all()
    if names:
        connection.execute(text(f"lock table {', '.join(names)} in share mode"))


def _wait_until_alone(connection: Connection) -> None:
    others = text(
        "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() "
        "and backend_type = 'client backend'"
    )
    # Whoever was stopped a moment ago is still leaving.
    for _ in range(10 * _PATIENCE):
        connection.execute(text("select pg_stat_clear_snapshot()"))
        if not connection.execute(others).scalar_one():
            return
        connection.execute(text("select pg_sleep(0.1)"))
    raise InUse


def _set_up_sqlite(engine: Engine, journal: Journal) -> None:
    # In write-ahead mode FULL syncs each commit; with the rollback journal EXTRA also syncs its removal.
    synced = f"pragma synchronous = {'full' if journal == 'wal' else 'extra'}"

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is written below, by us, and never by the driver
        cursor = connection.cursor()
        cursor.execute(f"pragma busy_timeout = {_PATIENCE * 1000}")
        cursor.execute(f"pragma journal_mode = {journal}")
        cursor.execute(synced)
        cursor.execute("pragma foreign_keys = on")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("lukewarm_unsynced"):
            connection.info["unsynced"] = True
            # The log is then synced by the next commit that is synced, or before it is carried over.
            connection.exec_driver_sql("pragma synchronous = normal")
        connection.exec_driver_sql(options.get("lukewarm_begin", "BEGIN IMMEDIATE"))

    @event.listens_for(engine, "checkout")
    def _checkout(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        # Whoever takes a connection next, in whatever way, is synced again.
        if record.info.pop("unsynced", False):
            connection.execute(synced).close()
