"""Commands for a survey's categories."""

from collections.abc import Callable

import click

from collector.cli.installation import installation
from collector.problems import SurveyNotFound
from collector.sites.queries import site_called
from collector.surveys import categories as rules
from collector.surveys.actions import set_categories
from collector.surveys.categories import Categories
from collector.surveys.queries import surveys_of


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
