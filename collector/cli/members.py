"""Commands for people who use the dashboard."""

from datetime import datetime

import click
from sqlalchemy.orm import Session

from collector import clock
from collector.accounts.actions import add_member, find_or_make_team, first_team, join, note_change
from collector.accounts.address import normal_email, normal_name
from collector.accounts.door.actions import make_reset
from collector.accounts.people.actions import change_role, disable, enable
from collector.accounts.people.queries import is_in
from collector.accounts.queries import everybody, member_with, team_named, teams_of
from collector.accounts.you.actions import end_second_step
from collector.cli.installation import Installation, installation
from collector.ids import public_id
from collector.problems import NotFound
from collector.web.guards import Role

_ROLE = click.Choice([role.name for role in reversed(Role)])


@click.group("member")
def member_group() -> None:
    """Add people who use the dashboard, and help those who cannot sign in."""


@member_group.command("add")
@click.argument("email")
@click.option("--name", help="What colleagues see; without it, what stands before the @.")
@click.option("--role", type=_ROLE, default="owner", show_default=True, help="What they may do.")
@click.option("--team", help="Name of the team, made if it is new; without it, the oldest.")
def member_add(email: str, name: str | None, role: str, team: str | None) -> None:
    """Add somebody to a team. Whoever is new gets a link, printed once, with which they choose a password."""
    with installation() as here:
        now = clock.now()
        email = normal_email(email)
        with here.database.writing() as tx:
            number = find_or_make_team(tx, normal_name(team), now) if team else first_team(tx, now)
            known = member_with(tx, email)
            if known is not None and is_in(tx, number, email):
                raise NotFound(f"{email} is in the team. 'lukewarm member role' changes the role.")
            if known is not None:
                join(tx, known, number, Role[role], now)
            else:
                # Nobody knows this password; the link is the only way in.
                shown = normal_name(name or email.partition("@")[0])
                member = add_member(tx, number, email, shown, public_id("none", 40), Role[role], now)
                link = _link(here, tx, member, now)
            note_change(tx, number, None, "member.added", email, now, {"role": role})
        if known is not None:
            click.echo(f"{email} is in the team now, with the account they have.", err=True)
            return
        _print_link(link)


@member_group.command("list")
def member_list() -> None:
    """List everybody: address, name, teams with roles, state."""
    with installation() as here, here.database.reading() as tx:
        for number, email, name, disabled_at in everybody(tx):
            teams = ", ".join(f"{team} ({role.name})" for _, team, role in teams_of(tx, number))
            state = f"disabled {disabled_at:%Y-%m-%d}" if disabled_at else "in use"
            click.echo(f"{email}  {name}  {teams or '-'}  {state}")


@member_group.command("role")
@click.argument("email")
@click.argument("role", type=_ROLE)
@click.option("--team", help="Name of the team; without it, the oldest.")
def member_role(email: str, role: str, team: str | None) -> None:
    """Give somebody another role. Sessions there end; so do keys made by whoever is no owner any more."""
    with installation() as here, here.database.writing() as tx:
        now = clock.now()
        number = team_named(tx, team) if team else first_team(tx, now)
        if number is None:
            raise NotFound(f"There is no team called {team}. 'lukewarm member list' names them.")
        ended = change_role(tx, number, _known(tx, email), Role[role], now)
        detail = {"to": role, "keys_revoked": ended}
        note_change(tx, number, None, "member.role_changed", normal_email(email), now, detail)


@member_group.command("disable")
@click.argument("email")
@click.option("--undo", is_flag=True, help="Let them sign in again.")
def member_disable(email: str, undo: bool) -> None:
    """Let somebody sign in no more, in any team. Sessions and the keys they made end at once."""
    with installation() as here, here.database.writing() as tx:
        now = clock.now()
        member = _known(tx, email)
        if undo:
            enable(tx, member)
        else:
            disable(tx, member, now)
        for team, _, _ in teams_of(tx, member):
            note_change(tx, team, None, "member.enabled" if undo else "member.disabled", normal_email(email), now)


@member_group.command("reset")
@click.argument("email")
@click.option("--second-step", is_flag=True, help="Also end the second step, for a phone that is lost.")
def member_reset(email: str, second_step: bool) -> None:
    """Print a link, once, with which somebody chooses a new password within an hour."""
    with installation() as here:
        with here.database.writing() as tx:
            now = clock.now()
            member = _known(tx, email)
            link = _link(here, tx, member, now)
            if second_step:
                end_second_step(tx, member)
            for team, _, _ in teams_of(tx, member):
                note_change(
                    tx, team, None, "member.reset_made", normal_email(email), now, {"second_step": not second_step}
                )
        _print_link(link)


def _known(tx: Session, email: str) -> int:
    number = member_with(tx, normal_email(email))
    if number is None:
        raise NotFound("There is no member with this address. 'lukewarm member list' prints them.")
    return number


def _link(here: Installation, tx: Session, member: int, now: datetime) -> str:
    return f"{here.root}/reset/{make_reset(tx, member, now)}"


def _print_link(link: str) -> None:
    click.echo(link)
    click.echo("It works once, within an hour. Send it only to this person.", err=True)
