"""An installation that sends its mails into a folder and its messages by SMS to a real service."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from collector.app import create_app
from collector.channels.delivery import Provider
from collector.channels.models import DeliveryRow
from collector.channels.providers.folder import Folder
from collector.channels.providers.twilio import Twilio
from collector.config import Settings
from collector.db import Database
from collector.reaching.outward import Outward
from collector.reaching.queries import reached
from collector.reaching.sms.room import TextRules
from collector.sites.site import Site
from collector.worker import Worker
from tests.conftest import Clock
from tests.intake.test_submit import send
from tests.make import submission
from tests.reaching.conftest import KEY, ROOT, SENDER, Installation
from tests.reaching.conftest import mails as mails
from tests.servers.sms import NUMBER, TextService

RULES = TextRules(countries=("FI", "GB"), prefix_a_day=1000, site_a_day=1000, a_day=1000)
ANN = "+447400123456"


@pytest.fixture(scope="session")
def listening() -> Iterator[TextService]:
    with TextService() as service:
        yield service


@pytest.fixture
def service(listening: TextService) -> TextService:
    listening.answers.clear()
    listening.asked.clear()
    return listening


@pytest.fixture
def app(settings: Settings, database: Database, clock: Clock, mails: Path, service: TextService) -> Flask:
    by_mail = replace(settings, mail_folder=mails, mail_from=SENDER, public_url=ROOT)
    both = replace(by_mail, sms_url=service.url, sms_from=NUMBER, sms_countries=RULES.countries)
    return create_app(both, database, now=clock)


@dataclass
class Texting(Installation):
    """What a test does with it, by SMS."""

    service: TextService
    rules: TextRules = RULES

    def phone(self, number: int, phone: str = ANN, site: Site | None = None) -> None:
        """Somebody who gives feedback and leaves a phone number."""
        site = site or self.site
        assert send(self.client, site, submission(number, score=7)).status_code == 201
        self.leave(number, "sms", phone, site)

    def worker(self, provider: Provider | None = None) -> Worker:
        """A worker that sends mails through `provider`, or into the folder, and messages by SMS to the service."""
        providers = {"email": provider or Folder(self.mails), "sms": Twilio(self.service.url, NUMBER, 5)}
        return Worker(self.database, self.clock, Outward(providers, SENDER, ROOT, KEY, self.rules))

    def allow(self, **rules: object) -> None:
        """Changes what the operator allows."""
        self.rules = replace(self.rules, **rules)

    def ways(self) -> list[tuple[str, str, str]]:
        """Channel, purpose and state of each message."""
        with self.database.reading() as tx:
            rows = tx.scalars(select(DeliveryRow).order_by(DeliveryRow.id))
            return [(row.channel, row.purpose, row.state) for row in rows]

    def why(self) -> list[str]:
        """What was decided about each person, the latest first."""
        with self.database.reading() as tx:
            return [one.why for one in reached(tx, self.site.id)]


@pytest.fixture
def here(
    client: FlaskClient, site: Site, database: Database, clock: Clock, mails: Path, service: TextService
) -> Texting:
    return Texting(client, site, database, clock, mails, service)
