"""A team with colleagues, and a visitor whose responses become cases."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from collector.cases.case import Case
from collector.cases.models import CaseRow
from collector.cases.queries import case_numbered
from collector.config import Settings
from collector.config.secret_file import signing_key
from collector.db import Database
from collector.intake.actions import erase_response
from collector.responses.models import ResponseRow
from collector.sites.site import Site
from collector.web.guards import Role
from collector.worker import Worker
from tests.conftest import Clock
from tests.intake.test_submit import send
from tests.make import let_in, make_member, submission

PEOPLE = {"ann": Role.owner, "ben": Role.analyst, "eve": Role.viewer}


@dataclass
class Team:
    """What a test does: visitors say something, the worker works, colleagues press."""

    app: Flask
    settings: Settings
    site: Site
    database: Database
    clock: Clock
    members: dict[str, int]
    clients: dict[str, FlaskClient]

    def said(self, number: int = 1, **parts: Any) -> dict[str, Any]:
        """A visitor's receipt, after the worker has heard of the response."""
        receipt: dict[str, Any] = send(self.app.test_client(), self.site, submission(number, **parts)).json
        self.work()
        return receipt

    def work(self) -> None:
        """Everything that is due."""
        while Worker(self.database, self.clock).run_once():
            pass

    def amend(self, receipt: dict[str, Any], **parts: Any) -> None:
        """The visitor changes the response."""
        reply = self.app.test_client().post(f"/v1/responses/{receipt['token']}", json={"score": 8, **parts})
        assert reply.status_code == 200, reply.json
        self.work()

    def erase(self, receipt: dict[str, Any]) -> None:
        """The visitor erases the response; the worker has not heard of it yet."""
        with self.database.writing() as tx:
            erase_response(tx, receipt["token"], signing_key(self.settings), self.clock())

    def cases(self) -> list[Case]:
        """Every case of the team, oldest first."""
        with self.database.reading() as tx:
            numbers = tx.scalars(select(CaseRow.id).order_by(CaseRow.id)).all()
            found = [case_numbered(tx, self.site.team, number) for number in numbers]
        return [case for case in found if case]

    def case(self) -> Case:
        """The only one."""
        (found,) = self.cases()
        return found

    def response(self, number: int = 0) -> int:
        """The row number of the response that came so many after the first."""
        with self.database.reading() as tx:
            return tx.scalars(select(ResponseRow.id).order_by(ResponseRow.id)).all()[number]

    def press(self, who: str, path: str, **form: Any) -> str:
        """Presses a button as a colleague, and returns where it leads, or the status where it leads nowhere."""
        reply = self.clients[who].post(path, data=form)
        return reply.location or str(reply.status_code)

    def move(self, who: str, state: str, revision: int | None = None) -> str:
        """Presses for a state of the only case."""
        case = self.case()
        shown = case.revision if revision is None else revision
        return self.press(who, f"/cases/{case.id}/state", state=state, revision=shown)

    def page(self, who: str, path: str) -> str:
        """The text of a page, without tags."""
        reply = self.clients[who].get(path)
        assert reply.status_code == 200, path
        return " ".join(re.sub(r"<[^>]+>", " ", reply.text).split())

    def undo(self, who: str) -> str:
        """Presses the button that undoes the last thing pressed, on the only case's page."""
        press = self.case().history[-1].press
        return self.press(who, f"/cases/undo/{press}", back=f"/cases/{self.case().id}")


@pytest.fixture
def team(app: Flask, settings: Settings, site: Site, database: Database, clock: Callable[[], datetime]) -> Team:
    clients = {name: app.test_client() for name in PEOPLE}
    with database.writing() as tx:
        members = {name: make_member(tx, role, email=f"{name}@home.example") for name, role in PEOPLE.items()}
        for name, member in members.items():
            let_in(clients[name], tx, member)
    assert isinstance(clock, Clock)
    return Team(app, settings, site, database, clock, members, clients)
