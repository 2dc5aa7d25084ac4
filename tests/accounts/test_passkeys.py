"""Passkeys: added with the password, good for one place, one person and one signature each."""

import html
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, text

from collector.accounts.actions import find_or_make_team, sign_in
from collector.accounts.door.actions import forget_ended
from collector.accounts.models import ChallengeRow, MembershipRow
from collector.accounts.passkeys.actions import CHALLENGE_LASTS, MOST, add_passkey, make_challenge
from collector.accounts.passkeys.place import Place, place_of
from collector.accounts.people.actions import disable
from collector.accounts.tries import NETWORK
from collector.app import create_app
from collector.config import Settings
from collector.db import Database
from collector.web.guards import Role
from tests.accounts.test_sessions import OURS, log_in
from tests.conftest import Clock
from tests.make import NOW, PASSWORD, let_in, make_member
from tests.servers.authenticator import Device
from tests.servers.authenticator import text as coded

UNKNOWN = "This passkey opens nothing here."


@pytest.mark.parametrize(
    ("public_url", "asked", "place"),
    [
        ("https://feedback.example", "http://127.0.0.1:8000/", Place("https://feedback.example", "feedback.example")),
        ("https://feedback.example:8443", "x", Place("https://feedback.example:8443", "feedback.example")),
        ("https://Feedback.Example:443", "x", Place("https://feedback.example", "feedback.example")),
        ("http://localhost:80", "x", Place("http://localhost", "localhost")),
        (None, "http://localhost:8000/", Place("http://localhost:8000", "localhost")),
        (None, "http://evil.example/", None),
        (None, "https://evil.example/", None),
        ("http://feedback.example", "http://localhost/", None),
        ("https://192.0.2.1", "http://localhost/", None),
        ("https://[2001:db8::1]", "http://localhost/", None),
    ],
)
def test_a_place_is_what_the_operator_says_and_never_what_a_header_says(
    public_url: str | None, asked: str, place: Place | None
):
    assert place_of(public_url, asked) == place


def asked_to_make(client: FlaskClient) -> dict[str, Any]:
    """What the page for a new passkey asks the browser for."""
    page = client.post("/you/passkeys/start", data={"password": PASSWORD})
    assert page.status_code == 200, page.text
    return json.loads(html.unescape(re.findall(r'data-asked="([^"]+)"', page.text)[0]))


def asked_to_sign(client: FlaskClient) -> dict[str, Any]:
    """What the form to sign in asks the browser for."""
    return client.post("/login/passkey/start", headers=OURS).get_json()


def add(client: FlaskClient, said: str, name: str = "Phone"):
    return client.post("/you/passkeys", data={"said": said, "name": name})


def come(client: FlaskClient, said: str):
    return client.post("/login/passkey", data={"said": said, "next": "/you"}, headers=OURS)


@pytest.fixture
def device(client: FlaskClient, owner: int) -> Device:
    """A device with a passkey of the owner's."""
    made = Device()
    assert add(client, made.make(asked_to_make(client))).location == "/you?done=passkey"
    return made


def test_a_passkey_is_added_with_the_password_and_signs_in_without_one(
    app: Flask, client: FlaskClient, database: Database, clock: Clock, owner: int
):
    elsewhere = app.test_client()
    with database.writing() as tx:
        let_in(elsewhere, tx, owner)
        tx.execute(text("update member set totp_secret = 'GEZDGNBVGY3TQOJQ', totp_since = :now"), {"now": NOW})
    wrong = client.post("/you/passkeys/start", data={"password": "wrong"})
    assert (wrong.status_code, "data-asked" in wrong.text) == (422, False)
    asked = asked_to_make(client)
    assert asked["rp"]["id"] == "localhost"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    before, device = client.get_cookie("lukewarm").value, Device()
    assert add(client, device.make(asked), "Ann's <phone>").location == "/you?done=passkey"
    assert client.get_cookie("lukewarm").value != before
    assert elsewhere.get("/you").status_code == 303
    page = client.get("/you").text
    assert "Ann&#39;s &lt;phone&gt;" in page
    assert "not used yet" in page
    clock.move(timedelta(days=1))
    assert asked_to_make(client)["excludeCredentials"] == [{"id": coded(device.credential), "type": "public-key"}]
    other = app.test_client()
    assert 'data-start="/login/passkey/start"' in other.get("/login").text
    asked = asked_to_sign(other)
    assert asked["allowCredentials"] == []
    assert asked["userVerification"] == "required"
    assert come(other, device.sign(asked)).location == "/you"
    assert "last used" in other.get("/you").text
    log = client.get("/team/log").text
    assert "added the passkey" in log


