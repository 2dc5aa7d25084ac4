"""Commands for sites, their survey and its categories."""

from collections.abc import Callable

import click

from collector import clock
from collector.accounts.actions import FIRST_TEAM, find_or_make_team
from collector.cli.installation import installation
from collector.config import Settings
from collector.problems import SurveyNotFound
from collector.questions import INDUSTRIES
from collector.scales import SCALES
from collector.sites.actions import add_site, set_origins, set_parameters
from collector.sites.queries import site_called, sites
from collector.surveys import categories as rules
from collector.surveys.actions import add_survey, set_categories, set_open, set_prompt
from collector.surveys.categories import Categories
from collector.surveys.queries import surveys_of


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
            team = find_or_make_team(tx, FIRST_TEAM, now)
            site = add_site(tx, team, name, origins, industry, language, parameters, now)
            add_survey(tx, site, scale, now)
        click.echo(site.key)
        click.echo(f"Paste this before </body> on the pages of {site.name}:", err=True)
        click.echo(f"  {snippet(here.settings, site.key)}", err=True)


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
def site_tag(site: str) -> None:
    """Print the tag to paste."""
    with installation() as here, here.database.reading() as tx:
        click.echo(snippet(here.settings, site_called(tx, site).key))


def snippet(settings: Settings, key: str) -> str:
    """The one script tag that a site owner pastes."""
    root = settings.public_url or f"http://{settings.host}:{settings.port}"
    return f'<script async crossorigin src="{root}/w/1/widget.js" data-site="{key}"></script>'


@click.group("survey")
def survey_group() -> None:
    """Open, close and word a site's survey."""


@survey_group.command("open")
@click.argument("site")
def survey_open(site: str) -> None:
    """Take submissions."""
    _switch(site, True)


@survey_group.command("close")
@click.argument("site")
def survey_close(site: str) -> None:
    """Take no submissions for now; the button leaves when a visitor reaches for it."""
    _switch(site, False)


@survey_group.command("prompt")
@click.argument("site")
@click.argument("language")
@click.argument("prompt")
def survey_prompt(site: str, language: str, prompt: str) -> None:
    """Word the question in one language; {site} stands for the site's name, an empty text brings the default back."""
    with installation() as here, here.database.writing() as tx:
        survey = next(iter(surveys_of(tx, site_called(tx, site).id)), None)
        if survey is None:
            raise SurveyNotFound()
        set_prompt(tx, survey, language, prompt)


def _switch(site: str, is_open: bool) -> None:
    with installation() as here, here.database.writing() as tx:
        found = site_called(tx, site)
        for survey in surveys_of(tx, found.id)[:1]:
            set_open(tx, survey, is_open)
        click.echo(f"The survey of {found.name} is {'open' if is_open else 'closed'}.", err=True)


@click.group("category")
def category_group() -> None:
    """Choose what visitors can say their comment is about."""


@category_group.command("list")
@click.argument("site")
def category_list(site: str) -> None:
    """List the categories in order; hidden ones are marked."""
    _change(site, lambda categories, _language: categories)


@category_group.command("rename")
@click.argument("site")
@click.argument("key")
@click.argument("label")
@click.option("--language", help="Language of the label, instead of the site's own.")
def category_rename(site: str, key: str, label: str, language: str | None) -> None:
    """Give a category another label; its key stays."""
    _change(site, lambda categories, own: rules.rename(categories, key, language or own, label))


@category_group.command("hide")
@click.argument("site")
@click.argument("key")
def category_hide(site: str, key: str) -> None:
    """Take a category from the form; what was submitted keeps it."""
    _change(site, lambda categories, _language: rules.hide(categories, key))


@category_group.command("show")
@click.argument("site")
@click.argument("key")
def category_show(site: str, key: str) -> None:
    """Show a hidden category; at most seven can be shown."""
    _change(site, lambda categories, _language: rules.show(categories, key))


@category_group.command("add")
@click.argument("site")
@click.argument("key")
@click.argument("label")
@click.option("--language", help="Language of the label, instead of the site's own.")
def category_add(site: str, key: str, label: str, language: str | None) -> None:
    """Add a category of your own; with seven shown already, it is hidden until another one is."""
    _change(site, lambda categories, own: rules.add(categories, key, language or own, label))


@category_group.command("order")
@click.argument("site")
@click.argument("keys", nargs=-1, required=True)
def category_order(site: str, keys: tuple[str, ...]) -> None:
    """Put these categories first, in this order."""
    _change(site, lambda categories, _language: rules.order(categories, keys))


def _change(site: str, change: Callable[[Categories, str], Categories]) -> None:
    with installation() as here, here.database.writing() as tx:
        found = site_called(tx, site)
        survey = next(iter(surveys_of(tx, found.id)), None)
        if survey is None:
            raise SurveyNotFound()
        changed = change(survey.categories, found.language.split("-")[0])
        if changed != survey.categories:
            set_categories(tx, survey, changed)
        for category in changed:
            mark = "  (hidden)" if category.hidden else ""
            click.echo(f"{category.key}  {category.label_in(found.language)}{mark}")
