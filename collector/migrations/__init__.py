"""The schema's history, run by the program itself."""

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection

from collector.db import Database

#: Key of the lock that lets one process at a time migrate a PostgreSQL database; any number that nobody else uses.
_LOCK = 5_482_710_211


def upgrade(database: Database, key: Callable[[], bytes] | None = None) -> None:
    """Brings the schema up to date. Several processes may start at once: one migrates, the others wait. `key` gives the
    installation's, and is asked where an older version left secrets open, to be hidden; without it, there may be none."""
    with database.connection() as connection:
        if not database.embedded:
            connection.execute(text("set local lock_timeout = 0"))
            connection.execute(text("set local statement_timeout = 0"))
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config = _config()
        config.attributes.update(connection=connection, key=key)
        command.upgrade(config, "head")
        if database.pooler is not None and database.pooler.found:
            database.pooler.keep_limits(connection)


def current_revision(database: Database) -> str | None:
    """The revision that the schema is at."""
    with database.connection() as connection:
        return revision_of(connection)


def revision_of(connection: Connection) -> str | None:
    """The revision of the schema on an open connection; `None` where Lukewarm made none."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """The revision that `upgrade` leads to."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "collector:migrations")
    return config
