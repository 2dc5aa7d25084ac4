"""Who is in a team: invitations, roles, leaving; and what ends when somebody's rights do."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.accounts.actions import add_key, find_or_make_team, join
from collector.accounts.door.actions import make_reset
from collector.accounts.people.actions import change_role, disable, remove
from collector.accounts.people.queries import invitations, people
from collector.accounts.queries import team_named, teams_of
from collector.accounts.you.actions import begin_second_step, draft_second_step, set_profile
from collector.accounts.you.queries import second_step_of
from collector.db import Database
from collector.problems import OwnerNeeded
from collector.web.guards import Role
from tests.accounts.test_sessions import OURS, log_in
from tests.conftest import Clock
from tests.make import NOW, PASSWORD, let_in, make_member

NEW = "ann@shop.example"


def team_of(database: Database, name: str = "Home") -> int:
    with database.reading() as tx:
        found = team_named(tx, name)
        assert found is not None
        return found


def invite(client: FlaskClient, email: str = NEW, role: str = "analyst") -> str:
    """The path of a new invitation's link."""
    reply = client.post("/team/invitations", data={"email": email, "role": role})
    assert reply.status_code == 200, reply.text
    return re.findall(r"http://localhost(/invitations/[\w-]+)", reply.text)[0]


def accept(app: Flask, path: str, **form: str):
    """Somebody else's browser, and the answer to accepting there."""
    client = app.test_client()
    return client, client.post(path, data={"name": "Ann", "password": PASSWORD, **form}, headers=OURS)


def test_an_invitation_makes_an_account_for_its_address_with_its_role(app: Flask, client: FlaskClient, owner: int):
    path = invite(client)
    assert NEW in client.get("/team").text
    new, reply = accept(app, path, email="other@evil.example", role="owner", zone="Asia/Tokyo")
    assert (reply.status_code, reply.location) == (303, "/team?done=joined")
    shown = new.get("/team").text
    assert NEW in shown
    assert "<option selected>Asia/Tokyo</option>" in new.get("/you").text
    assert "other@evil.example" not in shown
    assert new.get("/team/keys").status_code == 403
    assert log_in(app.test_client(), NEW).status_code == 303


def test_a72_an_invitation_is_taken_once(app: Flask, client: FlaskClient, owner: int):
    path = invite(client)
    assert accept(app, path)[1].status_code == 303
    assert accept(app, path)[1].status_code == 404
    over = app.test_client().get(path)
    assert (over.status_code, "This link is over" in over.text) == (404, True)


def test_a72_an_invitation_is_taken_once_even_by_two_at_the_same_moment(
    app: Flask, client: FlaskClient, database: Database, owner: int
):
    path = invite(client)
    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(lambda _: accept(app, path)[1].status_code, range(2)))
    assert found[0] == 303
    assert found[1] in (404, 422)


def test_a72_an_invitation_ends_after_three_days(app: Flask, client: FlaskClient, clock: Clock, owner: int):
    early, late = invite(client), invite(client, "late@shop.example")
    clock.move(timedelta(hours=72) - timedelta(seconds=1))
    assert accept(app, early)[1].status_code == 303
    clock.move(timedelta(seconds=1))
    assert accept(app, late)[1].status_code == 404
    assert "ran out" in client.get("/team").text


def test_inviting_again_or_withdrawing_ends_the_link(app: Flask, client: FlaskClient, database: Database, owner: int):
    first, second = invite(client), invite(client)
    assert accept(app, first)[1].status_code == 404
    assert app.test_client().get(second).status_code == 200
    with database.reading() as tx:
        (still,) = invitations(tx, team_named(tx, "Home") or 0)
    assert client.post(f"/team/invitations/{still.id}/withdraw").location == "/team?done=withdrawn"
    assert accept(app, second)[1].status_code == 404


@pytest.mark.parametrize("change", [lambda path: path[:-1], lambda path: path[:-2] + "xx", lambda path: path + "A"])
def test_a_link_that_was_changed_is_none(app: Flask, client: FlaskClient, owner: int, change):
    assert app.test_client().get(change(invite(client))).status_code == 404


