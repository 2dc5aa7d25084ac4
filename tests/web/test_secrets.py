"""What an installation is locked with: nothing that anybody could know, nothing that helps to look inside."""

import os
import re
import shutil
import stat
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.answering.nonce import GOOD_FOR, make_nonce, read_nonce
from collector.app import create_app
from collector.config import Settings, SettingsError, read_settings
from collector.config.secret_file import add_key, signing_key
from collector.contacts.identity import Identity, sign, signed_text
from collector.contacts.queries import contacts_of_site, identity_secret
from collector.db import Database
from collector.followups.queries import follow_up_of
from collector.hiding import hide, shown
from collector.setup.first.code import is_setup_code, setup_code
from collector.signing import signed_place, token_for
from collector.sites.site import Site
from tests.conftest import Clock
from tests.intake.test_submit import send
from tests.make import NOW, PASSWORD, let_in, make_member, submission, submission_id

OTHER = "another key for tests that is long enough too"


@pytest.fixture
def database_url(empty_sqlite: Path, tmp_path: Path) -> str:
    """None of this depends on the database."""
    return f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'lukewarm.db')}"


def under(settings: Settings, key: str, database: Database, clock: Clock) -> FlaskClient:
    """A browser at the same installation, after its secret was changed."""
    values = {name: getattr(settings, name) for name in Settings.__slots__} | {"secret_key": key}
    return create_app(Settings(**values), database, now=clock).test_client()


def test_a84_no_cookie_is_signed_with_the_secret(
    settings: Settings, database: Database, clock: Clock, client: FlaskClient
):
    later = under(settings, OTHER, database, clock)
    with database.writing() as tx:
        let_in(client, tx, make_member(tx))
    cookie = client.get_cookie("lukewarm")
    assert cookie is not None
    later.set_cookie("lukewarm", cookie.value)
    assert later.get("/you").status_code == 200, "a session is a random name that is looked up, under any secret"
    for forged in ("", "1", cookie.value[:-1], cookie.value.swapcase(), '{"member":1}', "eyJtZW1iZXIiOjF9.x.y"):
        stranger = under(settings, OTHER, database, clock)
        stranger.set_cookie("lukewarm", forged)
        assert stranger.get("/you").status_code == 303, forged


def test_a84_nothing_that_a_secret_made_is_read_under_another():
    submission = UUID(submission_id(1))
    for purpose in ("response", "answer", "unsubscribe", "own", "digest", "invitation"):
        made = token_for(b"first", purpose, 1, submission)
        assert signed_place(b"first", purpose, made) == (1, submission)
        assert signed_place(b"second", purpose, made) is None


def test_a84_what_is_hidden_is_shown_unchanged_to_its_owner_and_purpose_and_under_a_key_that_is_believed():
    hidden = hide(NEW + b"\n" + OLD, "a purpose", 1, "Ein Geheimnis, ganz öffentlich.")
    assert "Geheimnis" not in hidden
    assert hidden != hide(NEW, "a purpose", 1, "Ein Geheimnis, ganz öffentlich.")
    for key in (NEW, NEW + b"\n" + OLD, OLD + b"\n" + NEW):
        assert shown(key, "a purpose", 1, hidden) == "Ein Geheimnis, ganz öffentlich."
    assert shown(OLD, "a purpose", 1, hidden) is None
    assert shown(NEW, "another", 1, hidden) is None
    assert shown(NEW, "a purpose", 2, hidden) is None
    changed = f"{hidden[:60]}{'A' if hidden[60] != 'A' else 'B'}{hidden[61:]}"
    for none in (changed, hidden[:-4], "", "kept:0000:AAAA", "öffentlich"):
        assert shown(NEW, "a purpose", 1, none) is None


#: What a token is for: whatever is made with a key and comes back to us.
PURPOSES = ("response", "answer", "unsubscribe", "decoy", "own", "digest", "invitation", "message-ask", "text-ask")
OLD, NEW = b"the first key, which is long enough", b"the second key, which is long enough"


def test_a84_what_an_older_secret_made_is_read_while_its_line_stands_and_what_is_made_is_the_newest_ones():
    submission = UUID(submission_id(1))
    both = NEW + b"\n" + OLD
    for purpose in PURPOSES:
        made = token_for(OLD, purpose, 1, submission)
        assert signed_place(both, purpose, made) == (1, submission)
        assert signed_place(NEW, purpose, made) is None
        assert signed_place(both, "another", made) is None
        for forged in (
            f"{made[:-2]}{'AA' if made[-2:] != 'AA' else 'BB'}",
            made[:-1],
            token_for(b"other", purpose, 1, submission),
        ):
            assert signed_place(both, purpose, forged) is None
        assert token_for(both, purpose, 1, submission) == token_for(NEW, purpose, 1, submission)
    form = make_nonce(OLD, "token", False, NOW)
    assert read_nonce(both, "token", form, NOW) is False
    assert read_nonce(both, "another", form, NOW) is None
    assert read_nonce(both, "token", form, NOW + GOOD_FOR + timedelta(seconds=1)) is None
    assert read_nonce(NEW, "token", form, NOW) is None
    assert setup_code(both) == setup_code(NEW)
    assert not is_setup_code(both, setup_code(OLD))


