"""An installation that writes its mails into a folder, and one person at a time to reach."""

import re
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from collector.app import create_app
from collector.cases.models import EventRow
from collector.channels.delivery import Provider
from collector.channels.models import DeliveryRow
from collector.channels.providers.folder import Folder
from collector.config import Settings
from collector.contacts.consent import sentences, version_of
from collector.db import Database
from collector.followups.models import FollowUpRow
from collector.reaching.outward import Outward
from collector.responses.token import make_token
from collector.sites.site import Site
from collector.surveys.wording import wording
from collector.worker import Worker
from tests.conftest import Clock
from tests.intake.test_submit import send
from tests.make import submission, submission_id

KEY = b"a key for tests that is long enough to be one"
ROOT = "https://ask.example.com"
SENDER = "ask@example.com"


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    return tmp_path / "mails"


@pytest.fixture
def app(settings: Settings, database: Database, clock: Clock, mails: Path) -> Flask:
    return create_app(replace(settings, mail_folder=mails, mail_from=SENDER, public_url=ROOT), database, now=clock)


@dataclass
class Installation:
    """What a test does with it: people leave addresses, the worker works, the mails are read."""

    client: FlaskClient
    site: Site
    database: Database
    clock: Clock
    mails: Path

    def person(self, number: int, address: str = "ann@example.com", site: Site | None = None, **parts: object) -> None:
        """Somebody who gives feedback and leaves an address."""
        site = site or self.site
        assert send(self.client, site, submission(number, score=7, **parts)).status_code == 201
        self.leave(number, "email", address, site)

    def leave(self, number: int, channel: str, address: str, site: Site) -> None:
        """An address that somebody leaves with their response."""
        token = make_token(KEY, site.id, UUID(submission_id(number)))
        version = version_of(sentences(wording("en").contact, site.name))
        body = {"channel": channel, "address": address, "consent": version, "language": "en"}
        assert self.client.post(f"/v1/responses/{token}/contact", json=body).status_code == 200

    def worker(self, provider: Provider | None = None) -> Worker:
        """A worker that sends through `provider`, or into the folder."""
        outward = Outward({"email": provider or Folder(self.mails)}, SENDER, ROOT, KEY)
        return Worker(self.database, self.clock, outward)

    def work(self, provider: Provider | None = None) -> None:
        """Does all that is due."""
        worker = self.worker(provider)
        while worker.run_once():
            pass

    def sent(self) -> list[EmailMessage]:
        """The mails in the folder, by the time they were written."""
        files = sorted(self.mails.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    def states(self) -> list[str]:
        """Where each follow-up stands."""
        with self.database.reading() as tx:
            return list(tx.scalars(select(FollowUpRow.state).order_by(FollowUpRow.id)))

    def told(self) -> list[str]:
        """What stands in the history of the cases."""
        with self.database.reading() as tx:
            return list(tx.scalars(select(EventRow.kind).order_by(EventRow.id)))

    def deliveries(self) -> list[tuple[str, str]]:
        """Purpose and state of each delivery."""
        with self.database.reading() as tx:
            rows = tx.execute(select(DeliveryRow.purpose, DeliveryRow.state).order_by(DeliveryRow.id))
            return [(row.purpose, row.state) for row in rows]


@pytest.fixture
def here(client: FlaskClient, site: Site, database: Database, clock: Clock, mails: Path) -> Installation:
    return Installation(client, site, database, clock, mails)


def links(message: EmailMessage) -> list[str]:
    """The addresses in a mail's plain text, without our root."""
    text = message.get_body(("plain",)).get_content()
    return [link.removeprefix(ROOT) for link in re.findall(r"https://\S+", text)]
