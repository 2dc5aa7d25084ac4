"""The pages for API keys, and the log of what was changed."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from collector.accounts.actions import add_key, find_or_make_team, note_change
from collector.accounts.log.sentences import detail_words, words_for
from collector.db import Database
from collector.web.guards import Role
from tests.conftest import Clock
from tests.make import NOW, make_member


def make(client: FlaskClient, **form: object):
    return client.post("/team/keys", data={"name": "Warehouse", "scope": ["exports:read"], "days": "30", **form})


def test_a_key_is_shown_once_and_works_until_its_end(client: FlaskClient, clock: Clock, owner: int):
    (secret,) = re.findall(r"lwk_\w{40}", make(client).text)
    asked = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/exports/responses.csv", headers=asked).status_code == 200
    listed = client.get("/team/keys").text
    assert secret not in listed
    assert secret[:8] in listed
    clock.move(timedelta(days=30))
    assert client.get("/api/exports/responses.csv", headers=asked).status_code == 401


@pytest.mark.parametrize("form", [{"name": ""}, {"scope": []}, {"scope": ["*"]}, {"days": "36500"}, {"days": "-1"}])
def test_a_key_that_cannot_be_made_says_why_at_its_field(client: FlaskClient, owner: int, form: dict[str, object]):
    reply = make(client, **form)
    assert reply.status_code == 422
    assert reply.text.count('aria-invalid="true"') == 1
    assert "No key yet" in reply.text


def test_a_revoked_key_is_refused_from_then_on(client: FlaskClient, owner: int):
    (secret,) = re.findall(r"lwk_\w{40}", make(client, days="").text)
    asked = re.findall(r"<summary[^>]*>Revoke …(.*?)</details>", client.get("/team/keys").text, re.DOTALL)
    (number,) = re.findall(r"/team/keys/(\d+)/revoke", "".join(asked))
    assert client.post(f"/team/keys/{number}/revoke").location == "/team/keys?done=revoked"
    assert client.get("/api/exports/responses.csv", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    assert client.post(f"/team/keys/{number}/revoke").status_code == 404


def test_every_change_to_people_and_keys_stands_in_the_log_without_secrets(
    client: FlaskClient, database: Database, owner: int
):
    with database.writing() as tx:
        viewer = make_member(tx, Role.viewer)
    invited = client.post("/team/invitations", data={"email": "ann@x.example", "role": "viewer"}).text
    client.post(f"/team/people/{viewer}/role", data={"role": "editor"})
    reset = client.post(f"/team/people/{viewer}/reset").text
    client.post(f"/team/people/{viewer}/remove")
    made = make(client).text
    client.post("/team/name", data={"name": "Renamed"})
    log = client.get("/team/log").text
    for words in (
        "invited <bdi>ann@x.example",
        "changed the role of <bdi>viewer@home.example",
        "from: viewer, to: editor",
        "made a link for a new password for",
        "removed <bdi>viewer@home.example</bdi> from the team",
        "made the key <bdi>Warehouse",
        "renamed the team to <bdi>Renamed",
    ):
        assert words in log
    secrets = re.findall(r"lwk_\w{40}|lwp_\w{40}|/invitations/[\w-]{40,}", invited + reset + made)
    assert len(set(secrets)) == 3
    assert not [secret for secret in secrets if secret in log]


def test_the_log_goes_back_page_by_page_without_a_gap(client: FlaskClient, database: Database, owner: int):
    with database.writing() as tx:
        team = find_or_make_team(tx, "Home", NOW)
        for number in range(101):
            note_change(tx, team, None, "site.renamed", f"<Nr {number}>", NOW)
        note_change(tx, find_or_make_team(tx, "Away", NOW), None, "site.renamed", "foreign", NOW)
    path: str | None = "/team/log"
    seen = []
    while path:
        page = client.get(path).text
        assert "foreign" not in page
        seen += re.findall(r"&lt;Nr (\d+)&gt;", page)
        older = re.findall(r'href="(/team/log\?after=[^"]+)"', page)
        path = older[0] if older else None
    assert seen == [str(number) for number in reversed(range(101))]
    assert client.get("/team/log?after=x").status_code == 422


def test_a_change_that_another_slice_names_is_read_as_it_stands():
    assert words_for("case_rule.turned_off", "x") == ("case rule turned off ", "x", "")
    assert words_for("member.removed", "x") == ("removed ", "x", " from the team")
    assert words_for("member.second_step_on", "x") == ("turned on their second step", "", "")
    assert (
        detail_words({"days": 4, "by_name": None, "on": True, "of": ["a", "b"]})
        == "days: 4, by name: none, on: yes, of: a b"
    )


def test_keys_of_another_team_are_neither_seen_nor_revoked(client: FlaskClient, database: Database, owner: int):
    with database.writing() as tx:
        add_key(tx, find_or_make_team(tx, "Away", NOW), "foreign", ["exports:read"], NOW)
    assert "foreign" not in client.get("/team/keys").text
    assert client.post("/team/keys/1/revoke").status_code == 404