@pytest.mark.parametrize(
    ("email", "role"),
    [
        ("ann", "viewer"),
        ("", "viewer"),
        ("ann@x.example", ""),
        ("ann@x.example", "god"),
        ("OWNER@home.example", "viewer"),
    ],
)
def test_what_cannot_be_invited_is_said_at_the_field(client: FlaskClient, owner: int, email: str, role: str):
    reply = client.post("/team/invitations", data={"email": email, "role": role})
    assert reply.status_code == 422
    assert 'id="email-wrong"' in reply.text


@pytest.mark.parametrize("form", [{"password": "short"}, {"name": " "}, {"name": "a\0"}, {"password": "x" * 257}])
def test_what_cannot_be_accepted_leaves_the_invitation_open(app: Flask, client: FlaskClient, owner: int, form):
    path = invite(client)
    reply = accept(app, path, **form)[1]
    assert reply.status_code == 422
    assert 'aria-invalid="true"' in reply.text
    assert accept(app, path)[1].status_code == 303


def test_whoever_was_removed_from_every_team_comes_back_with_an_invitation_and_none_of_the_earlier_ways_in(
    app: Flask, client: FlaskClient, database: Database, owner: int
):
    with database.writing() as tx:
        member = make_member(tx, Role.editor)
        draft_second_step(tx, member, b"key")
        assert begin_second_step(tx, member, second_step_of(tx, member).draft or "", 1, NOW)
        link = make_reset(tx, member, NOW)
    client.post(f"/team/people/{member}/remove")
    assert log_in(app.test_client(), "editor@home.example").status_code == 422
    path, new = invite(client, "editor@home.example", "viewer"), "another long battery"
    reply = accept(app, path, password=new)[1]
    assert (reply.status_code, reply.location) == (303, "/team?done=joined")
    assert app.test_client().get(f"/reset/{link}").status_code == 404
    assert log_in(app.test_client(), "editor@home.example").status_code == 422
    again = log_in(app.test_client(), "editor@home.example", new)
    assert (again.status_code, again.location) == (303, "/inbox")
    with database.reading() as tx:
        assert [(one.id, one.role) for one in people(tx, team_of(database), member)] == [(member, Role.viewer)]


def test_whoever_is_disabled_does_not_come_back_with_an_invitation(
    app: Flask, client: FlaskClient, database: Database, owner: int
):
    with database.writing() as tx:
        member = make_member(tx, Role.viewer)
        disable(tx, member, NOW)
        remove(tx, team_named(tx, "Home") or 0, member, NOW)
    path = invite(client, "viewer@home.example", "viewer")
    assert accept(app, path)[1].status_code == 422
    assert log_in(app.test_client(), "viewer@home.example").status_code == 422


def test_somebody_with_an_account_joins_with_it_and_nobody_else_does(
    app: Flask, client: FlaskClient, database: Database, owner: int
):
    path = invite(client, "editor@away.example", "viewer")
    with database.writing() as tx:
        guest, other = make_member(tx, Role.editor, team="Away"), make_member(tx, Role.viewer, team="Away")
        browser, others = app.test_client(), app.test_client()
        let_in(browser, tx, guest, team="Away")
        let_in(others, tx, other, team="Away")
    reply = accept(app, path)[1]
    assert reply.status_code == 422
    assert f"/login?next={path}/join" in reply.text
    assert others.post(f"{path}/join").status_code == others.get(f"{path}/join").status_code == 404
    before = browser.get_cookie("lukewarm").value
    assert browser.get(path).location == f"{path}/join"
    assert "Home" in browser.get(f"{path}/join").text
    assert browser.post(f"{path}/join").location == "/team?done=joined"
    assert browser.get_cookie("lukewarm").value != before
    with database.reading() as tx:
        assert [(name, role) for _, name, role in teams_of(tx, guest)] == [("Away", Role.editor), ("Home", Role.viewer)]
    assert browser.post(f"{path}/join").status_code == 404


