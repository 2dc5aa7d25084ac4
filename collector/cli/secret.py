"""Commands for another secret of the installation."""

import click

from collector.accounts.you.actions import move_second_steps
from collector.cli.installation import installation, settings_from_environment, told_in_a_line
from collector.config.secret_file import add_key, new_secret, signing_key
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
    """Bring what codes of second steps are counted from under the newest secret; phones notice nothing."""
    with installation() as here:
        key = signing_key(here.settings)
        with here.database.writing() as tx:
            moved, lost = move_second_steps(tx, key)
    click.echo(f"{moved} second step{'' if moved == 1 else 's'} moved.", err=True)
    if lost:
        click.echo(
            f"{lost} cannot be: their secret is not among the lines any more. Recovery codes open them.", err=True
        )
    if len(every(key)) > 1:
        click.echo("What ends without the older lines of the secret stands in docs/settings.md.", err=True)
