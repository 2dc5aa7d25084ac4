"""People who use the dashboard, on the command line."""

import re

import pytest
from flask import Flask

from collector import clock
from collector.accounts.actions import first_team
from collector.accounts.people.actions import rename_team
from collector.accounts.queries import member_with
from collector.accounts.you.actions import begin_second_step, draft_second_step
from collector.accounts.you.queries import second_step_of
from collector.app import create_app
from collector.db import Database
from tests.accounts.test_second_step import half_way
from tests.accounts.test_sessions import OURS, log_in
from tests.cli.test_commands import Terminal
from tests.make import NOW, PASSWORD

EMAIL = "owner@home.example"


@pytest.fixture
def lukewarm(database_url: str, tmp_path) -> Terminal:
    return Terminal(database_url, tmp_path)


@pytest.fixture
def app(settings, database: Database) -> Flask:
    """The application by the clock on the wall, which commands go by."""
    return create_app(settings, database, now=clock.now)


def choose(app: Flask, printed: str) -> None:
    """Chooses the password of the tests with a printed link."""
    (path,) = re.findall(r"^http://127\.0\.0\.1:8000(/reset/lwp_\w{40})$", printed, re.MULTILINE)
    assert app.test_client().post(path, data={"password": PASSWORD}, headers=OURS).status_code == 303


def test_somebody_is_added_chooses_a_password_with_the_link_and_signs_in(lukewarm: Terminal, app: Flask):
    added = lukewarm("member", "add", "Owner@Home.example", "--name", "Ann")
    assert added.exit_code == 0
    assert log_in(app.test_client()).status_code == 422
    choose(app, added.stdout)
    assert log_in(app.test_client()).status_code == 303
    assert f"{EMAIL}  Ann  Home (owner)  in use" in lukewarm("member", "list").stdout


def test_somebody_who_has_an_account_is_added_to_another_team_with_it(lukewarm: Terminal):
    lukewarm("member", "add", EMAIL)
    again = lukewarm("member", "add", EMAIL, "--team", "Away", "--role", "viewer")
    assert (again.exit_code, again.stdout) == (0, "")
    assert "Away (viewer), Home (owner)" in lukewarm("member", "list").stdout
    assert lukewarm("member", "add", EMAIL, "--team", "Away").exit_code == 1


def test_roles_change_and_the_last_owner_stays(lukewarm: Terminal):
    lukewarm("member", "add", EMAIL)
    refused = lukewarm("member", "role", EMAIL, "viewer")
    assert (refused.exit_code, "Make somebody else an owner first." in refused.stderr) == (1, True)
    assert lukewarm("member", "disable", EMAIL).exit_code == 1
    lukewarm("member", "add", "other@home.example")
    assert lukewarm("member", "role", EMAIL, "viewer").exit_code == 0
    assert "Home (viewer)" in lukewarm("member", "list").stdout
    for arguments in (
        ("role", "nobody@x.example", "viewer"),
        ("role", EMAIL, "viewer", "--team", "None"),
        ("add", "x"),
    ):
        assert lukewarm("member", *arguments).exit_code == 1


def test_whoever_is_disabled_cannot_sign_in_until_it_is_undone(lukewarm: Terminal, app: Flask):
    lukewarm("member", "add", "other@home.example")
    choose(app, lukewarm("member", "add", EMAIL).stdout)
    assert lukewarm("member", "disable", EMAIL).exit_code == 0
    assert "disabled 20" in lukewarm("member", "list").stdout
    assert log_in(app.test_client()).status_code == 422
    lukewarm("member", "disable", EMAIL, "--undo")
    assert log_in(app.test_client()).status_code == 303


def test_a_lost_phone_is_helped_with_and_only_when_asked(lukewarm: Terminal, app: Flask, database: Database):
    choose(app, lukewarm("member", "add", EMAIL).stdout)
    with database.writing() as tx:
        member = member_with(tx, EMAIL)
        assert member is not None
        draft_second_step(tx, member, b"key")
        begin_second_step(tx, member, second_step_of(tx, member).draft or "", 0, NOW)
    choose(app, lukewarm("member", "reset", EMAIL).stdout)
    assert half_way(app.test_client())
    choose(app, lukewarm("member", "reset", EMAIL, "--second-step").stdout)
    assert log_in(app.test_client()).status_code == 303


def test_a_renamed_team_is_still_the_one_that_commands_mean(lukewarm: Terminal, database: Database):
    lukewarm("member", "add", EMAIL)
    with database.writing() as tx:
        rename_team(tx, first_team(tx, clock.now()), "Feedback")
    lukewarm("member", "add", "other@home.example")
    lukewarm("site", "add", "Shop", "--origin", "https://shop.example")
    assert "other@home.example  other  Feedback (owner)" in lukewarm("member", "list").stdout
