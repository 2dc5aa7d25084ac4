"""Commands that run the collector."""

import signal
import sys
import threading
from pathlib import Path
from time import monotonic
from types import FrameType

import click
from sqlalchemy.engine import make_url

from collector import clock, logs
from collector.accounts.actions import FIRST_TEAM, find_or_make_team
from collector.app import create_app, signing_key
from collector.cli.installation import installation, settings_from_environment
from collector.config import documented
from collector.db import Database
from collector.problems import SiteNotFound
from collector.server import serve
from collector.server.sharing import Sharing
from collector.sites.actions import add_site, set_origins
from collector.sites.queries import site_called
from collector.surveys.actions import add_survey
from collector.worker import Worker, outward_of

_DEMO_NAME = "Fernweh Rail"


@click.command("serve")
@click.option("--host", metavar="ADDRESS", help="Address to listen on, instead of LUKEWARM_HOST.")
@click.option("--port", metavar="PORT", help="Port to listen on, instead of LUKEWARM_PORT.")
@click.option("--demo", is_flag=True, help="Register a demo site and show it on /demo.")
def serve_command(host: str | None, port: str | None, demo: bool) -> None:
    """Run the collector, and the worker beside it, until stopped."""
    settings = settings_from_environment(LUKEWARM_HOST=host, LUKEWARM_PORT=port)
    logs.set_up(settings.log_format, settings.log_level)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, _leave)
    with installation(settings) as here:
        app = create_app(settings, here.database, demo_site=_demo_site(here.database) if demo else None)
        work = Worker(here.database, clock.now, outward_of(settings, signing_key(settings)))
        worker = threading.Thread(target=work.run, args=(stop,), name="worker", daemon=True)
        if settings.redis_url is not None:
            limits, key = app.extensions["lukewarm.limits"], app.extensions["lukewarm"].token_key
            sharing = Sharing(limits, settings.redis_url, key, monotonic)
            threading.Thread(target=sharing.run, args=(stop,), name="sharing", daemon=True).start()

        def ready(address: str, listening: int) -> None:
            root = settings.public_url or f"http://{address}:{listening}"
            if demo:
                _allow_demo_origins(here.database, listening)
            click.echo(f"Lukewarm is listening on {root}", err=True)
            if demo:
                click.echo(f"Demo page with the widget: {root}/demo", err=True)

        try:
            if settings.worker:
                worker.start()
            serve(app, settings, ready)
        except OSError as error:
            click.echo(f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}.", err=True)
            click.echo("Choose another port with --port, or stop the program that has this one.", err=True)
            stop.set()
            sys.exit(1)
        finally:
            stop.set()
            if worker.is_alive():
                worker.join(10)


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


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _demo_site(database: Database) -> str:
    """The key of the demo site, registered on first use."""
    with database.writing() as tx:
        try:
            return site_called(tx, _DEMO_NAME).key
        except SiteNotFound:
            now = clock.now()
            team = find_or_make_team(tx, FIRST_TEAM, now)
            site = add_site(tx, team, _DEMO_NAME, ["http://127.0.0.1:8000"], "travel", "en", [], now)
            add_survey(tx, site, "nps", now)
            return site.key


def _allow_demo_origins(database: Database, port: int) -> None:
    with database.writing() as tx:
        site = site_called(tx, _DEMO_NAME)
        wanted = [f"http://{host}:{port}" for host in ("127.0.0.1", "localhost")]
        if set(wanted) - set(site.origins):
            set_origins(tx, site, [*site.origins, *wanted])
