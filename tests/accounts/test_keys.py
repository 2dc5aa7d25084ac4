"""API keys: shown once, stored as a hash, good for one team and its scopes, and for nothing after their end."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, select, text

from collector.accounts.actions import add_key, find_or_make_team, revoke_key
from collector.accounts.models import ApiKeyRow
from collector.accounts.scopes import SCOPES
from collector.problems import ValidationFailed
from collector.signing import fingerprint
from tests.make import NOW, ORIGIN, make_key, make_site, submission

LIST, FILE = "/api/responses", "/api/exports/responses.jsonl"


def ask(client, key: str | None, path: str = LIST, scheme: str = "Bearer"):
    return client.get(path, headers={} if key is None else {"Authorization": f"{scheme} {key}"})


def is_no_key(reply) -> None:
    """The one answer to whoever has no usable key: it does not say what was wrong with theirs."""
    assert (reply.status_code, reply.mimetype) == (401, "application/problem+json")
    assert reply.json["type"] == "/problems/key-required"
    assert "errors" not in reply.json
    assert reply.headers["WWW-Authenticate"] == 'Bearer realm="lukewarm"'


@pytest.fixture
def key(database) -> str:
    with database.writing() as tx:
        return make_key(tx, *SCOPES)


def test_a_key_opens_what_its_scopes_name(client, key):
    assert ask(client, key).json == {"items": [], "next": None}
    assert ask(client, key, FILE).status_code == 200


def test_only_a_hash_of_the_key_is_stored(database, key):
    assert len(key) == 44
    with database.reading() as tx:
        row = tx.scalars(select(ApiKeyRow)).one()
        assert bytes(row.fingerprint) == fingerprint(key)
        assert key.startswith(row.hint)
        assert len(row.hint) == 8
        for table in inspect(database.engine).get_table_names():
            for line in tx.execute(text(f"select * from {table}")):
                assert key not in str(tuple(line))
                assert key[12:] not in str(tuple(line))


def test_two_keys_are_two_secrets(database):
    with database.writing() as tx:
        assert len({make_key(tx, "responses:read") for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("scope", "open_path", "closed", "missing"),
    [("responses:read", LIST, FILE, "exports:read"), ("exports:read", FILE, LIST, "responses:read")],
)
def test_a_key_without_the_scope_is_told_which_is_missing(client, database, scope, open_path, closed, missing):
    with database.writing() as tx:
        key = make_key(tx, scope)
    assert ask(client, key, open_path).status_code == 200
    reply = ask(client, key, closed)
    assert (reply.status_code, reply.json["type"]) == (403, "/problems/scope-missing")
    assert reply.json["detail"].endswith(f"the scope {missing}.")


@pytest.mark.parametrize("scopes", [(), ("",), ("*",), ("responses:read", "responses:write"), ("Responses:read",)])
def test_a_key_cannot_be_made_with_a_scope_that_there_is_not(database, scopes):
    with database.writing() as tx:
        team = find_or_make_team(tx, "Home", NOW)
        with pytest.raises(ValidationFailed):
            add_key(tx, team, "test", scopes, NOW)
    with database.reading() as tx:
        assert tx.scalars(select(ApiKeyRow)).all() == []


def test_a_revoked_key_is_no_key_from_that_moment(client, database, key):
    assert ask(client, key).status_code == 200
    with database.writing() as tx:
        number = tx.scalar(select(ApiKeyRow.id))
        assert revoke_key(tx, number, NOW)
    is_no_key(ask(client, key))
    with database.writing() as tx:
        assert not revoke_key(tx, number, NOW)
        assert not revoke_key(tx, number + 1, NOW)


def test_a_key_ends_at_its_time_and_not_before(client, database, clock):
    with database.writing() as tx:
        key = make_key(tx, *SCOPES, expires_at=NOW + timedelta(hours=1))
    clock.move(timedelta(minutes=59, seconds=59))
    assert ask(client, key).status_code == 200
    clock.move(timedelta(seconds=1))
    is_no_key(ask(client, key))


@pytest.mark.parametrize(
    "change",
    [
        lambda key: key[:-1],
        lambda key: key + "a",
        lambda key: key[:-1] + ("a" if key[-1] != "a" else "b"),
        str.lower,
        str.upper,
        lambda key: key.removeprefix("lwk_"),
        lambda key: key[:8],
        lambda key: f"{key[:20]} {key[20:]}",
        lambda key: f'"{key}"',
        lambda key: f"{key}\x00",
        lambda key: f"{key},{key}",
        lambda key: "",
        lambda key: " ",
        lambda key: "lwk_" + "a" * 40,
        lambda key: "%",
        lambda key: "' or 1=1 --" + "a" * 20,
        lambda key: "\xe9" * 44,
        lambda key: "a" * 100_000,
    ],
)
def test_what_is_not_exactly_a_key_is_none(client, key, change):
    for path in (LIST, FILE):
        is_no_key(ask(client, change(key), path))


@pytest.mark.parametrize("scheme", ["Basic", "Token", "Bearer:", "Bearerx", "", "Digest", "bearer,"])
def test_another_scheme_is_no_key(client, key, scheme):
    is_no_key(ask(client, key, scheme=scheme))


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
def test_the_name_of_the_scheme_is_read_as_the_standard_says(client, key, scheme):
    assert ask(client, key, scheme=scheme).status_code == 200


@pytest.mark.parametrize("path", [f"{LIST}?key=@", f"{LIST}?access_token=@", f"{LIST}?api_key=@", f"{LIST}/@"])
def test_a_key_is_not_taken_from_an_address(client, key, path):
    reply = client.get(path.replace("@", key))
    assert reply.status_code in (401, 404)
    assert key not in reply.text


@pytest.mark.parametrize(
    "name", ["X-Api-Key", "X-Authorization", "Proxy-Authorization", "Cookie", "X-Forwarded-Authorization"]
)
def test_a_key_is_not_taken_from_another_header(client, key, name):
    is_no_key(client.get(LIST, headers={name: f"Bearer {key}"}))


def test_a_key_opens_nothing_more_for_visitors(client, database, site, key):
    headers = {"Authorization": f"Bearer {key}", "Origin": "https://evil.example"}
    reply = client.post(f"/v1/sites/{site.key}/responses", json=submission(), headers=headers)
    assert (reply.status_code, reply.json["type"]) == (403, "/problems/origin-not-allowed")


def test_a_key_sees_its_own_teams_responses_and_never_anothers(client, database):
    sites, keys = {}, {}
    with database.writing() as tx:
        for team in ("Home", "Away"):
            sites[team] = make_site(tx, name="Shop", team=team)
            keys[team] = make_key(tx, *SCOPES, team=team)
    for number, (team, site) in enumerate(sites.items()):
        for step in range(3):
            body = submission(10 * number + step, comment=f"said to {team}", category="price")
            client.post(f"/v1/sites/{site.key}/responses", json=body, headers={"Origin": ORIGIN})
    for team, other in (("Home", "Away"), ("Away", "Home")):
        theirs = f"site={sites[other].key}"
        for query in ("", "limit=200", "limit=1", "segment=passive", "category=price", "answered=no"):
            for path in (LIST, FILE):
                if path == FILE and "limit" in query:
                    continue
                reply = ask(client, keys[team], f"{path}?{query}")
                assert f"said to {team}" in reply.text
                assert f"said to {other}" not in reply.text
                assert sites[other].key not in reply.text
        assert ask(client, keys[team], f"{LIST}?{theirs}").json == {"items": [], "next": None}
        assert ask(client, keys[team], f"{FILE}?{theirs}").text == ""
        walked, cursor = [], ""
        while cursor is not None:
            page = ask(client, keys[team], f"{LIST}?limit=1{cursor and '&cursor=' + cursor}").json
            walked += page["items"]
            cursor = page["next"]
        assert {item["site"] for item in walked} == {sites[team].key}
        assert len(walked) == 3
