"""Commands for follow-up questions: what a response would be asked, and the owner's own ones."""

import json
import sys
import tomllib
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import click
from sqlalchemy.orm import Session

from collector.cli.installation import installation
from collector.intake.snapshot import Snapshot
from collector.problems import SurveyNotFound, ValidationFailed
from collector.questions.choose import Situation, choose
from collector.questions.explain import Considered, considered
from collector.sites.queries import site_called
from collector.sites.site import Site
from collector.surveys.actions import set_questions
from collector.surveys.queries import surveys_of
from collector.surveys.survey import Survey

#: Questions that nearly went first, as many as a person reads.
_NEARLY = 5


@click.group("question")
def question_group() -> None:
    """See which follow-up question a response gets, and write your own."""


@question_group.command("own")
@click.argument("site")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--show", is_flag=True, help="Print them as JSON.")
@click.option("--clear", is_flag=True, help="Take them away.")
def question_own(site: str, file: Path | None, show: bool, clear: bool) -> None:
    """Replace a site's own questions by those in FILE (.toml or .json). They go before those of all packs."""
    if [file is not None, show, clear].count(True) != 1:
        raise click.UsageError("Give a file, --show or --clear.")
    with installation() as here, here.database.writing() as tx:
        survey = _survey(tx, site_called(tx, site))
        if show:
            click.echo(json.dumps(json.loads(survey.questions or "{}"), ensure_ascii=False, indent=2))
            return
        questions = _read(file) if file is not None else None
        try:
            set_questions(tx, survey, questions)
        except ValidationFailed as refused:
            for fault in refused.faults:
                click.echo(f"{fault.pointer}  {fault.detail}", err=True)
            sys.exit(1)
        count = len(questions["question"]) if questions else 0
        click.echo(f"{site} has {count} question{'' if count == 1 else 's'} of its own.", err=True)


@question_group.command("preview")
@click.argument("site")
@click.option("--score", type=int, required=True)
@click.option("--category", help="A category's key.")
@click.option("--comment", default="", help="What the visitor wrote.")
@click.option("--page", help="The page's address.")
@click.option("--language", help="The form's language, instead of the site's own.")
@click.option("--submission", type=click.UUID, help="A submission's id, which decides between wordings.")
@click.option("--all", "everything", is_flag=True, help="Every question, in the order in which they are tried.")
def question_preview(
    site: str,
    score: int,
    category: str | None,
    comment: str,
    page: str | None,
    language: str | None,
    submission: UUID | None,
    everything: bool,
) -> None:
    """Print what a response would be asked, and why. Nothing is stored."""
    with installation() as here, here.database.reading() as tx:
        found = site_called(tx, site)
        survey = _survey(tx, found)
    if not survey.scale.lowest <= score <= survey.scale.highest:
        raise click.BadParameter(f"it is {survey.scale.lowest} to {survey.scale.highest} here", param_hint="--score")
    label = next(
        (item.label_in(language or found.language) for item in survey.categories if item.key == category), None
    )
    if category is not None and label is None:
        known = ", ".join(item.key for item in survey.categories)
        raise click.BadParameter(f"the survey has {known}", param_hint="--category")
    situation = Situation(
        scale=survey.scale,
        score=score,
        category=category,
        category_label=label,
        comment=comment,
        page=page,
        site=found.name,
        language=language or found.language,
        submission=submission or uuid4(),
    )
    _print_preview(situation, found, survey, everything)


def _print_preview(situation: Situation, site: Site, survey: Survey, everything: bool) -> None:
    packs = Snapshot(site, (survey,), b"").packs(survey, situation.language)
    choice = choose(situation, packs)
    tried = tuple(considered(situation, packs))
    if choice is None:
        click.echo("Nothing is asked: no question fits.")
    else:
        click.echo(choice.text)
        for key, label in choice.areas:
            click.echo(f"  [ ] {label}  ({key})")
        if choice.kind != "areas":
            click.echo("  [_________]")
        click.echo(f"\n{choice.why}")
        wordings = round(1 / choice.probability)
        click.echo(
            f"Question {choice.pack}/{choice.question} in {choice.language}, wording {choice.variant} of {wordings}."
        )
    asked = next((place for place, item in enumerate(tried) if item.fits), len(tried))
    nearly = [item for item in tried[:asked] if item.failures == 1][-_NEARLY:]
    shown = tried if everything else (*nearly, *tried[asked : asked + 1])
    click.echo(f"\n{asked} of {len(tried)} questions are tried before it." if choice else "")
    for item in shown:
        _print_considered(item)


def _print_considered(item: Considered) -> None:
    click.echo(f"\n{item.pack}/{item.question}  {'fits' if item.fits else 'does not fit'}, weight {item.weight}")
    for verdict in item.verdicts:
        mark = "yes" if verdict.holds else "no "
        click.echo(f"  {mark}  {verdict.condition}: {verdict.actual}  (wanted: {verdict.wanted})")


def _survey(tx: Session, site: Site) -> Survey:
    survey = next(iter(surveys_of(tx, site.id)), None)
    if survey is None:
        raise SurveyNotFound()
    return survey


def _read(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text("utf-8")
        data = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise click.ClickException(f"{file.name} cannot be read: {error}") from error
    if not isinstance(data, dict):
        raise click.ClickException(f"{file.name} holds no tables of questions.")
    return data
