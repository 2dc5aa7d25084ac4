"""The schema's history, run by the program itself."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text

from collector.db import Database

#: Key of the lock that lets one process at a time migrate a PostgreSQL database; any number that nobody else uses.
_LOCK = 5_482_710_211


def upgrade(database: Database) -> None:
    """Brings the schema up to date. Several processes may start at once: one migrates, the others wait."""
    with database.connection() as connection:
        if not database.embedded:
            connection.execute(text("set local lock_timeout = 0"))
            connection.execute(text("set local statement_timeout = 0"))
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config = Config()
        config.set_main_option("script_location", "collector:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def current_revision(database: Database) -> str | None:
    """The revision that the schema is at."""
    with database.connection() as connection:
        return MigrationContext.configure(connection).get_current_revision()
