"""Commands for a site's survey and the settings of its widget."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import click
from sqlalchemy.orm import Session

from collector import clock
from collector.cli.installation import installation
from collector.problems import Fault, SurveyNotFound, ValidationFailed
from collector.setup.consent.actions import change_widget
from collector.sites.queries import site_called
from collector.sites.site import Site
from collector.surveys.actions import set_open, set_prompts
from collector.surveys.queries import surveys_of
from collector.surveys.schemas import read_widget_settings
from collector.surveys.survey import Survey
from collector.web.body import parse_json


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
        set_prompts(tx, _survey(tx, site_called(tx, site)), {language: prompt})


@survey_group.command("show")
@click.argument("site")
def survey_show(site: str) -> None:
    """Print the settings of the survey's widget as JSON, defaults filled in."""
    with installation() as here, here.database.reading() as tx:
        click.echo(json.dumps(asdict(_survey(tx, site_called(tx, site)).widget), indent=2, ensure_ascii=False))


@survey_group.command("set")
@click.argument("site")
@click.argument("changes", nargs=-1, required=True, metavar="FILE|NAME=VALUE...")
def survey_set(site: str, changes: tuple[str, ...]) -> None:
    """Replace the settings of the survey's widget with a file of JSON ('-' reads it from standard input), or change some
    of them, such as look.position=left."""
    with installation() as here:
        is_file = len(changes) == 1 and "=" not in changes[0]
        given = _read(changes[0]) if is_file else None
        with here.database.writing() as tx:
            found = site_called(tx, site)
            survey = _survey(tx, found)
            value = given if is_file else _merged(asdict(survey.widget), changes)
            change_widget(tx, found, survey, read_widget_settings(value), clock.now())


def _switch(site: str, is_open: bool) -> None:
    with installation() as here, here.database.writing() as tx:
        found = site_called(tx, site)
        for survey in surveys_of(tx, found.id)[:1]:
            set_open(tx, survey, is_open)
        click.echo(f"The survey of {found.name} is {'open' if is_open else 'closed'}.", err=True)


def _survey(tx: Session, site: Site) -> Survey:
    survey = next(iter(surveys_of(tx, site.id)), None)
    if survey is None:
        raise SurveyNotFound()
    return survey


def _read(name: str) -> Any:
    try:
        with click.open_file(name, "rb") as file:
            return parse_json(file.read())
    except OSError as error:
        raise click.FileError(name, error.strerror) from None


def _merged(settings: dict[str, Any], changes: Iterable[str]) -> dict[str, Any]:
    """The settings with each `name=value` put in its place; a value that is no JSON is text."""
    for change in changes:
        name, equals, text = change.partition("=")
        if not equals:
            raise ValidationFailed(faults=[Fault(f"{change!r} is neither one file alone nor name=value.")])
        *above, last = name.split(".")
        place = settings
        for step in above:
            inner = place.get(step)
            place[step] = inner if isinstance(inner, dict) else {}
            place = place[step]
        place[last] = _value(text)
    return settings


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
