"""What an installation is locked with: nothing that anybody could know, nothing that helps to look inside."""

import shutil
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.app import create_app
from collector.config import Settings, SettingsError, read_settings
from collector.config.secret_file import signing_key
from collector.db import Database
from collector.signing import signed_place, token_for
from tests.conftest import Clock
from tests.make import PASSWORD, let_in, make_member, submission_id

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
