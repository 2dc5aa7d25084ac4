"""What every command needs first: the settings, the database at its newest schema, and errors as one clear line."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import click

from collector.config import Settings, SettingsError, read_settings
from collector.db import UNAVAILABLE, Database
from collector.migrations import upgrade
from collector.problems import Problem


@dataclass(frozen=True, slots=True)
class Installation:
    """Settings and an open database."""

    settings: Settings
    database: Database = field(repr=False)


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
    database = Database(settings.database, pool_size=settings.threads + 2)
    try:
        upgrade(database)
        yield Installation(settings, database)
    except Problem as problem:
        click.echo(f"{problem.title}. {problem.detail}", err=True)
        for fault in problem.faults:
            click.echo(f"  {fault.parameter + ': ' if fault.parameter else ''}{fault.detail}", err=True)
        sys.exit(1)
    except UNAVAILABLE as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()[0]
        click.echo(f"The database cannot be used: {reason}", err=True)
        click.echo("LUKEWARM_DATABASE_URL says which one; 'lukewarm config' shows it.", err=True)
        sys.exit(1)
    finally:
        database.dispose()
