"""Commands for API keys."""

from datetime import timedelta

import click

from collector import clock
from collector.accounts.actions import add_key, first_team, revoke_key
from collector.accounts.queries import ApiKey, keys
from collector.accounts.scopes import SCOPES
from collector.cli.installation import installation
from collector.problems import NotFound


@click.group("key")
def key_group() -> None:
    """Make and revoke the keys with which programs read."""


@key_group.command("add")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help=f"One of {', '.join(SCOPES)}; may be repeated.")
@click.option("--days", type=click.IntRange(1, 3650), help="Days after which the key expires; without it, never.")
def key_add(name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a key and show it, this once."""
    with installation() as here:
        now = clock.now()
        with here.database.writing() as tx:
            team = first_team(tx, now)
            secret = add_key(tx, team, name, scopes, now, now + timedelta(days=days) if days else None)
        click.echo(secret)
        click.echo("Keep it now: it is not shown again, and only a hash of it is stored.", err=True)


@key_group.command("list")
def key_list() -> None:
    """List all keys: number, beginning, name, scopes, state."""
    with installation() as here, here.database.reading() as tx:
        for key in keys(tx):
            click.echo(f"{key.id}  {key.hint}…  {key.name}  {' '.join(sorted(key.scopes))}  {_state(key)}")


@key_group.command("revoke")
@click.argument("number", type=int)
def key_revoke(number: int) -> None:
    """End a key at once."""
    with installation() as here, here.database.writing() as tx:
        if not revoke_key(tx, number, clock.now()):
            raise NotFound(f"There is no key {number} in use. 'lukewarm key list' prints them.")
        click.echo(f"Key {number} is revoked.", err=True)


def _state(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return f"revoked {key.revoked_at:%Y-%m-%d}"
    if key.expires_at is not None:
        return f"{'expired' if key.expires_at <= clock.now() else 'expires'} {key.expires_at:%Y-%m-%d}"
    return "in use"