def test_a84_questions_and_pages_of_visitors_outlast_another_secret_while_the_older_line_stands(
    settings: Settings, database: Database, clock: Clock, client: FlaskClient, site: Site
):
    old = str(settings.secret_key)
    receipts = [send(client, site, submission(number, score=7)).json for number in (1, 2, 3, 4)]
    tokens = [receipt["follow_up"]["token"] for receipt in receipts]
    turned, without = under(settings, f"{OTHER}\n{old}", database, clock), under(settings, OTHER, database, clock)
    repeat = send(turned, site, submission(1, score=7)).json
    assert repeat["follow_up"]["token"] == tokens[0], "the question stands under the token that was told"
    assert turned.post(f"/v1/follow-ups/{tokens[0]}", json={"text": "Slow"}).status_code == 200
    own = receipts[1]["token"]
    page = f"/r/{own}/question"
    answered = turned.post(page, data={"text": "Slow"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answered.location == f"/r/{own}/thanks"
    link = f"/a/{token_for(old.encode(), 'answer', site.id, UUID(submission_id(3)))}"
    nonce = re.findall(r'name="nonce" value="([^"]+)"', turned.get(link).text)[0]
    assert "Your answer is saved" in turned.post(link, data={"nonce": nonce, "text": "Slow"}).text
    with database.reading() as tx:
        found = [follow_up_of(tx, site.id, UUID(submission_id(number))) for number in (1, 2, 3, 4)]
    assert [one.state if one else None for one in found] == ["answered", "answered", "answered", "offered"]
    fresh = send(turned, site, submission(5, score=7)).json
    assert without.get(f"/r/{fresh['token']}").status_code == 200
    assert without.get(f"/r/{receipts[3]['token']}").status_code == 404
    assert without.get(link).status_code == 404


def test_a84_what_a_site_signs_under_its_older_secret_is_believed_while_the_older_line_stands(
    settings: Settings, database: Database, clock: Clock, site: Site
):
    old = str(settings.secret_key)
    with database.reading() as tx:
        secret = identity_secret(tx, site.id, old.encode())
    until = int(clock().timestamp()) + 3600
    given = {"id": "user-7", "email": "ann@example.com", "expires": until}
    signed = given | {
        "signature": sign(secret, signed_text(site.key, Identity("user-7", "ann@example.com", None, until, "")))
    }
    for number, key, people in ((1, OTHER, 0), (2, f"{OTHER}\n{old}", 1)):
        client = under(settings, key, database, clock)
        assert send(client, site, submission(number, identity=signed)).status_code == 201
        with database.reading() as tx:
            assert len(contacts_of_site(tx, site.id)) == people


def test_the_file_of_the_secret_takes_a_new_line_before_the_others(tmp_path: Path):
    settings = Settings(data_dir=tmp_path)
    first = signing_key(settings)
    file = add_key(settings)
    newest, older = signing_key(settings).split(b"\n")
    assert older == first
    assert newest != first
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    environ = {"LUKEWARM_SECRET_KEY_FILE": str(file)}
    assert str(read_settings(environ).secret_key).encode() == signing_key(settings), (
        "the setting reads such a file alike"
    )
    file.write_text(f"{newest.decode()}\nshort\n")
    with pytest.raises(SettingsError):
        signing_key(settings)
    with pytest.raises(SettingsError, match="LUKEWARM_SECRET_KEY"):
        read_settings(environ)


@pytest.mark.parametrize("secret", ["", "short", "x" * 40, "changeme" * 8, "secret" * 10, "0" * 64, "123456" * 6])
@pytest.mark.parametrize("name", ["LUKEWARM_SECRET_KEY", "LUKEWARM_MAIL_HOOK_SECRET"])
def test_a85_no_secret_that_could_be_guessed_is_taken(name: str, secret: str):
    environ = {"LUKEWARM_DATABASE_URL": "postgresql://a@b/c", "LUKEWARM_SECRET_KEY": OTHER, name: secret}
    if (name, secret) == ("LUKEWARM_MAIL_HOOK_SECRET", ""):
        assert read_settings(environ).mail_hook_secret is None, "then no report is taken"
        return
    with pytest.raises(SettingsError, match=name):
        read_settings(environ)


def test_a85_each_installation_has_a_key_of_its_own(tmp_path: Path):
    first, second = (signing_key(Settings(data_dir=tmp_path / name)) for name in ("a", "b"))
    assert first != second
    (tmp_path / "a" / "secret.key").write_text("short")
    with pytest.raises(SettingsError):
        signing_key(Settings(data_dir=tmp_path / "a"))


def test_a85_nothing_is_ever_debugged_on_a_page(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
):
    for name in ("FLASK_DEBUG", "FLASK_TESTING", "WERKZEUG_DEBUG_PIN", "PYTHONBREAKPOINT"):
        monkeypatch.setenv(name, "1")
    app = create_app(settings, database)
    assert (app.debug, app.testing, app.jinja_env.auto_reload) == (False, False, False)


def test_a85_nobody_is_there_by_default_and_nothing_is_open_beside_the_documented_addresses(
    app: Flask, client: FlaskClient
):
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    for email, password in (("admin@example.com", "admin"), ("admin", "admin"), ("owner@home.example", PASSWORD)):
        assert client.post("/login", data={"email": email, "password": password}).status_code == 422
    for path in (
        "/metrics", "/.git/config", "/.env", "/console", "/admin", "/debug", "/server-status", "/docs", "/swagger", "/graphql",
        "/static/../config.py", "/static/%2e%2e/config.py", "/static/..%2fconfig.py", "/w/1/../../secret.key",
    ):  # fmt: skip
        for headers in ({}, {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"}):
            assert client.get(path, headers=headers).status_code == 404, path
    assert client.get("/openapi.json").mimetype == "application/json"
