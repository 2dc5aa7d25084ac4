"""Commands for follow-ups that reach people later: what was decided and why, how a site behaves, what was given up."""

import json
from dataclasses import asdict

import click

from collector import clock
from collector.channels.queries import deliveries_in
from collector.cli.installation import installation
from collector.followups.queries import unconfirmed
from collector.followups.uncounted import WHYS
from collector.outbox.actions import replay
from collector.outbox.queries import parked
from collector.problems import NotFound
from collector.reaching.actions import set_manners
from collector.reaching.manners import changed
from collector.reaching.queries import manners_of, reached
from collector.sites.queries import site_called, sites


@click.group("followup")
def followup_group() -> None:
    """See how people are reached later, and say how a site behaves."""


@followup_group.command("list")
@click.argument("site")
def followup_list(site: str) -> None:
    """List what was decided about each person who can be reached: submission, state, next look, reason."""
    with installation() as here, here.database.reading() as tx:
        for one in reached(tx, site_called(tx, site).id):
            due = one.due_at.isoformat(timespec="minutes") if one.due_at else "-"
            click.echo(f"{one.submission}  {one.state}  {due}  {one.why}")


@followup_group.command("uncertain")
def followup_uncertain() -> None:
    """List messages of which nobody knows whether they arrived. None is sent again."""
    with installation() as here, here.database.reading() as tx:
        keys = {site.id: site.key for site in sites(tx)}
        for site, submission, channel, purpose, at, reply in deliveries_in(tx, "uncertain"):
            click.echo(f"{keys[site]}  {submission}  {channel}  {purpose}  {at.isoformat(timespec='seconds')}  {reply}")


@followup_group.command("unconfirmed")
@click.argument("site", required=False)
def followup_unconfirmed(site: str | None) -> None:
    """List answers that may be a program's and wait to be confirmed, with the reason. They are counted and exported nowhere."""
    with installation() as here, here.database.reading() as tx:
        keys = {known.id: known.key for known in sites(tx)}
        for one in unconfirmed(tx, site_called(tx, site).id if site else None):
            said = json.dumps({"areas": one.areas, "text": one.text}, ensure_ascii=False)
            at = one.made_at.isoformat(timespec="seconds")
            click.echo(f"{keys[one.site]}  {one.submission}  {at}  {said}  {WHYS[one.why]}")


@followup_group.command("manners")
@click.argument("site")
@click.argument("settings", nargs=-1, metavar="[NAME=VALUE]...")
def followup_manners(site: str, settings: tuple[str, ...]) -> None:
    """Show how a site behaves towards people who have left the page, after changing what is given."""
    with installation() as here, here.database.writing() as tx:
        found = site_called(tx, site)
        manners = manners_of(tx, found.id)
        for setting in settings:
            name, _, value = setting.partition("=")
            manners = changed(manners, name, value)
        if settings:
            set_manners(tx, found, manners)
        for name, held in asdict(manners).items():
            click.echo(f"{name}={_shown(held)}")


@click.group("outbox")
def outbox_group() -> None:
    """See what the worker gave up, and have it tried again."""


@outbox_group.command("list")
def outbox_list() -> None:
    """List what was given up: number, kind, attempts, last error."""
    with installation() as here, here.database.reading() as tx:
        for entry in parked(tx):
            click.echo(f"{entry.id}  {entry.kind}  {entry.attempts}  {entry.error}")


@outbox_group.command("replay")
@click.argument("number", type=int)
def outbox_replay(number: int) -> None:
    """Have an entry that was given up carried out again. A message that may have been sent is not sent again by this."""
    with installation() as here, here.database.writing() as tx:
        if not replay(tx, number, clock.now()):
            raise NotFound(f"Nothing numbered {number} was given up. 'lukewarm outbox list' prints what was.")


def _shown(held: object) -> str:
    if isinstance(held, bool):
        return "on" if held else "off"
    return ",".join(map(str, held)) if isinstance(held, tuple) else str(held)
