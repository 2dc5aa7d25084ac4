"""Commands for sites."""

import click

from collector import clock
from collector.accounts.actions import first_team
from collector.cli.installation import installation
from collector.intake.snapshot import Snapshot
from collector.problems import SurveyNotFound
from collector.questions import INDUSTRIES
from collector.scales import SCALES
from collector.sites.actions import add_site, set_origins, set_parameters
from collector.sites.queries import site_called, sites
from collector.surveys.actions import add_survey
from collector.surveys.queries import surveys_of
from collector.widget.built import built
from collector.widget.schemas import settings_value
from collector.widget.tag import shared_tag, site_tag


@click.group("site")
def site_group() -> None:
    """Register sites and say where their pages live."""


@site_group.command("add")
@click.argument("name")
@click.option("--origin", "origins", multiple=True, required=True, help="Where pages live: https://www.example.com")
@click.option("--industry", default="neutral", show_default=True, help=f"One of {', '.join(INDUSTRIES)}.")
@click.option("--language", default="en", show_default=True, help="The site's own language.")
@click.option("--scale", default="nps", show_default=True, help=f"One of {', '.join(SCALES)}.")
@click.option(
    "--keep", "parameters", multiple=True, help="Query parameter to keep of a page's address; others are dropped."
)
def site_add(
    name: str, origins: tuple[str, ...], industry: str, language: str, scale: str, parameters: tuple[str, ...]
) -> None:
    """Register a site with its survey and print the tag to paste."""
    with installation() as here:
        now = clock.now()
        with here.database.writing() as tx:
            team = first_team(tx, now)
            site = add_site(tx, team, name, origins, industry, language, parameters, now)
            add_survey(tx, site, scale, now)
        click.echo(site.key)
        click.echo(f"Paste this before </body> on the pages of {site.name}:", err=True)
        click.echo(f"  {site_tag(here.root, site.key)}", err=True)


@site_group.command("list")
def site_list() -> None:
    """List all sites: key, name, industry, language, origins."""
    with installation() as here, here.database.reading() as tx:
        for site in sites(tx):
            click.echo(f"{site.key}  {site.name}  {site.industry}  {site.language}  {' '.join(site.origins)}")


@site_group.command("origins")
@click.argument("site")
@click.argument("origins", nargs=-1, required=True)
def site_origins(site: str, origins: tuple[str, ...]) -> None:
    """Replace the origins whose pages may submit."""
    with installation() as here, here.database.writing() as tx:
        for origin in set_origins(tx, site_called(tx, site), origins):
            click.echo(origin)


@site_group.command("keep")
@click.argument("site")
@click.argument("parameters", nargs=-1)
def site_keep(site: str, parameters: tuple[str, ...]) -> None:
    """Replace the query parameters that are kept of a page's address; none keeps none."""
    with installation() as here, here.database.writing() as tx:
        set_parameters(tx, site_called(tx, site), parameters)


@site_group.command("tag")
@click.argument("site")
@click.option(
    "--shared", is_flag=True, help="The script that all sites share; it asks for the survey's settings itself."
)
@click.option("--pinned", is_flag=True, help="The shared script of this release and no other, with its integrity hash.")
@click.option("--settings", "with_settings", is_flag=True, help="The shared script, with the survey's settings of now.")
@click.option(
    "--whole", is_flag=True, help="The site's own script with all parts in it, for a page that may load no other."
)
@click.option("--language", help="Language of those settings, instead of the site's own.")
def site_tag_command(
    site: str, shared: bool, pinned: bool, with_settings: bool, whole: bool, language: str | None
) -> None:
    """Print the tag to paste: the site's own script, or one that all sites share."""
    with installation() as here, here.database.reading() as tx:
        found = site_called(tx, site)
        root = here.root
        if not (shared or pinned or with_settings):
            click.echo(site_tag(root, found.key, whole=whole))
            return
        snapshot = Snapshot(found, surveys_of(tx, found.id), token_key=b"")
        survey = snapshot.survey(None)
        if survey is None:
            raise SurveyNotFound()
        settings = (
            settings_value(snapshot, survey, language, built(), here.settings.channels) if with_settings else None
        )
        click.echo(shared_tag(root, found.key, pinned=built() if pinned else None, settings=settings))
