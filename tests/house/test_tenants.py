"""Whatever belongs to a tenant says so, and whoever asks for it names the tenant: so that tables can be spread over machines.

What is asked is read off PostgreSQL's own log, so that nothing that goes another way than SQLAlchemy is missed."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from collector.channels.providers.folder import Folder
from collector.db import Database
from collector.exports.queries import exported_responses
from collector.migrations.tables import METADATA
from collector.notices.actions import add_rule
from collector.notices.digests.actions import choose
from collector.notices.rule import Wanted
from collector.reaching.outward import Outward
from collector.responses.filters import Filter
from collector.worker import Worker
from tests.conftest import Clock, _create
from tests.make import ORIGIN, let_in, make_key, make_member, make_site, submission
from tests.servers.postgres import Postgres

#: Tables without a tenant's number, each with its reason.
WITHOUT = {
    "team": "it is the tenant",
    "member": "a person may be in several teams; what they may do in one stands in membership",
    "inbound_message": "it came to the installation's number; whose it is shows only when it is read, and is not kept here",
    "member_identity": "it is a person's, like the member",
    "passkey": "it is a person's, like the member",
    "passkey_challenge": "for one signature, before it is known whose",
    "recovery_code": "it is a person's, like the member",
    "password_reset": "it is a person's, like the member",
    "reset_letter": "it is about a person's link, like the link",
    "sign_in_tries": "of addresses and networks, before it is known whose they are",
    "spent_proof": "of browsers, before anything of theirs is read",
    "outbox_entry": "a queue that is empty most of the time; one entry tells what happened together, to several tenants",
}
#: Tables that grow with every visitor. The others are small, and stand whole on every machine.
LARGE = ("response", "follow_up")
#: Statements on them that name no tenant, each with its reason.
ACROSS = {
    "export over all teams": "an operator's command, which stands above tenants",
    "end of follow-ups": "by the clock, for everybody; a machine that holds a part does it for its part",
}


@pytest.fixture
def database_url(postgres: Postgres, empty_postgres: str) -> Iterator[str]:
    _create(postgres, f"create database tenants template {empty_postgres}")
    yield postgres.url("tenants")
    _create(postgres, "drop database tenants with (force)")


def test_every_table_of_a_tenant_says_whose_each_row_is():
    for table in METADATA.sorted_tables:
        if table.name in WITHOUT:
            assert "team_id" not in table.c, "it has become one of a tenant"
        else:
            assert not table.c.team_id.nullable, table.name
            assert {key.column.table.name for key in table.c.team_id.foreign_keys} == {"team"}
    assert WITHOUT.keys() <= METADATA.tables.keys()


@pytest.mark.parametrize("name", LARGE)
def test_what_is_unique_in_a_large_table_is_unique_within_a_site(name: str):
    """The row's number is the one exception: it comes from one sequence, wherever the row lies."""
    for index in METADATA.tables[name].indexes:
        assert not index.unique or "site_id" in index.columns
    for constraint in METADATA.tables[name].constraints:
        if type(constraint).__name__ == "UniqueConstraint":
            assert "site_id" in constraint.columns


def names_a_tenant(statement: str) -> bool:
    """Whether a statement on a large table is bound to one tenant: by the columns it writes, or by a condition."""
    insert = re.match(r"insert into \w+ \(([^)]*)\)", statement)
    if insert:
        return {"team_id", "site_id"} <= set(insert[1].split(", "))
    condition = statement.partition(" where ")[2]
    return bool(re.search(r"\b(response|follow_up)\.(team|site)_id = (\$|\d|')", condition))


@pytest.mark.parametrize(
    ("statement", "is_bound"),
    [
        ("select digest from response where response.site_id = $1 and response.submission_id = $2", True),
        ("select digest from response where response.submission_id = $1", False),
        ("update follow_up set revision=$1 where follow_up.id = $2 and follow_up.revision = $3", False),
        ("select * from response join site on site.id = response.site_id where response.id > $1", False),
        ("insert into response (team_id, site_id, score) values ($1, $2, $3)", True),
        ("insert into follow_up (site_id, text) values ($1, $2)", False),
    ],
)
def test_the_rule_finds_what_breaks_it(statement: str, is_bound: bool):
    assert names_a_tenant(statement) is is_bound


