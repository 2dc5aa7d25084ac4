"""A site with a past, and what comes in now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from msgspec import structs
from sqlalchemy import select

from collector.db import Database
from collector.responses.actions import record
from collector.responses.models import ResponseRow
from collector.responses.response import NewResponse
from collector.scales import SCALES
from collector.sites.site import Site
from collector.surveys.queries import surveys_of
from collector.waves.jobs import look_for_waves
from collector.waves.queries import latest_waves
from collector.waves.wave import Wave
from tests.conftest import Clock
from tests.make import submission_id


@dataclass
class Watched:
    """What a test does: responses come, the worker looks."""

    app: Flask
    site: Site
    database: Database
    clock: Clock
    count: int = 0

    def come(self, moments: Sequence[datetime], score: int = 8, **parts: Any) -> None:
        """Writes a response for each of these moments, each with an id of its own."""
        with self.database.writing() as tx:
            one = NewResponse(
                team=self.site.team, site=self.site.id, survey=surveys_of(tx, self.site.id)[0].id, submission=UUID(int=0),
                digest=bytes(32), scale="nps", score=score, segment=SCALES["nps"].band(score).segment, category=None,
                comment="", page="https://shop.example/checkout", language="en", configuration="0" * 16, attributes={},
                partial=False, suspect=None, received_at=self.clock(),
            )  # fmt: skip
            record(tx, [structs.replace(one, **self._own(moment), **parts) for moment in moments])

    def _own(self, moment: datetime) -> dict[str, Any]:
        self.count += 1
        return {"submission": UUID(submission_id(self.count)), "received_at": moment}

    def past(self, days: int = 5, hourly: int = 3) -> None:
        """As many Passives come every hour for some days; then a minute goes by, and the worker has looked."""
        begin = self.clock() - timedelta(days=days)
        step = timedelta(hours=1) / hourly
        self.come([begin + step * number for number in range(24 * days * hourly)])
        self.look()

    def burst(self, number: int, minutes: float = 10, **parts: Any) -> None:
        """As many come evenly within these minutes, and then the worker looks."""
        begin = self.clock()
        self.come([begin + timedelta(minutes=minutes) * one / number for one in range(number)], **parts)
        self.clock.move(timedelta(minutes=minutes))
        self.look()

    def look(self) -> int:
        """How many waves the worker finds a minute later."""
        self.clock.move(timedelta(minutes=1))
        return look_for_waves(self.database, self.clock())

    def waves(self) -> list[Wave]:
        """The waves, newest first."""
        with self.database.reading() as tx:
            return latest_waves(tx, self.site.team, 10)

    def marked(self) -> list[str | None]:
        """Why each response is suspect, in the order in which they came."""
        with self.database.reading() as tx:
            return list(tx.scalars(select(ResponseRow.suspect).order_by(ResponseRow.received_at, ResponseRow.id)))


@pytest.fixture
def watched(app: Flask, site: Site, database: Database, clock: Clock) -> Watched:
    return Watched(app, site, database, clock)
