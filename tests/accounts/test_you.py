"""A member's own account: what one changes, where one is signed in, and links for a new password."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from collector.accounts.door.actions import make_reset
from collector.accounts.models import ResetRow
from collector.accounts.moments import shown
from collector.accounts.people.actions import disable
from collector.accounts.tries import ADDRESS
from collector.accounts.you.agents import device
from collector.accounts.you.zones import zones
from collector.db import Database
from collector.web.guards import Role
from tests.accounts.test_sessions import OURS, log_in
from tests.conftest import Clock
from tests.make import NOW, PASSWORD, let_in, make_member

OTHER = "four plain words instead"


@pytest.fixture
def elsewhere(app: Flask, database: Database, owner: int) -> FlaskClient:
    """Another browser of the same person."""
    browser = app.test_client()
    with database.writing() as tx:
        let_in(browser, tx, owner)
    return browser


def test_name_and_zone_are_changed_and_times_follow(client: FlaskClient, owner: int):
    assert client.post("/you/profile", data={"name": " Änne ", "zone": "Asia/Kolkata"}).location == "/you?done=saved"
    page = client.get("/you?done=saved").text
    assert "Änne" in page
    assert "22 Nov 2026, 14:30" in page
    assert "Saved." in page
    assert "Saved." not in client.get("/you?done=<script>").text


@pytest.mark.parametrize("form", [{"name": ""}, {"name": "x" * 121}, {"zone": "Mars/Base"}, {"zone": "../etc/passwd"}])
def test_what_cannot_be_saved_is_said_at_its_field_and_kept(client: FlaskClient, owner: int, form: dict[str, str]):
    reply = client.post("/you/profile", data={"name": "Ann", "zone": "UTC", **form})
    assert reply.status_code == 422
    assert reply.text.count('aria-invalid="true"') == 1
    assert f'value="{form.get("name", "Ann")}"' in reply.text


def test_zones_are_places_and_every_one_can_be_shown():
    assert {"UTC", "Europe/Berlin", "America/Argentina/Ushuaia", "Pacific/Auckland"} <= set(zones())
    assert not [zone for zone in zones() if zone.startswith(("Etc/", "SystemV", "posix"))]
    assert all(shown(NOW, zone) for zone in zones())
    assert shown(NOW, "Was/There") == "22 Nov 2026, 09:00 UTC"


def test_a73_another_password_ends_all_other_sessions_and_renews_this_one(
    app: Flask, client: FlaskClient, elsewhere: FlaskClient
):
    before = client.get_cookie("lukewarm").value
    assert client.post("/you/password", data={"password": PASSWORD, "new": OTHER}).location == "/you?done=password"
    assert client.get("/you").status_code == 200
    assert client.get_cookie("lukewarm").value != before
    assert elsewhere.get("/you").status_code == 303
    assert log_in(app.test_client()).status_code == 422
    assert log_in(app.test_client(), password=OTHER).status_code == 303


@pytest.mark.parametrize(
    ("now", "new", "field"),
    [("wrong", OTHER, "password"), (PASSWORD, "short", "new"), (PASSWORD, "x" * 257, "new"), ("", OTHER, "password")],
)
def test_a_password_is_changed_with_the_one_in_force_to_one_of_twelve_signs(
    client: FlaskClient, elsewhere: FlaskClient, now: str, new: str, field: str
):
    reply = client.post("/you/password", data={"password": now, "new": new})
    assert reply.status_code == 422
    assert f'id="{field}-wrong"' in reply.text
    assert elsewhere.get("/you").status_code == 200


@pytest.mark.parametrize(
    "new", ["ünïcödé wörds hére", "a" * 256, "🙂" * 12, "with\0nul inside it", " blanks around it "]
)
def test_a83_a_password_is_taken_as_it_was_typed(app: Flask, client: FlaskClient, owner: int, new: str):
    assert client.post("/you/password", data={"password": PASSWORD, "new": new}).status_code == 303
    for typed in (new[:-1], f"{new}x", new.strip() if new.strip() != new else new.swapcase() + "y"):
        assert log_in(app.test_client(), password=typed).status_code == 422
    assert log_in(app.test_client(), password=new).status_code == 303


def test_a_thief_of_a_session_cannot_guess_the_password_there(client: FlaskClient, owner: int):
    for _ in range(ADDRESS.most):
        assert client.post("/you/password", data={"password": "guess", "new": OTHER}).status_code == 422
    assert client.post("/you/password", data={"password": PASSWORD, "new": OTHER}).status_code == 429


def test_one_sees_where_one_is_signed_in_and_ends_it(app: Flask, client: FlaskClient, elsewhere: FlaskClient):
    page = client.get("/you").text
    (number,) = re.findall(r"/you/sessions/(\d+)/end", page)
    assert "this one" in page
    assert client.post(f"/you/sessions/{number}/end").location == "/you?done=ended"
    assert elsewhere.get("/you").status_code == 303
    assert client.post(f"/you/sessions/{number}/end").status_code == 404
    assert client.get("/you").status_code == 200


def test_one_signs_out_everywhere_else(client: FlaskClient, elsewhere: FlaskClient):
    assert client.post("/you/sessions/end").location == "/you?done=others"
    assert (client.get("/you").status_code, elsewhere.get("/you").status_code) == (200, 303)


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("curl/8", "A browser"),
    ],
)
def test_a_browser_is_called_by_its_name(agent: str, told: str):
    assert device(agent) == told


def reset_of(database: Database, member: int, at=NOW) -> str:
    with database.writing() as tx:
        return f"/reset/{make_reset(tx, member, at)}"


def set_new(client: FlaskClient, path: str, password: str = OTHER):
    return client.post(path, data={"password": password}, headers=OURS)


def test_a73_a_link_sets_a_password_once_and_ends_every_session(
    app: Flask, client: FlaskClient, database: Database, owner: int
):
    path, stranger = reset_of(database, owner), app.test_client()
    assert "owner@home.example" in stranger.get(path).text
    assert set_new(stranger, path, "short").status_code == 422
    reply = set_new(stranger, path)
    assert reply.location == "/login?done=password"
    assert client.get("/you").status_code == 303
    assert stranger.get("/you").status_code == 303, "the link signs nobody in"
    assert set_new(stranger, path).status_code == stranger.get(path).status_code == 404
    assert log_in(app.test_client()).status_code == 422
    assert log_in(app.test_client(), password=OTHER).status_code == 303


def test_a_link_ends_after_an_hour_and_with_a_newer_one(
    app: Flask, database: Database, clock: Clock, owner: int, client: FlaskClient
):
    first, second = reset_of(database, owner), reset_of(database, owner)
    assert client.get(first).status_code == 404
    clock.move(timedelta(hours=1) - timedelta(seconds=1))
    assert client.get(second).status_code == 200
    clock.move(timedelta(seconds=1))
    assert set_new(client, second).status_code == 404


def test_a_link_is_for_its_purpose_and_stored_as_a_hash(client: FlaskClient, database: Database, owner: int):
    path = reset_of(database, owner)
    token = path.rpartition("/")[2]
    assert client.get(f"/invitations/{token}").status_code in (303, 404)
    other = client.application.test_client()
    other.set_cookie("lukewarm", token)
    assert other.get("/you").status_code == 303
    assert other.get(f"/invitations/{token}").status_code == 404
    with database.reading() as tx:
        assert token.encode() not in tx.scalars(select(ResetRow.fingerprint)).one()


def test_a_link_for_somebody_who_was_disabled_opens_nothing(client: FlaskClient, database: Database, owner: int):
    with database.writing() as tx:
        viewer = make_member(tx, Role.viewer)
    path = reset_of(database, viewer)
    with database.writing() as tx:
        disable(tx, viewer, NOW)
    assert client.application.test_client().get(path).status_code == 404
