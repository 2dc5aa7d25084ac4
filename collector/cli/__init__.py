"""The command line. Each group of commands is a file; this one joins them."""

import click

import collector
from collector.cli.categories import category_group
from collector.cli.contacts import contact_group, site_secret
from collector.cli.data import database_group, export_command
from collector.cli.keys import key_group
from collector.cli.members import member_group
from collector.cli.moving import copy_command
from collector.cli.operate import config_command, serve_command, setup_command, work_command
from collector.cli.outcomes import outcomes_command
from collector.cli.questions import question_group
from collector.cli.reaching import followup_group, outbox_group
from collector.cli.secret import secret_group
from collector.cli.sites import site_group
from collector.cli.sms import sms_group
from collector.cli.surveys import survey_group


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(collector.__version__, prog_name="lukewarm")
def main() -> None:
    """Feedback on any page, a question made for each Passive, and categorised comments out."""


for command in (
    serve_command,
    setup_command,
    work_command,
    site_group,
    survey_group,
    category_group,
    contact_group,
    followup_group,
    sms_group,
    outbox_group,
    question_group,
    member_group,
    key_group,
    export_command,
    database_group,
    secret_group,
    config_command,
):
    main.add_command(command)

database_group.add_command(copy_command)
survey_group.add_command(outcomes_command)
site_group.add_command(site_secret)
