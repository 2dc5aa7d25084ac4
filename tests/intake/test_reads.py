"""How often somebody may read what needs no sign-in, through both doors."""

from dataclasses import replace

import pytest
from flask import Flask

from collector.app import create_app
from collector.config import Settings
from collector.db import Database
from tests.conftest import on_sqlite
from tests.intake.test_submit import send
from tests.make import ORIGIN, let_in, make_key, make_member, submission
from tests.servers.inside import running
from tests.servers.over_http import HttpClient


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, read_limit=5, key_limit=3, trusted_proxies=1)


def reads(client, path: str, address: str, count: int, **headers: str) -> list[int]:
    """The statuses of reads that a proxy passes on from an address."""
    named = {"X-Forwarded-For": address} | headers
    return [client.get(path, headers=named).status_code for _ in range(count)]


@pytest.mark.parametrize(
    ("path", "status"), [("/v1/sites/{}/survey", 200), ("/w/1/{}.js", 200), ("/f/{}", 200), ("/r/{}", 404)]
)
def test_what_a_network_reads_is_counted_and_others_read_on(client, site, path, status):
    path = path.format(site.key)
    assert reads(client, path, "203.0.113.7", 8) == [status] * 5 + [429] * 3
    assert reads(client, path, "203.0.113.8", 1) == [status]


def test_made_up_keys_are_counted_before_anybody_looks_them_up(client):
    seen = [
        reads(client, "/api/responses", "203.0.113.7", 1, Authorization=f"Bearer {'x' * 30}{number}")[0]
        for number in range(8)
    ]
    assert seen == [401] * 5 + [429] * 3


def test_a_program_has_the_share_of_its_key_wherever_it_reads_from(client, database):
    with database.writing() as tx:
        one, two = (make_key(tx, "responses:read") for _ in range(2))
    seen = [
        reads(client, "/api/responses", f"203.0.113.{number}", 1, Authorization=f"{bearer} {one}")[0]
        for number, bearer in enumerate(("Bearer", "bearer", "Bearer ", "BEARER", "Bearer  "))
    ]
    assert seen == [200] * 3 + [429] * 2
    assert reads(client, "/api/responses", "203.0.113.1", 1, Authorization=f"Bearer {two}") == [200]


def test_who_reads_too_often_is_told_when_to_come_again_on_any_page_and_may_still_send(client, site):
    assert 429 in reads(client, f"/v1/sites/{site.key}/survey", "127.0.0.1", 6)
    reply = client.get(
        f"/v1/sites/{site.key}/survey", headers={"Origin": "https://evil.example", "X-Forwarded-For": "127.0.0.1"}
    )
    assert (reply.status_code, reply.json["type"]) == (429, "/problems/too-many-requests")
    assert 12 <= int(reply.headers["Retry-After"]) <= 18
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert send(client, site, submission(1)).status_code == 201


def test_neither_a_monitor_nor_the_team_is_ever_told_to_wait(client, database, app: Flask):
    for path in ("/livez", "/readyz"):
        assert reads(client, path, "203.0.113.7", 8) == [200] * 8
    member = app.test_client()
    with database.writing() as tx:
        let_in(member, tx, make_member(tx))
    assert reads(member, "/inbox", "203.0.113.7", 8) == [200] * 8


@on_sqlite
def test_what_lies_on_the_shelf_is_given_without_counting(settings, database: Database, site):
    with running(create_app(replace(settings, configuration_max_age=3600), database)) as port:
        client = HttpClient(port)
        assert reads(client, f"/v1/sites/{site.key}/survey", "203.0.113.7", 20, Origin=ORIGIN) == [200] * 20
        client.close()
