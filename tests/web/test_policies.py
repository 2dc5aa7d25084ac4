"""Who may use a route: declared for each, held for all."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.app import create_app
from collector.db import Database
from collector.web.guards import Role, policies
from collector.web.shell import POLICY
from tests.conftest import on_sqlite
from tests.make import let_in, make_member

pytestmark = on_sqlite

SAFE = {"GET", "HEAD", "OPTIONS"}


def ways_in(app: Flask, who: str) -> list[tuple[str, str, Role]]:
    """Every address with every method that is open to `who`, with something in each place, and the least role."""
    declared = policies(app)
    return [
        (re.sub(r"<(\w+:)?\w+>", "1", rule.rule), method, declared[rule.endpoint].role or Role.viewer)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if declared[rule.endpoint].who == who
    ]


def test_a_route_without_a_policy_stops_the_application(settings, database: Database, clock):
    app = create_app(settings, database, now=clock)
    app.view_functions["forgotten"] = lambda: ""
    with pytest.raises(TypeError, match="forgotten"):
        policies(app)


def test_whoever_is_not_signed_in_is_led_to_the_form_or_refused(app: Flask, client: FlaskClient):
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    found = ways_in(app, "member")
    assert found
    for path, method, _ in found:
        reply = client.open(path, method=method)
        assert reply.status_code == (303 if method in SAFE else 401), (method, path)
        assert method not in SAFE or reply.location.startswith("/login"), path


def test_a_lower_role_is_refused_everywhere(app: Flask, client: FlaskClient, database: Database):
    with database.writing() as tx:
        viewer = make_member(tx, Role.viewer)
        let_in(client, tx, viewer)
    for path, method, least in ways_in(app, "member"):
        if least > Role.viewer:
            assert client.open(path, method=method).status_code == 403, (method, path)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {},
    ],
    ids=str,
)
def test_a75_no_form_is_taken_from_another_page(app: Flask, database: Database, headers: dict[str, str]):
    client = app.test_client()
    with database.writing() as tx:
        let_in(client, tx, make_member(tx))
    del client.environ_base["HTTP_SEC_FETCH_SITE"]
    writes = [(path, method) for path, method, _ in ways_in(app, "member") if method not in SAFE]
    for path, method in [*writes, ("/login", "POST")]:
        reply = client.open(path, method=method, headers=headers)
        assert (reply.status_code, reply.mimetype) == (403, "text/html"), (method, path)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}], ids=str)
def test_a_form_of_ours_is_taken(client: FlaskClient, database: Database, headers: dict[str, str]):
    with database.writing() as tx:
        let_in(client, tx, make_member(tx))
    del client.environ_base["HTTP_SEC_FETCH_SITE"]
    assert client.post("/logout", headers=headers).location == "/login"


def test_every_page_for_members_is_closed_to_other_origins_and_kept_nowhere(
    app: Flask, client: FlaskClient, database: Database
):
    with database.writing() as tx:
        let_in(client, tx, make_member(tx))
    for path, method, _ in ways_in(app, "member"):
        if method != "GET":
            continue
        reply = client.get(path)
        assert reply.headers["Cache-Control"] == "no-store", path
        if reply.status_code == 200 and reply.mimetype == "text/html":
            assert reply.headers["Content-Security-Policy"] == POLICY, path
            assert reply.headers["Cross-Origin-Opener-Policy"] == "same-origin", path
            assert "Cookie" in reply.vary, path
