"""The command that shows what became of showing the form."""

from datetime import UTC, timedelta

import click

from collector import clock
from collector.cli.installation import installation
from collector.outcomes.queries import by_page
from collector.outcomes.table import lines
from collector.sites.queries import site_called


@click.command("outcomes")
@click.argument("site")
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="Days up to today, in UTC.")
def outcomes_command(site: str, days: int) -> None:
    """Show what became of the form, page by page."""
    with installation() as here, here.database.reading() as tx:
        since = clock.now().astimezone(UTC).date() - timedelta(days=days - 1)
        for line in lines(by_page(tx, site_called(tx, site).id, since.isoformat())):
            click.echo(line)
