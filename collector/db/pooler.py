"""PostgreSQL behind a pooler such as PgBouncer, which may give every transaction another connection.

Two things that a connection otherwise remembers are then lost or somebody else's: prepared statements and settings. The
limits on waiting are sent when a connection begins, which costs nothing. PgBouncer refuses that, or passes it over; then
they are kept with the role in the database (`keep_limits`), where every connection that PgBouncer opens finds them, which
costs nothing either. Setting them in each transaction would cost a trip to the database in each."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Dialect, Engine, event, text
from sqlalchemy.engine import Connection


class Pooler:
    """Whether there is one between `engine` and PostgreSQL: `found`, as soon as a connection was made. `limits` are settings
    of PostgreSQL that connections shall have."""

    def __init__(self, engine: Engine, limits: Mapping[str, str]) -> None:
        self.found = False
        self._limits = limits
        self._takes_options = True
        event.listen(engine, "do_connect", self._connect)
        event.listen(engine, "connect", self._look)

    def keep_limits(self, connection: Connection) -> None:
        """Keeps the limits with the role, in this database only, unless it has its own; a role may do that for itself. To be
        called in a transaction that is committed."""
        kept = connection.execute(
            text(
                "select setconfig from pg_db_role_setting join pg_roles on pg_roles.oid = setrole "
                "join pg_database on pg_database.oid = setdatabase "
                "where rolname = current_user and datname = current_database()"
            )
        ).scalar()
        name = connection.execute(text("select quote_ident(current_database())")).scalar_one()
        known = {entry.partition("=")[0] for entry in kept or ()}
        for setting, value in self._limits.items():
            if setting not in known:
                connection.exec_driver_sql(f"alter role current_user in database {name} set {setting} = '{value}'")
            # The connections that are open already have begun without it. Each process that starts comes by here.
            connection.exec_driver_sql(f"select set_config('{setting}', '{value}', false)")

    def _connect(self, dialect: Dialect, _record: object, places: Any, named: dict[str, Any]) -> Any:
        if self._takes_options:
            own = " ".join(f"-c {setting}={value}" for setting, value in self._limits.items())
            options = f"{named.get('options', '')} {own}".strip()
            try:
                return dialect.connect(*places, **{**named, "options": options})
            except dialect.loaded_dbapi.OperationalError as error:
                if "unsupported startup parameter" not in str(error):
                    raise
                self._takes_options = False
        return dialect.connect(*places, **named)

    def _look(self, connection: Any, _record: object) -> None:
        # A pooler makes up the number of the process that it names when a connection begins.
        connection.autocommit = True
        (process,) = connection.execute("select pg_backend_pid()").fetchone()
        connection.autocommit = False
        if process != connection.info.backend_pid:
            self.found = True
            # PgBouncer before 1.21 takes one connection's prepared statements for another's.
            connection.prepare_threshold = None
