"""Commands for another secret of the installation."""

import click

from collector.accounts.you.actions import move_second_steps
from collector.cli.installation import installation, settings_from_environment, told_in_a_line
from collector.config.secret_file import add_key, new_secret, signing_key
from collector.notices.actions import move_addresses
from collector.signing import every


@click.group("secret")
def secret_group() -> None:
    """Change the installation's secret, without an end to what the older one made."""


@secret_group.command("new")
def secret_new() -> None:
    """Make a new secret. The older one is believed until its line is taken away."""
    settings = settings_from_environment()
    if settings.secret_key is not None:
        click.echo(new_secret())
        click.echo(
            "Set LUKEWARM_SECRET_KEY, or what its file holds, to this line, with the present secret on the next one.\n"
            "Start every process anew, then give 'lukewarm secret move'.",
            err=True,
        )
        return
    with told_in_a_line():
        file = add_key(settings)
    click.echo(
        f"{file} begins with a new secret. Start every process anew, then give 'lukewarm secret move'.", err=True
    )


@secret_group.command("move")
def secret_move() -> None:
    """Hide second steps and addresses of webhooks with the newest secret; phones and channels notice nothing."""
    with installation() as here:
        key = signing_key(here.settings)
        with here.database.writing() as tx:
            steps, addresses = move_second_steps(tx, key), move_addresses(tx, key)
    click.echo(f"{_counted(steps[0], addresses[0])} moved.", err=True)
    if steps[1] or addresses[1]:
        click.echo(
            f"{_counted(steps[1], addresses[1])} cannot be: their secret is not among the lines any more. Recovery codes open "
            "second steps; write the addresses into their rules anew.",
            err=True,
        )
    if len(every(key)) > 1:
        click.echo("What ends without the older lines of the secret stands in docs/settings.md.", err=True)


def _counted(steps: int, addresses: int) -> str:
    return f"{steps} second step{'' if steps == 1 else 's'} and {addresses} address{'' if addresses == 1 else 'es'} of webhooks"
