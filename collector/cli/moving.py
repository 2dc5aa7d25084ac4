"""The command that moves an installation to another database."""

import sys
from pathlib import Path
from time import monotonic

import click
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from collector import clock
from collector.cli.installation import settings_from_environment, told_in_a_line
from collector.config import Settings
from collector.config.kinds import database_address
from collector.config.secret_file import secret_file
from collector.db import Database, InUse
from collector.moving import CannotMove
from collector.moving.jobs import Moved, move

#: Seconds between two lines of progress where each stays.
_PAUSE = 5.0


class _Address(click.ParamType[URL]):
    name = "address"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> URL:
        try:
            return make_url(database_address(str(value)))
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


class _Progress:
    """Rows done of rows in all, for each table: a line that changes on a terminal, elsewhere a line now and then."""

    def __init__(self) -> None:
        self._on_terminal = sys.stderr.isatty()
        self._told = 0.0

    def __call__(self, done: str, table: str, rows: int, total: int) -> None:
        whole = rows >= total
        line = f"{table}: {rows:,} of {total:,} rows {done}"
        if self._on_terminal:
            click.echo(f"\r\x1b[K{line}", err=True, nl=whole)
        elif whole or monotonic() - self._told >= _PAUSE:
            click.echo(line, err=True)
            self._told = monotonic()


@click.command("copy")
@click.option(
    "--to",
    "address",
    type=_Address(),
    required=True,
    metavar="ADDRESS",
    help="Address of the new database: postgresql://user@host/database. Its password may stand in ~/.pgpass.",
)
def copy_command(address: URL) -> None:
    """Move this installation to another database, from SQLite to PostgreSQL above all.

    The collector must be stopped. If the copy is interrupted, give the command again: it goes on where it was."""
    settings = settings_from_environment()
    with told_in_a_line():
        try:
            moved = _moved(settings, address)
        except InUse:
            click.echo(
                "Somebody has the source open. Stop the collector, its workers and other programs first.", err=True
            )
            sys.exit(1)
        except CannotMove as refusal:
            click.echo(str(refusal), err=True)
            sys.exit(1)
        except SQLAlchemyError as error:
            # Only the first line: what follows may quote a row.
            reason = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()[0]
            click.echo(f"A database cannot be used: {reason}", err=True)
            click.echo("What was copied so far stays; give the command again to go on.", err=True)
            sys.exit(1)
    if moved.differences:
        for difference in moved.differences:
            click.echo(f"Not the same: {difference}.", err=True)
        click.echo(_advice(moved), err=True)
        sys.exit(1)
    click.echo(f"{moved.rows:,} rows in {moved.tables} tables: counts and checksums agree.")
    click.echo(_next_step(settings, address))


def _moved(settings: Settings, address: URL) -> Moved:
    here = make_url(settings.database)
    if _place(here) == _place(address):
        raise CannotMove("The target is the source. --to names the new database.")
    if settings.embedded and not Path(str(here.database)).exists():
        raise CannotMove(
            f"There is no file {Path(str(here.database)).absolute()}. LUKEWARM_DATA_DIR says where data lie."
        )
    source = Database(settings.database)
    target = Database(address.render_as_string(hide_password=False))
    try:
        return move(source, target, clock.now(), _Progress())
    finally:
        source.dispose()
        target.dispose()


def _place(address: URL) -> URL | Path:
    return Path(address.database or "").resolve() if address.get_backend_name() == "sqlite" else address


def _advice(moved: Moved) -> str:
    if moved.earlier is None:
        return "The target is not to be used. Make an empty database and copy into that."
    return (
        f"The copy was finished on {moved.earlier:%Y-%m-%d at %H:%M} UTC with everything equal; one of the two has been used "
        "since. Nothing was changed."
    )


def _next_step(settings: Settings, address: URL) -> str:
    shown = address.set(drivername=address.get_backend_name()).render_as_string(hide_password=True)
    if settings.secret_key is not None:
        secret = "leave LUKEWARM_SECRET_KEY as it is"
    elif secret_file(settings).exists():
        secret = f"LUKEWARM_SECRET_KEY_FILE={secret_file(settings).absolute()} (or its contents as LUKEWARM_SECRET_KEY)"
    else:
        secret = "LUKEWARM_SECRET_KEY to a new secret, for none was made so far"
    return f"Now set LUKEWARM_DATABASE_URL={shown} and {secret}, then start the collector."
