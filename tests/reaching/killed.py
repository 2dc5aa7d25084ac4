"""People who are asked by a worker that may be killed meanwhile. Used by the tests, and at length by `bench/followups.py`."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from collector import clock
from collector.channels.models import DeliveryRow
from collector.contacts.actions import keep_address
from collector.contacts.address import read_address
from collector.contacts.contact import Consent
from collector.followups.models import FollowUpRow
from collector.followups.state import OPEN_FOR
from collector.reaching.actions import order_plan, set_manners
from collector.reaching.manners import Manners
from collector.responses.models import ResponseRow
from collector.sites.site import Site
from collector.surveys.queries import surveys_of
from tests.make import make_site
from tests.servers.killed import WorkerProcess


@dataclass
class Round(WorkerProcess):
    """A site whose worker is a process of its own, and people who may be asked at once."""

    site: Site = field(init=False)

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

    def deliveries(self) -> Counter[str]:
        """How many deliveries there are in each state."""
        with self.database.reading() as tx:
            return Counter(tx.scalars(select(DeliveryRow.state).where(DeliveryRow.site_id == self.site.id)))


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
