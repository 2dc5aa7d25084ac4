"""Partitions by month, as `docs/scale/partitions.sql` makes them, on a real PostgreSQL with rows in it: the application goes on
as before, and new rows lie in their months."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from collector.clock import now
from collector.db import Database
from collector.exports.queries import exported_responses
from collector.migrations import upgrade
from collector.responses.filters import Filter
from collector.sites.site import Site
from collector.worker import Worker
from tests.conftest import Clock, _create
from tests.make import ORIGIN, submission
from tests.servers.postgres import Postgres

SCRIPT = Path(__file__).parents[2] / "docs" / "scale" / "partitions.sql"
GUIDE = SCRIPT.parents[1] / "scale.md"


@pytest.fixture
def database_url(postgres: Postgres, empty_postgres: str) -> Iterator[str]:
    _create(postgres, f"create database months template {empty_postgres}")
    yield postgres.url("months")
    _create(postgres, "drop database months with (force)")


def sent(client: FlaskClient, site: Site, body: dict[str, Any]) -> dict[str, Any]:
    """The receipt for a submission."""
    reply = client.post(f"/v1/sites/{site.key}/responses", json=body, headers={"Origin": ORIGIN})
    assert reply.status_code == 201, reply.get_json()
    receipt: dict[str, Any] = reply.get_json()
    return receipt


def later(number: int, days: int) -> dict[str, Any]:
    """A submission whose id was made so many days from now."""
    at = int((now() + timedelta(days=days)).timestamp() * 1000)
    return submission(number, category="price") | {"id": str(UUID(int=(at << 80) | (7 << 76) | (2 << 62) | number))}


def test_months_hold_new_rows_and_nothing_else_changes(
    app: Flask, site: Site, database: Database, postgres: Postgres, clock: Clock
):
    client = app.test_client()
    before = [sent(client, site, submission(number, category="price")) for number in range(1, 40)]
    database.dispose()
    postgres.run("months", SCRIPT)
    with database.reading() as tx:
        old = "select conname from pg_constraint where confrelid::regclass::text like '%\\_other' and conparentid = 0"
        assert tx.scalars(text(old)).all() == [], "keys that would look into the old parts only"
    # A repeat of what came before gets the receipt of then and stores nothing.
    assert [sent(client, site, submission(number, category="price")) for number in range(1, 40)] == before
    today = now()
    bodies = [later(number, days) for number, days in ((41, 40), (42, 100), (43, 400))]
    after = [sent(client, site, body) for body in bodies]
    assert [sent(client, site, body) for body in bodies] == after
    foreign = submission() | {"id": "7f3b9e0c-54a1-4f0e-9c3a-2f9d4b8a1c11"}
    assert sent(client, site, foreign) == sent(client, site, foreign)
    for receipt in (before[0], after[0]):
        token = receipt["follow_up"]["token"]
        assert client.post(f"/v1/follow-ups/{token}", json={"text": "The plan."}).status_code == 200
    with database.reading() as tx:
        places = tx.execute(text("select tableoid::regclass::text, count(*) from response group by 1")).all()
        exported = exported_responses(tx, site.team, Filter())
        looked_at = "\n".join(
            tx.scalars(
                text("explain select * from response where site_id = 1 and submission_id = :id"),
                {"id": UUID(bodies[0]["id"])},
            )
        )
    assert sorted(count for _, count in places) == [1, 1, 1, 40]
    assert ("response_other", 40) in [tuple(place) for place in places]
    assert len(exported) == 43
    assert sum(one.answer == "The plan." for one in exported) == 2
    # Whoever looks for one submission looks into one month.
    assert f"on response_{(today + timedelta(days=40)):%Y_%m}" in looked_at
    assert "Append" not in looked_at
    clock.move(timedelta(days=100))
    Worker(database, clock).run_once()
    with database.reading() as tx:
        states = dict(tx.execute(text("select state, count(*) from follow_up group by 1")).all())
    assert states["answered"] == 2
    assert states["expired"] >= 40
    _drop_month(database, f"{today + timedelta(days=40):%Y_%m}")
    with database.reading() as tx:
        assert len(exported_responses(tx, site.team, Filter())) == 42
    database.dispose()
    upgrade(database)


def _drop_month(database: Database, month: str) -> None:
    """What the documents say of a month that is over."""
    (block,) = re.findall(r"A month that is over:\n\n```sql\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    with database.connection() as connection:
        for statement in block.replace("2027_01", month).strip().split(";\n"):
            connection.execute(text(statement))