def test_a_passkey_that_was_removed_opens_nothing(app: Flask, client: FlaskClient, device: Device):
    (path,) = re.findall(r'href="(/you/passkeys/\d+/remove)"', client.get("/you").text)
    assert "Phone</strong> then opens nothing here" in client.get(path).text
    assert client.post(path, data={"password": "wrong"}).status_code == 422
    other = app.test_client()
    assert come(other, device.sign(asked_to_sign(other))).status_code == 303
    assert client.post(path, data={"password": PASSWORD}).location == "/you?done=unkeyed"
    assert other.get("/you").status_code == 303
    assert come(other, device.sign(asked_to_sign(other))).status_code == 422
    assert client.post(path, data={"password": PASSWORD}).status_code == 404
    assert "removed their passkey" in client.get("/team/log").text


def changed(said: str, **parts: Any) -> str:
    """What a browser said, with other parts in its response."""
    whole = json.loads(said)
    whole["response"] |= parts
    return json.dumps(whole)


Forge = Callable[[Device, dict[str, Any]], str]
#: Everything is signed by the right key, unless the case is about that.
FORGED: dict[str, Forge] = {
    "foreign origin": lambda device, asked: replace(device, origin="https://localhost.evil.example").sign(asked),
    "another port": lambda device, asked: replace(device, origin="http://localhost:8001").sign(asked),
    "foreign name": lambda device, asked: replace(device, name="evil.example").sign(asked),
    "within a foreign page": lambda device, asked: replace(device, cross_origin=True).sign(asked),
    "nobody verified": lambda device, asked: replace(device, verified=False).sign(asked),
    "another kind": lambda device, asked: device.sign(asked, "webauthn.create"),
    "a challenge of one's own": lambda device, asked: device.sign(asked | {"challenge": coded(b"lwc_mine")}),
    "a count that stands still": lambda device, asked: replace(device, uses=device.uses - 1).sign(asked),
    "a count that goes back": lambda device, asked: replace(device, uses=0).sign(asked),
    "another key": lambda device, asked: replace(device, key=Device().key).sign(asked),
    "unknown passkey": lambda device, asked: replace(device, credential=b"another").sign(asked),
    "another member's name": lambda device, asked: replace(device, handle=b"another").sign(asked),
    "no member's name": lambda device, asked: changed(device.sign(asked), userHandle=None),
    "signature cut short": lambda device, asked: changed(device.sign(asked), signature="MEUC"),
    "no count": lambda device, asked: changed(device.sign(asked), authenticatorData=coded(b"x" * 32)),
    "nothing": lambda device, asked: "",
    "a list": lambda device, asked: "[]",
    "NUL in the name": lambda device, asked: device.sign(asked).replace(coded(device.credential), "\\u0000"),
    "no base64": lambda device, asked: changed(device.sign(asked), clientDataJSON="ä"),
    "deep": lambda device, asked: "[" * 5000,
}


def test_a82_what_was_not_signed_here_now_by_this_device_is_refused_in_one_sentence(app: Flask, device: Device):
    client = app.test_client()
    assert come(client, device.sign(asked_to_sign(client))).status_code == 303
    client = app.test_client()
    for name, forge in FORGED.items():
        reply = come(client, forge(replace(device), asked_to_sign(client)))
        assert (reply.status_code, UNKNOWN in reply.text) == (422, True), name
        assert "Set-Cookie" not in reply.headers, name
    assert come(client, device.sign(asked_to_sign(client))).status_code == 303, "the passkey itself is as it was"