def asked(log: str) -> list[str]:
    """The statements on large tables in PostgreSQL's log, each once, in small letters and on one line."""
    found = re.findall(r"LOG:  (?:statement|execute [^:]+): (.*(?:\n\t.*)*)", log)
    lines = dict.fromkeys(" ".join(statement.lower().split()) for statement in found)
    large = re.compile(rf"\b(from|join|update|into) ({'|'.join(LARGE)})\b")
    return [line for line in lines if large.search(line)]


def test_every_statement_on_a_large_table_names_the_tenant(
    postgres: Postgres, app: Flask, database: Database, clock: Clock, tmp_path: Path
):
    log = postgres.folder / "log"
    with database.writing() as tx:
        site = make_site(tx)
        key = make_key(tx, "exports:read", "responses:read")
        member = make_member(tx)
        add_rule(tx, site.team, member, Wanted("All", "slack", address="https://10.0.0.1/", gather=0), b"key", clock())
        choose(tx, member, site.team, "daily", 8, "UTC", clock())
    database.dispose()
    _create(postgres, "alter database tenants set log_statement = 'all'")
    begin = log.stat().st_size
    visit(app, site.key)
    api(app, key, site.key)
    with database.writing() as tx:
        let_in(browser := app.test_client(), tx, member)
    for path in ("/inbox", "/inbox?text=plan&answered=yes", "/inbox?segment=passive&before=1-1", "/responses/1"):
        assert browser.get(path).status_code == 200, path
    clock.move(timedelta(days=1))
    worker = Worker(database, clock, Outward({"email": Folder(tmp_path)}, "a@b.example", "https://b.example", b"key"))
    while worker.run_once():
        pass
    clock.move(timedelta(days=400))
    worker.run_once()
    assert list(tmp_path.glob("*.eml"))
    with database.reading() as tx:
        exported_responses(tx, None, Filter())
    with log.open(encoding="utf-8") as file:
        file.seek(begin)
        statements = asked(file.read())
    unbound = [statement for statement in statements if not names_a_tenant(statement)]
    reasons = {why for statement in unbound for why in [_reason(statement)] if why}
    assert [statement for statement in unbound if _reason(statement) is None] == []
    assert reasons == ACROSS.keys()
    # Inserts, the repeat's look, the answer's look and write, and the lists were all seen.
    assert len(statements) - len(unbound) >= 8


def _reason(statement: str) -> str | None:
    if statement.startswith("update follow_up set state=") and "for update skip locked" in statement:
        return "end of follow-ups"
    if "join site on" in statement and "response.team_id =" not in statement:
        return "export over all teams"
    return None


def visit(app: Flask, site: str) -> None:
    """What visitors do: submit, repeat, use an id twice, answer, correct."""
    client = app.test_client()
    path = f"/v1/sites/{site}/responses"
    headers = {"Origin": ORIGIN}
    receipts = [client.post(path, json=submission(number, category="price"), headers=headers) for number in (1, 2, 3)]
    assert [reply.status_code for reply in receipts] == [201] * 3
    assert client.post(path, json=submission(1, category="price"), headers=headers).status_code == 201
    assert client.post(path, json=submission(1, comment="Other words."), headers=headers).status_code == 422
    token = receipts[0].get_json()["follow_up"]["token"]
    own = receipts[1].get_json()["token"]
    for score in (7, 9):
        assert client.post(f"/v1/responses/{own}", json={"score": score}).status_code == 200
    for words in ("The plan.", "The other plan."):
        assert client.post(f"/v1/follow-ups/{token}", json={"text": words}).status_code == 200


def api(app: Flask, key: str, site: str) -> None:
    """What a team's programs ask for, with every filter."""
    client = app.test_client()
    headers = {"Authorization": f"Bearer {key}"}
    query = {"site": site, "segment": "passive", "category": "price", "answered": "yes", "partial": "no"}
    query |= {"since": "2020-01-01T00:00:00Z", "until": "2030-01-01T00:00:00Z"}
    for path in ("/api/responses", "/api/exports/responses.jsonl"):
        for asked_for in ({}, query):
            reply = client.get(path, headers=headers, query_string=asked_for)
            assert reply.status_code == 200, reply.get_data()
            reply.get_data()
