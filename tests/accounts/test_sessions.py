"""Signing in, staying so, and the ends of it."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.accounts.actions import end_session, find_or_make_team, sign_in
from collector.accounts.models import SessionRow
from collector.accounts.queries import signed_in
from collector.db import Database
from collector.web.guards import Role
from tests.conftest import Clock
from tests.make import NOW, PASSWORD, let_in, make_member

OURS = {"Sec-Fetch-Site": "same-origin"}


def log_in(client: FlaskClient, email: str = "owner@home.example", password: str = PASSWORD, **form: str):
    return client.post("/login", data={"email": email, "password": password, **form}, headers=OURS)


@pytest.fixture
def owner(database: Database) -> int:
    with database.writing() as tx:
        return make_member(tx)


def test_the_right_password_opens_and_signing_out_closes(client: FlaskClient, database: Database, owner: int):
    reply = log_in(client, " Owner@Home.example ")
    assert (reply.status_code, reply.location) == (303, "/inbox")
    cookie = client.get_cookie("lukewarm")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")
    assert client.get("/login").location == "/inbox"
    client.post("/logout", headers=OURS)
    assert client.get_cookie("lukewarm") is None
    client.set_cookie("lukewarm", cookie.value)
    assert client.post("/logout", headers=OURS).status_code == 401


def test_over_tls_the_cookie_belongs_to_this_host_alone(client: FlaskClient, owner: int):
    reply = client.post(
        "/login", data={"email": "owner@home.example", "password": PASSWORD}, headers=OURS, base_url="https://localhost"
    )
    cookie = reply.headers["Set-Cookie"]
    assert cookie.startswith("__Host-lukewarm=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    "cookie",
    ["={name}={token}", "lukewarm={token}", "{name}x={token}", "{name}={token}x", '{name}="{token}x"', "{name}="],
)
def test_a74_over_tls_no_other_cookie_is_taken_for_ours(app: Flask, database: Database, owner: int, cookie: str):
    client = app.test_client(use_cookies=False)
    with database.writing() as tx:
        token = sign_in(tx, owner, find_or_make_team(tx, "Home", NOW), "test", NOW)

    def status(header: str) -> int:
        headers = {"Cookie": header.format(name="__Host-lukewarm", token=token)}
        return client.get("/you", base_url="https://localhost", headers=headers).status_code

    assert status("{name}={token}") == 200
    assert status(cookie) == 303


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("owner@home.example", "wrong horse battery staple"),
        ("nobody@home.example", PASSWORD),
        ("owner@home.example", PASSWORD + "\0"),
        ("owner@home.example", ""),
        ("owner@home.example", "x" * 1000),
    ],
)
def test_a80_every_refusal_says_the_same(client: FlaskClient, owner: int, email: str, password: str):
    reply = log_in(client, email, password)
    assert reply.status_code == 422
    assert "do not belong together" in reply.text
    assert "Set-Cookie" not in reply.headers


def test_a74_each_sign_in_makes_a_new_session(client: FlaskClient, owner: int):
    client.set_cookie("lukewarm", "lws_" + "1" * 40)
    log_in(client)
    first = client.get_cookie("lukewarm")
    other = client.application.test_client()
    log_in(other)
    second = other.get_cookie("lukewarm")
    assert first is not None
    assert second is not None
    assert first.value not in (second.value, "lws_" + "1" * 40)


def test_only_the_fingerprint_of_a_session_is_stored(client: FlaskClient, database: Database, owner: int):
    log_in(client)
    cookie = client.get_cookie("lukewarm")
    assert cookie is not None
    with database.reading() as tx:
        row = tx.query(SessionRow).one()
        assert cookie.value not in str([getattr(row, column.key) for column in SessionRow.__table__.columns])


@pytest.mark.parametrize(
    ("steps", "is_in"),
    [
        ([timedelta(days=6)] * 4, True),
        ([timedelta(days=7)], False),
        ([timedelta(days=6)] * 5, False),
    ],
)
def test_a_session_ends_after_a_week_unused_and_after_thirty_days(
    client: FlaskClient, clock: Clock, owner: int, steps: list[timedelta], is_in: bool
):
    log_in(client)
    for step in steps:
        clock.move(step)
        reply = client.get("/login")
    assert (reply.status_code == 303) is is_in


def test_one_session_of_several_can_be_ended_by_its_member_only(app: Flask, database: Database, owner: int):
    clients = [app.test_client(), app.test_client()]
    with database.writing() as tx:
        for client in clients:
            let_in(client, tx, owner)
        other = make_member(tx, Role.viewer)
        token = clients[0].get_cookie("lukewarm").value
        found = signed_in(tx, token, NOW)
        assert found is not None
        assert not end_session(tx, other, found.member.session)
        assert end_session(tx, owner, found.member.session)
    assert clients[0].get("/login").status_code == 200
    assert clients[1].get("/login").status_code == 303


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/nowhere", "/demo", ""],
)
def test_a48_signing_in_leads_nowhere_else(client: FlaskClient, owner: int, wanted: str):
    assert log_in(client, next=wanted).location == "/inbox"