def test_a82_a_challenge_is_signed_once_and_soon(app: Flask, database: Database, clock: Clock, device: Device):
    client = app.test_client()
    asked = asked_to_sign(client)
    said = device.sign(asked)
    assert come(client, said).status_code == 303
    assert come(app.test_client(), said).status_code == 422
    assert come(app.test_client(), device.sign(asked)).status_code == 422
    late = asked_to_sign(client)
    clock.move(CHALLENGE_LASTS)
    assert come(app.test_client(), device.sign(late)).status_code == 422
    with database.writing() as tx:
        forget_ended(tx, clock.time)
        assert tx.scalar(select(func.count()).select_from(ChallengeRow)) == 0


def test_a82_a_challenge_that_failed_is_used_up(app: Flask, device: Device):
    client = app.test_client()
    asked = asked_to_sign(client)
    assert come(client, replace(device, verified=False).sign(asked)).status_code == 422
    assert come(client, device.sign(asked)).status_code == 422


def test_a_device_that_does_not_count_signs_in_again_and_again(app: Flask, client: FlaskClient, owner: int):
    device = Device(uses=0)
    assert add(client, device.make(asked_to_make(client))).status_code == 303
    for _ in range(2):
        device.uses = 0
        other = app.test_client()
        assert come(other, device.sign(asked_to_sign(other))).status_code == 303


def test_a73_whoever_is_disabled_or_in_no_team_does_not_come_in_by_passkey(
    app: Flask, client: FlaskClient, database: Database
):
    def gone(tx, viewer: int) -> None:
        tx.execute(delete(MembershipRow).where(MembershipRow.member_id == viewer))

    for number, end in enumerate((lambda tx, viewer: disable(tx, viewer, NOW), gone)):
        device = Device()
        with database.writing() as tx:
            viewer = make_member(tx, Role.viewer, email=f"viewer{number}@home.example")
            let_in(client, tx, viewer)
        assert add(client, device.make(asked_to_make(client))).status_code == 303
        with database.writing() as tx:
            end(tx, viewer)
        other = app.test_client()
        reply = come(other, device.sign(asked_to_sign(other)))
        assert (reply.status_code, UNKNOWN in reply.text) == (422, True)


NOT_MADE: dict[str, Forge] = {
    "foreign origin": lambda device, asked: replace(device, origin="https://evil.example").make(asked),
    "foreign name": lambda device, asked: replace(device, name="evil.example").make(asked),
    "nobody verified": lambda device, asked: replace(device, verified=False).make(asked),
    "another kind": lambda device, asked: device.make(asked, "webauthn.get"),
    "a challenge of one's own": lambda device, asked: device.make(asked | {"challenge": coded(b"mine")}),
    "no attestation": lambda device, asked: changed(device.make(asked), attestationObject="oA"),
    "nothing": lambda device, asked: "",
}


def test_a82_what_was_not_made_here_now_is_not_added(client: FlaskClient, owner: int):
    for name, forge in NOT_MADE.items():
        reply = add(client, forge(Device(), asked_to_make(client)))
        assert (reply.status_code, "No passkey was added" in reply.text) == (422, True), name
    assert "not used yet" not in client.get("/you").text


def test_a_challenge_to_add_is_one_members_and_for_adding(
    app: Flask, client: FlaskClient, database: Database, device: Device
):
    thief = app.test_client()
    with database.writing() as tx:
        let_in(thief, tx, make_member(tx, Role.viewer))
    asked = asked_to_make(client)
    assert add(thief, Device().make(asked)).status_code == 422, "another member's"
    sign = asked_to_sign(thief)
    assert add(client, Device().make(asked | {"challenge": sign["challenge"]})).status_code == 422
    make = asked_to_make(client)
    assert come(thief, device.sign(sign | {"challenge": make["challenge"]})).status_code == 422
    said = Device().make(make)
    assert add(client, said, name="").status_code == 422
    assert add(client, said).status_code == 303
    assert add(client, said).status_code == 422, "a second time"
    taken = replace(Device(), credential=device.credential).make(asked_to_make(thief))
    assert add(thief, taken).status_code == 422, "somebody has it"


