"""What every command needs first: the settings, the database at its newest schema, and errors as one clear line."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import click
from alembic.util import CommandError

from collector.config import Settings, SettingsError, read_settings
from collector.config.secret_file import signing_key
from collector.db import UNAVAILABLE, Database
from collector.migrations import upgrade
from collector.moving.queries import holds_unfinished_copy
from collector.problems import Problem

#: Packages of extras that a setting asks for -> the extra, and what it is for.
_EXTRAS = {
    "redis": ("redis", "Redis"),
    **dict.fromkeys(("authlib", "joserfc", "requests"), ("oidc", "an OpenID provider")),
}


@dataclass(frozen=True, slots=True)
class Installation:
    """Settings and an open database."""

    settings: Settings
    database: Database = field(repr=False)

    @property
    def root(self) -> str:
        """Where the collector is reached, as far as the settings say."""
        return self.settings.public_url or f"http://{self.settings.host}:{self.settings.port}"


def settings_from_environment(**changes: Any) -> Settings:
    """The settings, with what the command's options change. Ends the program with a line for each fault."""
    environ = dict(os.environ)
    environ.update({name: str(value) for name, value in changes.items() if value is not None})
    try:
        return read_settings(environ)
    except SettingsError as error:
        for line in error.errors:
            click.echo(line, err=True)
        sys.exit(2)


@contextmanager
def installation(settings: Settings | None = None) -> Iterator[Installation]:
    """The installation, its schema brought up to date. Problems and a database that is away end the program with a line
    that says what to do."""
    settings = settings or settings_from_environment()
    with told_in_a_line():
        database = Database(settings.database, pool_size=settings.threads + 2)
        try:
            upgrade(database, partial(signing_key, settings))
            _refuse_half_a_copy(database)
            yield Installation(settings, database)
        finally:
            database.dispose()


@contextmanager
def told_in_a_line() -> Iterator[None]:
    """Ends the program with a line that says what to do when something expected goes wrong."""
    try:
        yield
    except Problem as problem:
        faults = [f"{fault.parameter or fault.pointer or ''} {fault.detail}".lstrip() for fault in problem.faults]
        for line in faults or [problem.detail]:
            click.echo(line, err=True)
        sys.exit(1)
    except SettingsError as error:
        for line in error.errors:
            click.echo(line, err=True)
        sys.exit(2)
    except CommandError:
        click.echo("The database was made by a newer Lukewarm. Install that one, or restore a backup.", err=True)
        sys.exit(1)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        extra, purpose = _EXTRAS.get(package, ("postgresql", "PostgreSQL"))
        click.echo(f"{package} is missing. For {purpose} install lukewarm[{extra}].", err=True)
        sys.exit(1)
    except UNAVAILABLE as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()[0]
        click.echo(f"The database cannot be used: {reason}", err=True)
        click.echo("LUKEWARM_DATABASE_URL says which one; 'lukewarm config' shows it.", err=True)
        sys.exit(1)
    except PermissionError as error:
        click.echo(f"{error.filename}: {error.strerror}. LUKEWARM_DATA_DIR says where data lie.", err=True)
        sys.exit(1)


def _refuse_half_a_copy(database: Database) -> None:
    with database.reading() as tx:
        unfinished = holds_unfinished_copy(tx.connection())
    if unfinished:
        click.echo("A copy into this database is not finished. Give 'lukewarm db copy' again as before.", err=True)
        sys.exit(1)
