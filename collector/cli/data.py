"""Commands that bring data out and the schema up to date."""

import os
import sys
from pathlib import Path

import click

from collector.cli.installation import installation
from collector.exports.columns import ExportedResponse, values
from collector.exports.formats import FORMATS
from collector.exports.queries import exported_responses
from collector.exports.walk import walk
from collector.migrations import current_revision
from collector.responses.filters import FILTERS, parse_filter
from collector.sites.queries import site_called


@click.command("export")
@click.option("--site", required=True, help="Key or name of the site.")
@click.option("--format", "name", default="csv", show_default=True, help=f"One of {', '.join(FORMATS)}.")
@click.option("--survey", help=FILTERS["survey"])
@click.option("--segment", help=FILTERS["segment"])
@click.option("--category", help=FILTERS["category"])
@click.option("--since", help=FILTERS["since"])
@click.option("--until", help=FILTERS["until"])
@click.option("--answered", help=FILTERS["answered"])
@click.option("--partial", help=FILTERS["partial"])
@click.option("--suspect", help=FILTERS["suspect"])
@click.option("--attribute", help=FILTERS["attribute"])
@click.option("--language", help=FILTERS["language"])
@click.option("--page", help=FILTERS["page"])
@click.option("--text", help=FILTERS["text"])
@click.option("--set-aside", help=FILTERS["set_aside"])
@click.option("--bom", is_flag=True, help="Begin a CSV file with a byte-order mark, for spreadsheets that need it.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write, instead of the terminal."
)
def export_command(site: str, name: str, bom: bool, output: Path | None, **given: str | None) -> None:
    """Write a site's responses with questions, reasons and answers."""
    chosen = FORMATS.get(name)
    if chosen is None:
        raise click.BadParameter(f"{name!r} is not one of {', '.join(FORMATS)}.", param_hint="--format")
    with installation() as here:
        with here.database.reading() as tx:
            key = site_called(tx, site).key
        wanted = parse_filter({"site": key} | {part: text for part, text in given.items() if text is not None})

        def batch_after(number: int) -> list[ExportedResponse]:
            with here.database.reading() as tx:
                return exported_responses(tx, None, wanted, number)

        pieces = chosen.write(map(values, walk(batch_after)), bom)
        if output is None:
            for piece in pieces:
                sys.stdout.buffer.write(piece.encode())
            sys.stdout.buffer.flush()
            return
        unfinished = output.with_name(f"{output.name}.{os.getpid()}.part")
        try:
            with unfinished.open("wb") as file:
                for piece in pieces:
                    file.write(piece.encode())
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, output)
        finally:
            unfinished.unlink(missing_ok=True)


@click.group("db")
def database_group() -> None:
    """Look after the database's schema."""


@database_group.command("upgrade")
def upgrade_command() -> None:
    """Bring the schema up to date; every other command does so too."""
    with installation() as here:
        click.echo(f"The schema is at {current_revision(here.database)}.")
