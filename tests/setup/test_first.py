"""The first run: one code, one owner, one time."""

from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.accounts.models import ChangeRow, MemberRow
from collector.db import Database
from collector.setup.first.actions import add_first_owner
from collector.setup.first.code import is_setup_code, setup_code
from tests.make import NOW, PASSWORD, make_member, make_site

KEY = b"a key for tests that is long enough to be one"
CODE = setup_code(KEY)
OURS = {"Sec-Fetch-Site": "same-origin"}
TYPED = {"code": CODE, "name": "Ann", "email": "Ann@Example.com", "password": PASSWORD}


def set_up(client: FlaskClient, **changes: str):
    return client.post("/setup", data=TYPED | changes, headers=OURS)


def test_the_code_is_the_same_in_all_processes_and_another_under_another_key():
    assert is_setup_code(KEY, f" {CODE.upper()} ")
    assert not is_setup_code(b"another key of an installation, long enough", CODE)
    assert not is_setup_code(KEY, "")
    assert not is_setup_code(KEY, "ü")
    assert len(CODE) == 26


def test_without_the_code_the_page_says_where_it_is_found(client: FlaskClient):
    assert client.get("/").location == client.get("/login").location == "/setup"
    reply = client.get("/setup")
    assert "one-time code" in reply.text
    assert CODE not in reply.text
    assert "not the code" in client.get("/setup?code=guessed").text
    assert set_up(client, code="guessed").status_code == 422


def test_the_first_owner_is_signed_in_and_goes_on_to_the_first_site(client: FlaskClient, database: Database):
    assert client.get(f"/setup?code={CODE}").status_code == 200
    assert set_up(client).location == "/sites/new"
    page = client.get("/sites/new").text
    assert "Your first site" in page
    form = {"name": "Shop", "origins": "https://shop.example", "industry": "saas", "language": "de", "scale": "nps"}
    reply = client.post("/sites", data=form, headers=OURS)
    assert reply.location.startswith("/sites/site_")
    assert reply.location.endswith("/install")
    assert client.get(reply.location).status_code == 200
    with database.reading() as tx:
        assert [row.email for row in tx.query(MemberRow)] == ["ann@example.com"]
        assert [row.verb for row in tx.query(ChangeRow).order_by(ChangeRow.id)] == ["team.set_up", "site.added"]


def test_a_first_site_that_is_refused_is_still_the_first(client: FlaskClient):
    set_up(client)
    reply = client.post("/sites", data={"name": "Shop"}, headers=OURS)
    assert reply.status_code == 422
    assert "Your first site" in reply.text


@pytest.mark.parametrize(("said", "kept"), [("Asia/Tokyo", "Asia/Tokyo"), ("Mars/Olympus", "UTC")])
def test_the_owners_times_are_in_the_zone_of_their_browser(
    client: FlaskClient, database: Database, said: str, kept: str
):
    set_up(client, zone=said)
    with database.reading() as tx:
        assert [row.zone for row in tx.query(MemberRow)] == [kept]


def test_where_a_site_exists_the_tag_comes_next(client: FlaskClient, site):
    assert set_up(client).location == f"/sites/{site.key}/install"


def test_a_second_set_up_is_impossible(app: Flask, client: FlaskClient, database: Database):
    set_up(client)
    stranger = app.test_client()
    assert stranger.get(f"/setup?code={CODE}").location == "/login"
    assert set_up(stranger, email="eve@example.com").location == "/login"
    assert client.get("/setup").location == "/sites"
    with database.reading() as tx:
        assert tx.query(MemberRow).count() == 1


def test_of_two_at_once_one_becomes_the_owner(database: Database):
    start, tokens = Barrier(2), []

    def hurry(email: str) -> None:
        start.wait()
        with database.writing() as tx:
            tokens.append(add_first_owner(tx, "Ann", email, "kept", "UTC", "", NOW))

    racing = [Thread(target=hurry, args=(f"{name}@example.com",)) for name in ("ann", "eve")]
    for thread in racing:
        thread.start()
    for thread in racing:
        thread.join()
    assert sorted(token is None for token in tokens) == [False, True]


@pytest.mark.parametrize(
    ("name", "value"), [("name", " "), ("email", "ann@"), ("password", "short"), ("password", "x" * 257)]
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(client: FlaskClient, name: str, value: str):
    reply = set_up(client, **{name: value})
    assert reply.status_code == 422
    assert f'id="{name}-wrong"' in reply.text
    assert reply.text.count('aria-invalid="true"') == 1
    assert PASSWORD not in reply.text
    assert ('value="Ann"' in reply.text) is (name != "name")


def test_the_set_up_takes_no_form_of_another_page(client: FlaskClient):
    assert client.post("/setup", data=TYPED, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_where_somebody_can_sign_in_the_start_page_says_so(client: FlaskClient, database: Database):
    with database.writing() as tx:
        make_member(tx)
        make_site(tx)
    assert 'href="/login"' in client.get("/").text