def test_a_member_has_so_many_passkeys_and_no_more(client: FlaskClient, database: Database, owner: int):
    asked = asked_to_make(client)
    with database.writing() as tx:
        for number in range(MOST):
            assert add_passkey(tx, owner, coded(bytes([number])), b"key", 0, "Key", NOW)
    assert add(client, Device().make(asked)).status_code == 422
    reply = client.post("/you/passkeys/start", data={"password": PASSWORD})
    assert (reply.status_code, f"You have {MOST} passkeys" in reply.text) == (422, True)


def test_asking_for_challenges_is_counted_like_passwords_and_given_back(
    app: Flask, clock: Clock, database: Database, device: Device
):
    client = app.test_client()
    for _ in range(2):
        assert come(client, device.sign(asked_to_sign(client))).status_code == 303
    for _ in range(NETWORK.most):
        assert client.post("/login/passkey/start", headers=OURS).status_code == 200
    assert client.post("/login/passkey/start", headers=OURS).status_code == 429
    assert log_in(client).status_code == 429
    with database.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(ChallengeRow)) == NETWORK.most


def test_challenges_are_stored_as_hashes(database: Database):
    with database.writing() as tx:
        challenge = make_challenge(tx, None, NOW)
        assert challenge.encode() not in tx.scalars(select(ChallengeRow.fingerprint)).one()


def test_the_public_address_counts_and_not_what_the_request_calls_us(
    settings: Settings, database: Database, clock: Clock
):
    app = create_app(replace(settings, public_url="https://feedback.example"), database, now=clock)
    client = app.test_client(use_cookies=False)
    with database.writing() as tx:
        token = sign_in(tx, make_member(tx), find_or_make_team(tx, "Home", NOW), "test", NOW)
    client.environ_base |= {"HTTP_HOST": "evil.example", "HTTP_COOKIE": f"__Host-lukewarm={token}"}
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    asked, device = asked_to_make(client), Device(origin="https://feedback.example")
    assert asked["rp"]["id"] == "feedback.example"
    assert add(client, device.make(asked)).status_code == 303
    assert come(client, device.sign(asked_to_sign(client))).status_code == 303
    for origin in ("https://evil.example", "http://feedback.example", "https://feedback.example:8443"):
        assert come(client, replace(device, origin=origin).sign(asked_to_sign(client))).status_code == 422


def test_where_there_are_no_passkeys_none_are_offered(settings: Settings, database: Database, clock: Clock):
    client = create_app(replace(settings, public_url="http://feedback.example"), database, now=clock).test_client()
    with database.writing() as tx:
        let_in(client, tx, make_member(tx))
    assert "passkey" not in client.get("/you").text.lower()
    assert client.post("/you/passkeys/start", data={"password": PASSWORD}).status_code == 404
    stranger = client.application.test_client()
    assert "passkey" not in stranger.get("/login").text
    assert stranger.post("/login/passkey/start", headers=OURS).status_code == 404


def test_the_extra_is_loaded_when_it_is_used_and_need_not_be_there(tmp_path: Path):
    program = f"""if True:
        import sys
        from pathlib import Path
        from collector.app import create_app
        from collector.config import Settings
        from collector.db import Database
        here = Settings(data_dir=Path({str(tmp_path)!r}))
        there = [create_app(here, Database(here.database)).extensions["lukewarm.passkeys"], "webauthn" in sys.modules]
        sys.modules["webauthn"] = None  # as if it were not installed
        print(*there, create_app(here, Database(here.database)).extensions["lukewarm.passkeys"])
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("True False False\n", "")
