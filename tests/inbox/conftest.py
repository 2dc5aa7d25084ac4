"""A team that reads, and visitors who say something."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from collector.db import Database
from collector.sites.site import Site
from collector.web.guards import Role
from collector.worker import Worker
from tests.conftest import Clock
from tests.make import let_in, make_member, submission


@dataclass
class Inbox:
    """What a test does: visitors submit, the worker works, members look. `viewer` and `analyst` are signed in."""

    app: Flask
    site: Site
    database: Database
    clock: Clock
    viewer: FlaskClient
    analyst: FlaskClient

    def say(self, number: int, site: Site | None = None, **parts: Any) -> dict[str, Any]:
        """A visitor's receipt; each comes a minute after the one before."""
        self.clock.move(timedelta(minutes=1))
        to = site or self.site
        body = {**submission(number), "page": f"{to.origins[0]}/somewhere", **parts}
        reply = self.app.test_client().post(
            f"/v1/sites/{to.key}/responses", json=body, headers={"Origin": to.origins[0]}
        )
        assert reply.status_code == 201, reply.text
        found: dict[str, Any] = reply.get_json()
        return found

    def answer(self, receipt: dict[str, Any], text: str) -> None:
        """Answers the follow-up of a receipt."""
        token = receipt["follow_up"]["token"]
        assert self.app.test_client().post(f"/v1/follow-ups/{token}", json={"text": text}).status_code == 200

    def erase(self, receipt: dict[str, Any]) -> None:
        """Erases the response of a receipt."""
        reply = self.app.test_client().post(f"/r/{receipt['token']}/erase", headers={"Sec-Fetch-Site": "same-origin"})
        assert reply.status_code < 400

    def work(self) -> None:
        """Everything that is due."""
        while Worker(self.database, self.clock).run_once():
            pass

    def look(self, query: str = "", status: int = 200) -> TestResponse:
        """The list, as the viewer sees it."""
        reply = self.viewer.get(f"/inbox{'?' + query if query else ''}")
        assert reply.status_code == status, reply.text
        return reply

    def comments(self, query: str = "") -> list[str]:
        """What the lines of the list say, in their order."""
        page = self.look(query).text.replace('<span class="unseen">Answer:</span> ', "")
        found = re.findall(r'<span class="words[^"]*" dir="auto">(.*?)</span>', page.partition('class="lines"')[2])
        return [re.sub("<[^>]+>", "", text) for text in found]


@pytest.fixture
def inbox(app: Flask, site: Site, database: Database, clock: Clock) -> Inbox:
    viewer, analyst = app.test_client(), app.test_client()
    with database.writing() as tx:
        let_in(viewer, tx, make_member(tx, Role.viewer))
        let_in(analyst, tx, make_member(tx, Role.analyst))
    return Inbox(app, site, database, clock, viewer, analyst)


def way(reply: TestResponse, rel: str) -> str | None:
    """The query of the link that leads on."""
    found = re.search(rf'rel="{rel}" href="/(?:inbox|responses)([^"]*)"', reply.text)
    return found[1].replace("&amp;", "&").lstrip("?") if found else None
