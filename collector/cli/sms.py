"""Commands for follow-ups by SMS: what a message looks like and costs, where a site stands, and having it go on."""

from uuid import UUID, uuid4

import click

from collector import clock
from collector.channels.queries import texts_since
from collector.channels.sms.parts import measure
from collector.channels.sms.worth import stopped
from collector.cli.installation import installation
from collector.intake.snapshot import Snapshot
from collector.problems import SurveyNotFound
from collector.questions.choose import Situation, choose
from collector.reaching.manners import DAY
from collector.reaching.queries import manners_of
from collector.reaching.sms.actions import resume_texts
from collector.reaching.sms.queries import answers_by_text
from collector.reaching.sms.text import compose_text
from collector.signing import token_for
from collector.sites.queries import site_called
from collector.sites.site import Site
from collector.surveys.queries import surveys_of
from collector.surveys.survey import Survey

#: Stands for the address that visitors reach, as long as none is set.
_SOMEWHERE = "https://feedback.example.com"


@click.group("sms")
def sms_group() -> None:
    """See what messages by SMS look like and cost, and where a site stands with them."""


@sms_group.command("preview")
@click.argument("site")
@click.option("--language", help="The reader's language, instead of the site's own.")
@click.option("--score", type=int, help="The person's number, instead of the lowest in the middle.")
@click.option("--category", help="A category's key.")
def sms_preview(site: str, language: str | None, score: int | None, category: str | None) -> None:
    """Print the message that somebody who wrote nothing would get, with its parts and what it costs. Nothing is sent."""
    with installation() as here, here.database.reading() as tx:
        found = site_called(tx, site)
        survey = next(iter(surveys_of(tx, found.id)), None)
    if survey is None:
        raise click.ClickException(SurveyNotFound.advice)
    text = _message(found, survey, language or found.language, score, category, here.settings.public_url or _SOMEWHERE)
    if text is None:
        click.echo("Nothing is asked: no question fits.")
        return
    measured = measure(text)
    click.echo(text)
    count = f"{len(measured.parts)} part{'' if len(measured.parts) == 1 else 's'}"
    click.echo(f"\n{measured.encoding}, {count}, room for {measured.left} more in the last.")
    price = here.settings.sms_price
    cost = "LUKEWARM_SMS_PRICE says what a part costs." if price is None else f"It costs {measured.cost(price)}."
    click.echo(cost)


def _message(
    site: Site, survey: Survey, language: str, score: int | None, category: str | None, root: str
) -> str | None:
    middle = survey.scale.bands[len(survey.scale.bands) // 2].lowest
    number = middle if score is None else score
    if not survey.scale.lowest <= number <= survey.scale.highest:
        raise click.BadParameter(f"it is {survey.scale.lowest} to {survey.scale.highest} here", param_hint="--score")
    label = next((item.label_in(language) for item in survey.categories if item.key == category), None)
    situation = Situation(
        scale=survey.scale,
        score=number,
        category=category,
        category_label=label,
        comment="",
        page=None,
        site=site.name,
        language=language,
        submission=uuid4(),
    )
    choice = choose(situation, Snapshot(site, (survey,), b"").packs(survey, language))
    if choice is None:
        return None
    link = f"{root}/a/{token_for(b'', 'preview', site.id, UUID(int=0))}"
    return compose_text(site.name, choice.language, choice.text, choice.areas, link, "ask")


@sms_group.command("show")
@click.argument("site")
def sms_show(site: str) -> None:
    """Print to which countries a site's messages go, how many went within a day, and whether people answer them."""
    with installation() as here, here.database.reading() as tx:
        found = site_called(tx, site)
        manners = manners_of(tx, found.id)
        tally = answers_by_text(tx, found.id, clock.now())
        sent = texts_since(tx, found.id, clock.now() - DAY)
    allowed = ",".join(here.settings.sms_countries or ()) or "none"
    click.echo(f"Countries: {allowed} in the installation, {','.join(manners.sms_countries)} of them here.")
    click.echo(f"Within a day: {sent} of at most {here.settings.sms_site_limit}.")
    click.echo(f"Of the last {tally.asked} questions that people had time for, {tally.answered} were answered.")
    click.echo(stopped(tally, manners.sms_answers) or "Messages may go out.")


@sms_group.command("resume")
@click.argument("site")
def sms_resume(site: str) -> None:
    """Have a site send again that was stopped because almost nobody answered. Answers are counted anew from now on."""
    with installation() as here, here.database.writing() as tx:
        resume_texts(tx, site_called(tx, site), clock.now())
