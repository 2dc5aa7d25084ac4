"""Signing in through an OpenID provider: for whom it vouches, from the browser that set out, and nobody else."""

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from sqlalchemy import text
from structlog.testing import capture_logs

from collector.accounts.oidc.providers.openid import Provider
from collector.accounts.oidc.trip import TRIP_LASTS, begun, end_of, nonce_of, state_of, verifier_of
from collector.accounts.people.actions import disable, invite, remove
from collector.accounts.tries import NETWORK
from collector.app import create_app
from collector.config import Settings, SettingsError, read_settings
from collector.db import Database
from collector.web.guards import Role
from tests.accounts.test_sessions import OURS
from tests.conftest import Clock
from tests.make import NOW, PASSWORD, make_member
from tests.servers.openid import CLIENT, SECRET, OpenIdProvider

BACK = "/login/oidc/callback"
ALL = {
    "LUKEWARM_OIDC_ISSUER": "https://accounts.example",
    "LUKEWARM_OIDC_CLIENT_ID": "x",
    "LUKEWARM_OIDC_CLIENT_SECRET": "y",
    "LUKEWARM_PUBLIC_URL": "https://feedback.example",
}


@pytest.fixture
def provider(clock: Clock) -> Iterator[OpenIdProvider]:
    with OpenIdProvider(lambda: clock.time.timestamp()) as running:
        yield running


@pytest.fixture
def settings(settings: Settings, provider: OpenIdProvider) -> Settings:
    return replace(
        settings,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_name="Guild",
        public_url="http://localhost",
    )


@pytest.fixture
def owner(database: Database) -> int:
    with database.writing() as tx:
        return make_member(tx)


def set_out(client: FlaskClient, wanted: str = "/you") -> str:
    """The address at the provider that the browser is sent to."""
    reply = client.post("/login/oidc", data={"next": wanted}, headers=OURS)
    assert reply.status_code == 200, reply.location
    way = reply.headers["Refresh"].removeprefix("0; url=")
    assert way == unescape(re.findall(r'href="(http[^"]+)"', reply.text)[0])
    return way


def visit(way: str) -> str:
    """Signs in at the provider, and says where it sends the browser to."""
    parts = urlsplit(way)
    line = http.client.HTTPConnection(parts.netloc, timeout=10)
    line.request("GET", f"{parts.path}?{parts.query}")
    reply = line.getresponse()
    line.close()
    return str(reply.headers["Location"]).removeprefix("http://localhost")


def come(client: FlaskClient, wanted: str = "/you"):
    """The whole way there and back."""
    return client.get(visit(set_out(client, wanted)))


def test_a_member_comes_in_and_is_known_by_subject_from_then_on(
    app: Flask, provider: OpenIdProvider, database: Database, clock: Clock, owner: int
):
    client = app.test_client()
    assert "Sign in with Guild" in client.get("/login").text
    assert provider.asked == [], "nothing is asked before somebody presses the button"
    way = parse_qs(urlsplit(set_out(client)).query)
    assert way["scope"] == ["openid email profile"]
    assert len(way["code_challenge"][0]) == 43
    reply = come(client)
    assert (reply.status_code, reply.location) == (303, "/you")
    assert "Guild" in client.get("/you").text
    assert "signed in through another service for the first time" in client.get("/team/log").text
    provider.claims["email"] = "married@home.example"
    assert come(app.test_client()).location == "/you", "the address does not matter any more"
    provider.claims |= {"sub": "2", "email": "owner@home.example"}
    assert come(app.test_client()).location == "/login?fault=stranger", "an address that changed hands opens nothing"
    with database.writing() as tx:
        make_member(tx, Role.viewer)
    provider.claims |= {"sub": "1", "email": "viewer@home.example"}
    client = app.test_client()
    come(client)
    assert "owner@home.example" in client.get("/you").text, "nor does an address make somebody another member"
    assert provider.asked.count("/.well-known/openid-configuration") == provider.asked.count("/keys") == 1
    clock.move(timedelta(hours=1))
    assert come(app.test_client()).location == "/you"
    assert provider.asked.count("/.well-known/openid-configuration") == provider.asked.count("/keys") == 2