def test_a_team_is_changed_in_a_new_session_and_only_to_one_of_ones_own(
    client: FlaskClient, database: Database, owner: int
):
    with database.writing() as tx:
        make_member(tx, team="Foreign")
        away = find_or_make_team(tx, "Away", NOW)
        join(tx, owner, away, Role.viewer, NOW)
    before = client.get_cookie("lukewarm").value
    assert "Away" in client.get("/you").text
    assert client.post("/you/team", data={"team": str(team_of(database, "Foreign"))}).status_code == 404
    assert client.post("/you/team", data={"team": "x"}).status_code == 404
    assert client.post("/you/team", data={"team": str(away)}).location == "/inbox"
    assert client.get_cookie("lukewarm").value != before
    assert client.get("/team/log").status_code == 403
    assert "viewer, <bdi>Away</bdi>" in client.get("/you").text
    old = client.application.test_client()
    old.set_cookie("lukewarm", before)
    assert old.get("/you").status_code == 303


@pytest.mark.parametrize("way", ["role", "remove"])
def test_a73_whoever_is_made_less_or_removed_loses_sessions_keys_and_invitations_at_once(
    app: Flask, client: FlaskClient, database: Database, owner: int, way: str
):
    team = team_of(database)
    with database.writing() as tx:
        other = make_member(tx, email="second@home.example")
        browser = app.test_client()
        let_in(browser, tx, other)
        theirs = add_key(tx, team, "theirs", ["responses:read"], NOW, made_by=other)
        mine = add_key(tx, team, "mine", ["responses:read"], NOW, made_by=owner)
    path = invite(browser)
    done = client.post(f"/team/people/{other}/{way}", data={"role": "viewer"})
    assert done.status_code == 303
    assert browser.get("/you").status_code == 303
    asked = [client.get("/api/responses", headers={"Authorization": f"Bearer {key}"}) for key in (theirs, mine)]
    assert [reply.status_code for reply in asked] == [401, 200]
    assert accept(app, path)[1].status_code == 404
    assert log_in(browser, "second@home.example").status_code == (303 if way == "role" else 422)


def test_a73_a_role_that_grows_needs_a_new_session_too_and_keeps_keys(
    app: Flask, client: FlaskClient, database: Database, owner: int
):
    with database.writing() as tx:
        other = make_member(tx, Role.viewer)
        browser = app.test_client()
        let_in(browser, tx, other)
    assert client.post(f"/team/people/{other}/role", data={"role": "owner"}).location == "/team?done=role"
    assert browser.get("/you").status_code == 303
    assert log_in(browser, "viewer@home.example").status_code == 303
    assert browser.get("/team/keys").status_code == 200


def test_a73_whoever_is_disabled_is_out_everywhere(app: Flask, client: FlaskClient, database: Database, owner: int):
    with database.writing() as tx:
        other = make_member(tx, Role.editor)
        browser = app.test_client()
        let_in(browser, tx, other)
        disable(tx, other, NOW)
    assert browser.get("/you").status_code == 303
    assert log_in(browser, "editor@home.example").status_code == 422
    assert "disabled" in client.get("/team").text


@pytest.mark.parametrize(
    "change",
    [
        lambda tx, team, one: change_role(tx, team, one, Role.editor, NOW),
        lambda tx, team, one: remove(tx, team, one, NOW),
        lambda tx, _, one: disable(tx, one, NOW),
    ],
    ids=["role", "remove", "disable"],
)
def test_a72_the_last_owner_stays_one(database: Database, owner: int, change):
    team = team_of(database)
    with database.writing() as tx:
        gone = make_member(tx, email="gone@home.example")
        disable(tx, gone, NOW)
        make_member(tx, team="Away")
    with pytest.raises(OwnerNeeded), database.writing() as tx:
        change(tx, team, owner)


def test_a72_of_two_owners_who_remove_each_other_at_the_same_moment_one_stays(database: Database, owner: int):
    team = team_of(database)
    with database.writing() as tx:
        second = make_member(tx, email="second@home.example")

    def out(number: int) -> None:
        with suppress(OwnerNeeded), database.writing() as tx:
            remove(tx, team, number, NOW)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(out, (owner, second)))
    with database.reading() as tx:
        assert [person.role for person in people(tx, team)] == [Role.owner]


