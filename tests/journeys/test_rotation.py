"""The installation's secret is changed on two collectors, one after the other, in the steps that docs/settings.md gives."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pyotp
from sqlalchemy import update

from collector import clock
from collector.accounts.actions import sign_in
from collector.accounts.models import MemberRow
from collector.accounts.second_step import HIDDEN_FOR
from collector.db import Database
from collector.hiding import hide
from collector.notices.actions import add_rule
from collector.notices.rule import Wanted
from tests.conftest import on_postgresql
from tests.make import ORIGIN, PASSWORD, make_member, make_site, submission
from tests.servers.live import Live
from tests.servers.over_http import HttpClient, Reply

OLD = "a key for tests that is long enough to be one"
CODES = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Installation:
    """Two collectors on one database, and what they gave out: links to responses, by the secret that made them."""

    folder: Path
    settings: dict[str, str]
    site: str
    cookie: str
    rule: int
    nodes: list[Live] = field(default_factory=list)
    links: dict[str, list[str]] = field(default_factory=dict)

    def restart(self, place: int, lines: str) -> None:
        """Starts a collector anew with these lines of the secret, and lets a visitor come to it."""
        assert self.nodes[place].stop() == 0
        self.nodes[place] = self.start(lines)
        self.visit(place, lines)

    def start(self, lines: str) -> Live:
        """A collector with these lines of the secret."""
        return Live(self.folder, **self.settings, LUKEWARM_SECRET_KEY=lines)

    def visit(self, place: int, lines: str) -> None:
        """A visitor responds at a collector, and keeps the link."""
        sent = submission(sum(map(len, self.links.values())) + 1, comment="The export stops.")
        client = HttpClient(self.nodes[place].port)
        reply = client.post(f"/v1/sites/{self.site}/responses", json=sent, headers={"Origin": ORIGIN})
        client.close()
        assert reply.status_code == 201
        self.links.setdefault(lines.split("\n")[0], []).append(f"/r/{reply.json['token']}")

    def page(self, place: int, path: str) -> Reply:
        """A page at a collector, as the member's browser sees it."""
        client = HttpClient(self.nodes[place].port)
        reply = client.get(path, headers={"Cookie": self.cookie})
        client.close()
        return reply

    def opens(self, place: int, secret: str) -> set[bool]:
        """Whether links that a secret made show at a collector what was said."""
        return {"The export stops." in self.page(place, link).text for link in self.links[secret]}

    def knows_member_and_address(self, place: int) -> bool:
        """Whether the member is signed in at a collector, and the rule's address is read there."""
        return "at hooks.example." in self.page(place, f"/team/notices/{self.rule}").text


@contextmanager
def two_collectors(folder: Path, database: Database, database_url: str) -> Iterator[Installation]:
    key, now = OLD.encode(), clock.now()
    with database.writing() as tx:
        site, member = make_site(tx), make_member(tx)
        rule = add_rule(tx, site.team, member, Wanted("All", "slack", address="https://hooks.example/x"), key, now)
        stored = hide(key, HIDDEN_FOR, member, CODES)
        tx.execute(update(MemberRow).values(totp_secret=stored, totp_since=now))
        cookie = f"lukewarm={sign_in(tx, member, site.team, 'test', now)}"
    settings = {"LUKEWARM_DATABASE_URL": database_url.replace("+psycopg", ""), "LUKEWARM_WORKER": "off"}
    here = Installation(folder, settings, site.key, cookie, rule)
    try:
        for place in range(2):
            here.nodes.append(here.start(OLD))
            here.visit(place, OLD)
        yield here
    finally:
        for node in here.nodes:
            node.kill()


def send(client: HttpClient, path: str, **form: str) -> Reply:
    """A form that the member's browser sends."""
    return client.post(path, data=urlencode(form), content_type="application/x-www-form-urlencoded", headers=OURS)


def signs_in(node: Live, code: str) -> bool:
    """Whether the password and a code open the member's pages at a collector."""
    client = HttpClient(node.port)
    first = send(client, "/login", email="owner@home.example", password=PASSWORD)
    ticket = re.findall(r'name="ticket" value="([^"]+)"', first.text)[0]
    second = send(client, "/login/code", ticket=ticket, code=code)
    client.close()
    return second.status_code == 303


@on_postgresql
def test_the_secret_is_changed_node_by_node_and_nothing_that_is_out_ends_before_the_older_line_goes(
    tmp_path: Path, database: Database, database_url: str
):
    with two_collectors(tmp_path, database, database_url) as here:
        new = here.nodes[0].command("secret", "new").strip()
        both = f"{new}\n{OLD}"
        for lines in (f"{OLD}\n{new}", both):
            for restarted in range(2):
                here.restart(restarted, lines)
                for place in range(2):
                    assert [here.opens(place, secret) for secret in here.links] == [{True}] * len(here.links)
                    assert here.knows_member_and_address(place)
        here.nodes[0].command("secret", "move")
        here.restart(0, new)
        # The first believes the new line only, the second both.
        assert [here.opens(place, new) for place in range(2)] == [{True}, {True}]
        assert [here.opens(place, OLD) for place in range(2)] == [{False}, {True}]
        assert all(here.knows_member_and_address(place) for place in range(2))
        here.restart(1, new)
        assert [here.opens(place, new) for place in range(2)] == [{True}, {True}]
        assert here.opens(1, OLD) == {False}
        assert here.page(1, here.links[OLD][0]).status_code == 404
        assert all(here.knows_member_and_address(place) for place in range(2))
        counted = pyotp.TOTP(CODES)
        assert signs_in(here.nodes[0], counted.at(int(time.time())))
        assert signs_in(here.nodes[1], counted.at(int(time.time()) + 30))
