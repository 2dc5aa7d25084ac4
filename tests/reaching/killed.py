"""Workers that are killed while they speak with a mail server. Used by the tests, and at length by `bench/followups.py`."""

import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from aiosmtpd.smtp import SMTP
from sqlalchemy import select, update

from collector import clock
from collector.channels.models import DeliveryRow
from collector.channels.providers.smtp import Smtp
from collector.contacts.actions import keep_address
from collector.contacts.address import read_address
from collector.contacts.contact import Consent
from collector.db import Database
from collector.followups.models import FollowUpRow
from collector.followups.state import OPEN_FOR
from collector.outbox.models import EntryRow
from collector.reaching.actions import order_plan, set_manners
from collector.reaching.manners import Manners
from collector.reaching.outward import Outward
from collector.responses.models import ResponseRow
from collector.sites.site import Site
from collector.surveys.queries import surveys_of
from collector.worker import Worker
from tests.make import make_site
from tests.servers.mail import MailServer

ROOT = Path(__file__).parents[2]
KEY = "a key for tests that is long enough to be one"
SENDER = "ask@example.com"


@dataclass
class Round:
    """An installation whose worker is a process of its own."""

    database: Database
    folder: Path
    server: MailServer
    site: Site = field(init=False)
    _worker: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        with self.database.writing() as tx:
            self.site = make_site(tx, name=f"Shop {uuid4()}")
            set_manners(
                tx,
                self.site,
                Manners(days_silent=0, days_reminder=0, days=(0, 1, 2, 3, 4, 5, 6), hour_first=0, hour_last=24),
            )

    def person(self, address: str) -> None:
        """Somebody whose question is open and who may be asked at once."""
        now = clock.now()
        submission = uuid4()
        with self.database.writing() as tx:
            survey = surveys_of(tx, self.site.id)[0]
            tx.add(_response(self.site, survey.id, submission))
            tx.flush()
            tx.add(_follow_up(self.site, submission))
            tx.flush()
            consent = Consent("Shop may write to me.", "v1", "en", now, "form")
            keep_address(tx, self.site, submission, read_address("email", address), consent, None)
            order_plan(tx, self.site, submission, now)

    def kill(self, _server: SMTP) -> None:
        """Kills the worker, as a crash would."""
        assert self._worker is not None
        os.kill(self._worker.pid, signal.SIGKILL)
        self._worker.wait(20)

    def work(self) -> int:
        """Runs a worker in a process of its own until nothing is due or it is killed, and returns its exit code."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("LUKEWARM_")} | {
            "LUKEWARM_DATA_DIR": str(self.folder),
            "LUKEWARM_DATABASE_URL": self.database.url.render_as_string(hide_password=False),
            "LUKEWARM_SECRET_KEY": KEY,
            "LUKEWARM_SMTP_URL": f"smtp://127.0.0.1:{self.server.port}?tls=off",
            "LUKEWARM_MAIL_FROM": SENDER,
            "LUKEWARM_PUBLIC_URL": "https://ask.example.com",
            "LUKEWARM_LOG_LEVEL": "error",
        }
        command = [sys.executable, "-m", "collector", "work", "--once"]
        self._worker = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)
        return self._worker.wait(60)

    def recover(self) -> None:
        """Does what is due in this process, after the leases of workers that were killed are over."""
        with self.database.writing() as tx:
            tx.execute(update(EntryRow).where(EntryRow.state == "held").values(lease_until=clock.now()))
        url = f"smtp://127.0.0.1:{self.server.port}?tls=off"
        outward = Outward({"email": Smtp(url, SENDER)}, SENDER, "https://ask.example.com", KEY.encode())
        worker = Worker(self.database, clock.now, outward)
        while worker.run_once():
            pass

    def deliveries(self) -> Counter[str]:
        """How many deliveries there are in each state."""
        with self.database.reading() as tx:
            return Counter(tx.scalars(select(DeliveryRow.state).where(DeliveryRow.site_id == self.site.id)))

    def waiting(self) -> int:
        """Orders that still stand."""
        with self.database.reading() as tx:
            return len(tx.scalars(select(EntryRow.id).where(EntryRow.kind == "followup.reach")).all())


def _response(site: Site, survey: int, submission: UUID) -> ResponseRow:
    return ResponseRow(
        team_id=site.team,
        site_id=site.id,
        survey_id=survey,
        submission_id=submission,
        digest=b"d" * 32,
        scale="nps",
        score=7,
        segment="passive",
        category=None,
        comment="",
        page=None,
        language="en",
        configuration="c",
        received_at=clock.now() - timedelta(days=1),
    )


def _follow_up(site: Site, submission: UUID) -> FollowUpRow:
    begin = clock.now() - timedelta(days=1)
    return FollowUpRow(
        team_id=site.team,
        site_id=site.id,
        submission_id=submission,
        fingerprint=b"f" * 32,
        state="offered",
        channel="widget",
        pack="neutral",
        question="q",
        language="en",
        kind="text",
        text="What would have made it better?",
        areas=[],
        why="because",
        offered_at=begin,
        expires_at=begin + OPEN_FOR,
    )