def test_the_only_owner_is_offered_no_other_role_and_told_so(client: FlaskClient, database: Database, owner: int):
    assert "owner, the only one" in client.get("/team").text
    assert client.post(f"/team/people/{owner}/role", data={"role": "viewer"}).status_code == 409
    assert client.post(f"/team/people/{owner}/remove").status_code == 409
    assert client.get("/team/log").status_code == 200


def test_others_see_who_is_there_and_nothing_to_press(app: Flask, database: Database, owner: int):
    with database.writing() as tx:
        viewer = make_member(tx, Role.viewer)
        browser = app.test_client()
        let_in(browser, tx, viewer)
    shown = browser.get("/team").text
    assert "owner@home.example" in shown
    assert 'action="/team' not in shown


def test_an_owner_makes_a_link_for_a_new_password_only_for_whoever_is_in_no_other_team(
    client: FlaskClient, database: Database, owner: int
):
    with database.writing() as tx:
        alone, shared = make_member(tx, Role.viewer), make_member(tx, Role.editor)
        join(tx, shared, find_or_make_team(tx, "Away", NOW), Role.owner, NOW)
    assert "/reset/lwp_" in client.post(f"/team/people/{alone}/reset").text
    assert client.post(f"/team/people/{shared}/reset").status_code == 404
    assert f"/team/people/{shared}/reset" not in client.get("/team").text


def test_a_team_has_the_name_that_its_owner_gives_it(client: FlaskClient, database: Database, owner: int):
    with database.writing() as tx:
        find_or_make_team(tx, "Away", NOW)
    assert client.post("/team/name", data={"name": " Feedback "}).location == "/team?done=renamed"
    assert "Feedback" in client.get("/team").text
    for name in ("", "x" * 121, "Away", "a\nb"):
        assert client.post("/team/name", data={"name": name}).status_code == 422
    assert team_of(database, "Feedback")


def test_a56_what_people_call_themselves_is_text(app: Flask, client: FlaskClient, database: Database, owner: int):
    name = "<script>alert(1)</script>\"'&"
    with database.writing() as tx:
        set_profile(tx, owner, name, "UTC")
    assert client.post("/team/name", data={"name": name}).status_code == 303
    path = invite(client)
    pages = [client.get(page).text for page in ("/team", "/you", "/team/log", "/team/keys")]
    pages.append(app.test_client().get(path).text)
    assert not [page for page in pages if "<script>alert" in page]
    assert "&lt;script&gt;" in pages[0]


def test_a86_neither_passwords_nor_tokens_reach_the_log(
    app: Flask, client: FlaskClient, owner: int, capsys: pytest.CaptureFixture[str]
):
    path = invite(client)
    browser, _ = accept(app, path)
    log_in(app.test_client(), NEW)
    log_in(app.test_client(), NEW, "canary of a wrong password")
    client.post("/team/keys", data={"name": "Warehouse", "scope": "exports:read", "days": "30"})
    said = capsys.readouterr()
    written = said.out + said.err
    assert "/invitations/<token>" in written
    secrets = [path.rpartition("/")[2], PASSWORD, "canary", NEW, browser.get_cookie("lukewarm").value]
    assert [secret for secret in secrets if secret in written] == []
    assert "lwk_" not in written


def test_nobody_without_an_account_is_told_of_an_address(database: Database, client: FlaskClient, owner: int):
    """Inviting says nothing of whether an address has an account elsewhere."""
    with database.writing() as tx:
        make_member(tx, email="known@away.example", team="Away")
    forms = [{"email": f"{name}@away.example", "role": "viewer"} for name in ("known", "fresh")]
    pages = [client.post("/team/invitations", data=form).text for form in forms]
    first, second = (re.sub(r"known|fresh|/invitations/[\w-]+", "", page) for page in pages)
    assert first == second
