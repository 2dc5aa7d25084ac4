"""Commands that run the collector."""

import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path
from time import monotonic
from types import FrameType

import click
from sqlalchemy.engine import make_url

from collector import clock, logs
from collector.accounts.actions import first_team
from collector.accounts.queries import has_members
from collector.app import create_app
from collector.channels.providers import providers_for, text_providers_for
from collector.cli.installation import Installation, installation, settings_from_environment
from collector.config import Settings, documented
from collector.config.secret_file import signing_key
from collector.db import Database
from collector.outbound.client import Client
from collector.problems import SiteNotFound
from collector.reaching.actions import set_manners
from collector.reaching.manners import Manners
from collector.reaching.outward import Outward
from collector.reaching.sms.room import TextRules
from collector.server import serve
from collector.server.sharing import Sharing
from collector.setup.first.code import setup_code
from collector.sites.actions import add_site, set_origins
from collector.sites.queries import site_called
from collector.surveys.actions import add_survey, set_widget
from collector.surveys.queries import surveys_of
from collector.worker import Worker

_DEMO_NAME = "Fernweh Rail"
#: Whoever tries the demo out does not wait for a weekday morning.
_AT_ONCE = Manners(
    days_silent=0, days_written=0, days_reminder=0, days_rest=1, hour_first=0, hour_last=24, days=(0, 1, 2, 3, 4, 5, 6)
)


@click.command("serve")
@click.option("--host", metavar="ADDRESS", help="Address to listen on, instead of LUKEWARM_HOST.")
@click.option("--port", metavar="PORT", help="Port to listen on, instead of LUKEWARM_PORT.")
@click.option("--demo", is_flag=True, help="Register a demo site and show it on /demo.")
def serve_command(host: str | None, port: str | None, demo: bool) -> None:
    """Run the collector, and the worker beside it, until stopped."""
    settings = settings_from_environment(LUKEWARM_HOST=host, LUKEWARM_PORT=port)
    if demo and not settings.channels:
        settings = replace(settings, mail_folder=settings.data_dir / "demo-mails", mail_from="demo@example.com")
    logs.set_up(settings.log_format, settings.log_level)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, _leave)
    with installation(settings) as here:
        app = create_app(settings, here.database, demo_site=_demo_site(here.database) if demo else None)
        workers: list[threading.Thread] = []
        if settings.redis_url is not None:
            limits, key = app.extensions["lukewarm.limits"], app.extensions["lukewarm"].token_key
            sharing = Sharing(limits, settings.redis_url, key, monotonic)
            threading.Thread(target=sharing.run, args=(stop,), name="sharing", daemon=True).start()

        def ready(address: str, listening: int) -> None:
            root = settings.public_url or f"http://{address}:{listening}"
            if demo:
                _allow_demo_origins(here.database, listening)
            if settings.worker:
                # The demo's mails lead to wherever it listens.
                outward = outward_of(replace(settings, public_url=root), signing_key(settings))
                workers.append(_start_worker(here.database, outward, stop))
            click.echo(f"Lukewarm is listening on {root}", err=True)
            if demo:
                click.echo(f"Demo page with the widget: {root}/demo", err=True)
                if settings.mail_folder is not None:
                    click.echo(f"Mails that the demo would send: {root}/demo/mail", err=True)
            click.echo(_way_in(here, root), err=True)

        try:
            serve(app, settings, ready)
        except OSError as error:
            click.echo(f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}.", err=True)
            click.echo("Choose another port with --port, or stop the program that has this one.", err=True)
            stop.set()
            sys.exit(1)
        finally:
            stop.set()
            for worker in workers:
                worker.join(10)


@click.command("setup")
def setup_command() -> None:
    """Print the address at which the first owner is made, with its one-time code."""
    with installation() as here:
        click.echo(_way_in(here, here.root))


@click.command("work")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def work_command(once: bool) -> None:
    """Run a worker of its own, for installations whose collectors have LUKEWARM_WORKER=off."""
    settings = settings_from_environment()
    logs.set_up(settings.log_format, settings.log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with installation(settings) as here:
        worker = Worker(here.database, clock.now, outward_of(settings, signing_key(settings)))
        if not once:
            worker.run(stop)
            return
        done = 0
        while count := worker.run_once():
            done += count
        click.echo(f"{done} done.", err=True)


@click.command("config")
def config_command() -> None:
    """Show every setting, what it means, and what is in force; secrets stay hidden."""
    settings = settings_from_environment()
    for name, _default, meaning, secret in documented():
        click.echo(f"{name}={_shown(getattr(settings, name.removeprefix('LUKEWARM_').lower()), secret)}")
        click.echo(f"    {meaning}")
    address = make_url(settings.database).render_as_string(hide_password=True)
    if settings.embedded:
        address = f"the file {Path(settings.database.removeprefix('sqlite:///')).absolute()}"
    click.echo(f"Data lie in {address}")
    with installation(settings) as here:
        health = here.database.health()
        journal = f", journal mode {health.journal}" if health.journal else ""
        click.echo(f"Database in use: {health.database} {health.version}{journal}")


def _shown(value: object, secret: bool) -> str:
    if value is None:
        return ""
    if secret:
        return "(hidden)"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _way_in(here: Installation, root: str) -> str:
    with here.database.reading() as tx:
        if has_members(tx):
            return f"The team's pages: {root}/login"
    return f"Set up the team's pages: {root}/setup?code={setup_code(signing_key(here.settings))}"


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _start_worker(database: Database, outward: Outward, stop: threading.Event) -> threading.Thread:
    worker = threading.Thread(target=Worker(database, clock.now, outward).run, args=(stop,), name="worker", daemon=True)
    worker.start()
    return worker


def _demo_site(database: Database) -> str:
    """The key of the demo site, registered on first use."""
    with database.writing() as tx:
        try:
            return site_called(tx, _DEMO_NAME).key
        except SiteNotFound:
            now = clock.now()
            team = first_team(tx, now)
            site = add_site(tx, team, _DEMO_NAME, ["http://127.0.0.1:8000"], "travel", "en", [], now)
            add_survey(tx, site, "nps", now)
            (survey,) = surveys_of(tx, site.id)
            set_widget(tx, survey, replace(survey.widget, contact=True))
            set_manners(tx, site, _AT_ONCE)
            return site.key


def _allow_demo_origins(database: Database, port: int) -> None:
    with database.writing() as tx:
        site = site_called(tx, _DEMO_NAME)
        wanted = [f"http://{host}:{port}" for host in ("127.0.0.1", "localhost")]
        if set(wanted) - set(site.origins):
            set_origins(tx, site, [*site.origins, *wanted])


def outward_of(settings: Settings, key: bytes) -> Outward:
    """The ways out that the settings open; `key` makes the tokens of the links."""
    providers = providers_for(settings.smtp_url, settings.mail_folder, settings.mail_from)
    if "sms" in settings.channels:
        providers |= text_providers_for(settings.sms_url, settings.sms_from)
    rules = TextRules(
        settings.sms_countries or (), settings.sms_prefix_limit, settings.sms_site_limit, settings.sms_total_limit
    )
    calls = Client(settings.outbound_networks or ())
    return Outward(providers, settings.mail_from or "", settings.public_url or "", key, rules, calls)
