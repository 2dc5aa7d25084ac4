"""A team with rules, visitors who respond, and a worker whose webhooks may reach this machine."""

from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from collector.channels.providers.folder import Folder
from collector.config import Settings
from collector.db import Database
from collector.notices.actions import add_rule
from collector.notices.queries import Told, messages, rule_numbered
from collector.notices.rule import Rule, Wanted
from collector.outbound.client import Client
from collector.reaching.outward import Outward
from collector.sites.site import Site
from collector.worker import Worker
from tests.conftest import Clock
from tests.intake.test_submit import send
from tests.make import make_member, submission

KEY = b"a key for tests that is long enough to be one"
ROOT = "http://ask.example.com"
SENDER = "ask@example.com"
HERE = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    return tmp_path / "mails"


@pytest.fixture
def settings(settings: Settings, mails: Path) -> Settings:
    return replace(settings, mail_folder=mails, mail_from=SENDER, public_url=ROOT, outbound_networks=HERE)


@dataclass
class Team:
    """What a test does with it. `member` is an owner."""

    client: FlaskClient
    site: Site
    database: Database
    clock: Clock
    mails: Path
    member: int

    def rule(self, way: str = "email", **parts: Any) -> int:
        """A new rule; by e-mail to the owner unless it says otherwise."""
        given = {"name": "Watch", "way": way, **({"member": self.member} if way == "email" else {}), **parts}
        with self.database.writing() as tx:
            return add_rule(tx, self.site.team, self.member, Wanted(**given), KEY, self.clock())

    def says(self, number: int, **parts: Any) -> Any:
        """Somebody responds; the receipt."""
        return send(self.client, self.site, submission(number, **parts)).json

    def worker(self, outward: Outward | None = None) -> Worker:
        """A worker of its own."""
        return Worker(self.database, self.clock, outward or self.outward())

    def outward(self) -> Outward:
        """Mails go into the folder; webhooks may lead to this machine."""
        return Outward({"email": Folder(self.mails)}, SENDER, ROOT, KEY, calls=Client(HERE, seconds=5))

    def work(self, step: timedelta = timedelta(0), outward: Outward | None = None) -> None:
        """Moves the clock on and does what is due then."""
        self.clock.move(step)
        worker = self.worker(outward)
        while worker.run_once():
            pass

    def letters(self) -> list[EmailMessage]:
        """The mails that were sent, oldest first."""
        files = sorted(self.mails.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    def told(self, rule: int) -> list[Told]:
        """What was told by a rule, newest first."""
        with self.database.reading() as tx:
            return messages(tx, self.site.team, rule, 50)

    def kept(self, rule: int) -> Rule:
        """The rule as it is now."""
        with self.database.reading() as tx:
            return rule_numbered(tx, self.site.team, rule, KEY)


@pytest.fixture
def here(client: FlaskClient, site: Site, database: Database, clock: Clock, mails: Path) -> Team:
    with database.writing() as tx:
        member = make_member(tx)
    return Team(client, site, database, clock, mails, member)