Change = Callable[[dict[str, Any]], dict[str, Any]]
CHANGED: dict[str, tuple[Change, str]] = {
    "another nonce": (lambda said: said | {"nonce": "0" * 32}, "refused"),
    "no nonce": (lambda said: {name: said[name] for name in said if name != "nonce"}, "refused"),
    "another audience": (lambda said: said | {"aud": "somebody else"}, "refused"),
    "for others too": (lambda said: said | {"aud": ["somebody else", CLIENT], "azp": "somebody else"}, "refused"),
    "no audience": (lambda said: {name: said[name] for name in said if name != "aud"}, "refused"),
    "expired": (lambda said: said | {"exp": said["iat"] - 61}, "refused"),
    "no end": (lambda said: {name: said[name] for name in said if name != "exp"}, "refused"),
    "an end in words": (lambda said: said | {"exp": "tomorrow"}, "refused"),
    "from the future": (lambda said: said | {"iat": said["iat"] + 3600}, "refused"),
    "another issuer": (lambda said: said | {"iss": "https://accounts.example"}, "refused"),
    "another access token": (lambda said: said | {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "refused"),
    "a number for a subject": (lambda said: said | {"sub": 1}, "refused"),
    "no subject": (lambda said: said | {"sub": ""}, "refused"),
    "address not verified": (lambda said: said | {"email_verified": False}, "stranger"),
    "verified in words": (lambda said: said | {"email_verified": "true"}, "stranger"),
    "nothing of verified": (lambda said: {name: said[name] for name in said if name != "email_verified"}, "stranger"),
    "two addresses": (lambda said: said | {"email": ["owner@home.example"]}, "stranger"),
    "no address": (lambda said: said | {"email": "owner"}, "stranger"),
    "a stranger": (lambda said: said | {"email": "nobody@home.example"}, "stranger"),
}


def test_what_the_provider_does_not_say_of_this_person_for_this_trip_opens_nothing(
    app: Flask, provider: OpenIdProvider, owner: int
):
    for name, (change, fault) in CHANGED.items():
        provider.change = change
        client = app.test_client()
        with capture_logs() as lines:
            assert come(client).location == f"/login?fault={fault}", name
        told = [line for line in lines if line["event"] == "oidc.refused"]
        assert "@" not in str(told), name
        assert name != "another nonce" or told[0]["claim"] == "nonce"
        assert client.get("/you").status_code == 303, name
        assert client.get_cookie("lukewarm") is None, name
    provider.change = dict
    assert come(app.test_client()).location == "/you"


def test_only_the_providers_own_signature_is_believed(app: Flask, provider: OpenIdProvider, clock: Clock, owner: int):
    other = RSAKey.generate_key(2048, {"kid": "first"})
    for sign in (
        provider.unsigned,
        provider.signed_with_public_key,
        lambda claims: provider.signed(claims, other),
        lambda claims: provider.signed(claims)[:-4],
        lambda claims: "no.token",
        lambda claims: "",
    ):
        provider.sign = sign
        assert come(app.test_client()).location == "/login?fault=refused"
    provider.sign = provider.signed
    assert come(app.test_client()).location == "/you"
    provider.key = RSAKey.generate_key(2048, {"kid": "second"})
    assert come(app.test_client()).location == "/login?fault=refused", "keys are not fetched for every stranger's token"
    clock.move(timedelta(minutes=1))
    assert come(app.test_client()).location == "/you", "a key that is new is fetched"


def test_a75_only_the_browser_that_set_out_comes_in(app: Flask, clock: Clock, owner: int):
    ours, theirs = app.test_client(), app.test_client()
    back = visit(set_out(ours))
    set_out(theirs)
    assert theirs.get(back).location == "/login?fault=late", "another browser's trip"
    assert app.test_client().get(back).location == "/login?fault=late"
    assert ours.get(re.sub(r"state=\w+", "state=%C3%A4", back)).location == "/login?fault=late"
    assert ours.get(back).location == "/login?fault=late", "a trip that failed is over"
    back = visit(set_out(ours))
    assert ours.get(back).location == "/you"
    assert ours.get(back).location == "/login?fault=late", "a trip is made once"
    back = visit(set_out(ours))
    clock.move(TRIP_LASTS)
    assert ours.get(back).location == "/login?fault=late"
    trip = ours.get(visit(set_out(ours)).replace("code=", "error=access_denied&was="))
    assert trip.location == "/login?fault=refused"
    assert ours.get(visit(set_out(ours)) + "&iss=https://other.example").location == "/login?fault=refused"


def test_a84_a_trip_that_began_under_the_older_secret_ends_under_both_and_under_no_other(
    settings: Settings, database: Database, clock: Clock, app: Flask, owner: int
):
    for key, end in (
        (f"another {'k' * 8} for tests, long\n{settings.secret_key}", "/you"),
        ("another one " * 4, "/login?fault=late"),
    ):
        ours = app.test_client()
        back = visit(set_out(ours))
        cookie = ours.get_cookie("lukewarm-trip")
        assert cookie is not None
        theirs = create_app(replace(settings, secret_key=key), database, now=clock).test_client()
        theirs.set_cookie("lukewarm-trip", cookie.value)
        assert theirs.get(back).location == end


def test_a_code_that_was_used_or_belongs_to_another_trip_opens_nothing(app: Flask, owner: int):
    thief, client = app.test_client(), app.test_client()
    stolen = re.findall(r"code=(\w+)", visit(set_out(client)))[0]
    back = re.sub(r"code=\w+", f"code={stolen}", visit(set_out(thief)))
    assert thief.get(back).location == "/login?fault=refused"


def test_a_form_of_another_page_sends_nobody_away_and_no_trip_leads_out_of_ours(app: Flask, owner: int):
    client = app.test_client()
    assert client.post("/login/oidc", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    for wanted in ("https://evil.example/", "//evil.example", "/login", "/you\r\nX: y", "/" + "x" * 2000):
        assert come(app.test_client(), wanted).location == "/inbox"
    assert come(app.test_client(), "/inbox?text=ä;b=%20c").location == "/inbox?text=%C3%A4;b=%20c"


def tried(client: FlaskClient):
    """As far on the way there and back as it goes."""
    reply = client.post("/login/oidc", data={"next": "/you"}, headers=OURS)
    return client.get(visit(reply.headers["Refresh"].removeprefix("0; url="))) if reply.status_code == 200 else reply


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("place", ["/.well-known/openid-configuration", "/keys", "/token"])
def test_a_provider_that_is_down_or_silent_is_said_to_be_and_tried_again(
    app: Flask, provider: OpenIdProvider, owner: int, place: str
):
    provider.broken.add(place)
    client = app.test_client()
    reply = tried(client)
    assert reply.location == "/login?fault=away"
    assert "Guild cannot be reached at the moment." in client.get(reply.location).text
    provider.broken.clear()
    assert tried(app.test_client()).location == "/you"
    back = f"http://localhost{BACK}"
    app.extensions["lukewarm.openid"] = Provider(provider.issuer, "Guild", CLIENT, SECRET, back, seconds=0.2)
    provider.silent.add(place)
    assert tried(app.test_client()).location == "/login?fault=away"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_provider_that_is_silent_holds_two_threads_and_others_are_asked_to_come_again(
    app: Flask, provider: OpenIdProvider, owner: int
):
    back = f"http://localhost{BACK}"
    app.extensions["lukewarm.openid"] = Provider(provider.issuer, "Guild", CLIENT, SECRET, back, seconds=60)
    provider.silent.add("/.well-known/openid-configuration")
    ended: SimpleQueue[tuple[int, str | None]] = SimpleQueue()

    def go() -> None:
        reply = app.test_client().post("/login/oidc", headers=OURS)
        ended.put((reply.status_code, reply.location))

    going = [Thread(target=go) for _ in range(3)]
    for one in going:
        one.start()
    assert ended.get(timeout=60) == (429, None)
    provider.over.set()
    assert [ended.get(timeout=60) for _ in range(2)] == [(303, "/login?fault=away")] * 2
    for one in going:
        one.join()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_provider_that_describes_another_one_is_not_followed(app: Flask, provider: OpenIdProvider, owner: int):
    for described in (
        {"issuer": "https://accounts.example"},
        {"token_endpoint": "ftp://127.0.0.1/"},
        {"authorization_endpoint": f"{provider.issuer}/\r\nSet-Cookie: x=y"},
        {"jwks_uri": None},
        {"authorization_endpoint": 7},
    ):
        provider.described = described
        assert app.test_client().post("/login/oidc", headers=OURS).location == "/login?fault=away"


def test_an_address_that_only_the_provider_itself_tells_counts_for_the_same_person(
    app: Flask, provider: OpenIdProvider, owner: int
):
    address = {"email": provider.claims.pop("email"), "email_verified": provider.claims.pop("email_verified")}
    provider.told = {"sub": "2", **address}
    assert come(app.test_client()).location == "/login?fault=stranger"
    provider.told = {"sub": "1", **address}
    assert come(app.test_client()).location == "/you"


def test_an_invited_address_joins_with_its_role_and_once(
    app: Flask, provider: OpenIdProvider, database: Database, clock: Clock, owner: int
):
    with database.writing() as tx:
        invite(tx, 1, "new@home.example", Role.analyst, owner, NOW)
    provider.claims |= {"sub": "9", "email": "New@home.example", "email_verified": False}
    assert come(app.test_client()).location == "/login?fault=stranger"
    provider.claims["email_verified"] = True
    client = app.test_client()
    assert come(client).location == "/you"
    page = client.get("/you").text
    assert "new@home.example" in page
    assert "analyst" in page
    assert come(app.test_client()).location == "/you"
    with database.writing() as tx:
        invite(tx, 1, "late@home.example", Role.owner, owner, NOW)
    clock.move(timedelta(hours=72))
    provider.claims |= {"sub": "10", "email": "late@home.example"}
    assert come(app.test_client()).location == "/login?fault=stranger"


def test_whoever_was_removed_from_every_team_comes_back_with_an_invitation_of_the_same_address(
    app: Flask, provider: OpenIdProvider, database: Database, owner: int
):
    provider.claims["email"] = "back@home.example"
    with database.writing() as tx:
        member = make_member(tx, Role.editor, email="back@home.example")
    assert come(app.test_client()).location == "/you"
    with database.writing() as tx:
        remove(tx, 1, member, NOW)
        invite(tx, 1, "other@home.example", Role.viewer, owner, NOW)
    assert come(app.test_client()).location == "/login?fault=stranger"
    provider.claims["email"] = "other@home.example"
    assert come(app.test_client()).location == "/login?fault=stranger", "but not as somebody else"
    with database.writing() as tx:
        invite(tx, 1, "back@home.example", Role.viewer, owner, NOW)
    provider.claims["email"] = "back@home.example"
    client = app.test_client()
    assert come(client).location == "/you"
    assert "viewer" in client.get("/you").text
    assert come(app.test_client()).location == "/you"


def test_a73_whoever_is_disabled_does_not_come_in(app: Flask, provider: OpenIdProvider, database: Database, owner: int):
    with database.writing() as tx:
        for name in ("linked", "other"):
            make_member(tx, Role.viewer, email=f"{name}@home.example")
    provider.claims["email"] = "linked@home.example"
    assert come(app.test_client()).location == "/you"
    with database.writing() as tx:
        for number in (owner + 1, owner + 2):
            disable(tx, number, NOW)
    assert come(app.test_client()).location == "/login?fault=stranger"
    provider.claims |= {"sub": "2", "email": "other@home.example"}
    assert come(app.test_client()).location == "/login?fault=stranger"


def test_a_second_step_is_asked_for_all_the_same(app: Flask, database: Database, owner: int):
    with database.writing() as tx:
        tx.execute(text("update member set totp_secret = 'GEZDGNBVGY3TQOJQ', totp_since = :now"), {"now": NOW})
    client = app.test_client()
    reply = come(client)
    assert (reply.status_code, 'name="ticket"' in reply.text) == (200, True)
    assert client.get("/you").status_code == 303


def test_a_link_is_ended_with_the_password_and_then_the_address_counts_again(
    app: Flask, provider: OpenIdProvider, owner: int
):
    client = app.test_client()
    come(client)
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    assert client.post("/you/oidc/unlink", data={"password": "wrong"}).status_code == 422
    assert client.post("/you/oidc/unlink", data={"password": PASSWORD}).location == "/you?done=unlinked"
    assert client.post("/you/oidc/unlink", data={"password": PASSWORD}).status_code == 404
    provider.claims["sub"] = "2"
    assert come(app.test_client()).location == "/you"


def test_trips_are_counted_like_passwords_and_given_back(app: Flask, owner: int):
    client = app.test_client()
    for _ in range(2):
        assert come(client).location == "/you"
    client = app.test_client()
    for _ in range(NETWORK.most):
        set_out(client)
    assert client.post("/login/oidc", headers=OURS).status_code == 429


def test_values_of_a_trip_are_made_with_our_key_and_apart():
    trip = begun("lwo_abc", "/inbox?a=b.c", NOW)
    values = [make(key, trip) for make in (state_of, nonce_of, verifier_of) for key in (b"one", b"two")]
    assert len(set(values)) == 6
    assert 43 <= len(verifier_of(b"one", trip)) <= 128
    assert end_of(trip, NOW) == "/inbox?a=b.c"
    assert end_of(trip, NOW + TRIP_LASTS) is None
    assert not any(end_of(text, NOW) for text in ("", ".", "x.y.z", "x.99999999999999999999.y", "x.١٢.y"))
    assert state_of(b"one", trip) != state_of(b"one", trip.replace("inbox", "other"))


@pytest.mark.parametrize("missing", ALL)
def test_half_of_the_settings_is_a_fault_that_names_them_all(missing: str):
    assert read_settings(ALL).oidc_client_secret == "y"
    with pytest.raises(SettingsError, match="all of them"):
        read_settings({name: value for name, value in ALL.items() if name != missing})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ISSUER", "http://accounts.example"),
        ("ISSUER", "accounts.example"),
        ("ISSUER", "https://x.example/?a"),
        ("NAME", "x" * 41),
    ],
)
def test_an_issuer_or_a_name_that_cannot_be_is_a_fault(name: str, value: str):
    with pytest.raises(SettingsError, match=f"LUKEWARM_OIDC_{name} "):
        read_settings(ALL | {f"LUKEWARM_OIDC_{name}": value})


def test_without_settings_there_is_no_way_and_nothing_is_loaded(database: Database, clock: Clock, settings: Settings):
    app = create_app(replace(settings, oidc_issuer=None), database, now=clock)
    with database.writing() as tx:
        make_member(tx)
    client = app.test_client()
    assert "/login/oidc" not in client.get("/login").text
    assert client.post("/login/oidc", headers=OURS).status_code == client.get(BACK).status_code == 404


def test_settings_without_the_extra_are_a_line_that_says_what_to_install(tmp_path: Path):
    program = (
        "import sys; from collector.cli import main; assert 'authlib' not in sys.modules; "
        "sys.modules['authlib'] = None; sys.argv = ['lukewarm', 'serve', '--port', '0']; main()"
    )
    environ = {**os.environ, **ALL, "LUKEWARM_DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["authlib is missing. For an OpenID provider install lukewarm[oidc]."]
