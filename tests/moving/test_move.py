"""`lukewarm db copy`: all of an installation arrives, once, or it is said what did not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import Result
from sqlalchemy import (
    JSON,
    Boolean,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    insert,
    select,
    text,
)

from collector.app import create_app
from collector.config import Settings
from collector.db import UNAVAILABLE, Database, UtcTime, Uuid16
from collector.migrations import newest_revision, upgrade
from collector.migrations.tables import METADATA
from collector.moving import CannotMove
from collector.moving.actions import append, begin
from collector.moving.jobs import Moved, move
from collector.moving.queries import BATCH, holds_unfinished_copy, marks, walk
from collector.moving.tally import Tally
from collector.outbox.models import EntryRow
from collector.responses.models import Words
from collector.worker import Worker
from tests.conftest import Clock
from tests.intake.test_submit import send
from tests.make import NOW, make_site, submission
from tests.moving.conftest import Source, everything

Run = Callable[..., Result]

#: The table that is copied last; whatever is changed after that is for the comparison to find.
LAST = METADATA.sorted_tables[-1].name


class Interrupted(Exception):
    """The copy ends here, as if the power were gone."""


def copy(source: Database, target: Database, until: str | None = None) -> Moved:
    """A copy within this process, interrupted after the first batch of the table `until`."""

    def progress(done: str, table: str, _rows: int, _total: int) -> None:
        if (done, table) == ("copied", until):
            raise Interrupted

    target.dispose()
    return move(source, target, NOW, progress)


def interrupted(source: Database, target: Database, until: str) -> None:
    with pytest.raises(Interrupted):
        copy(source, target, until)


def execute(database: Database, statement: str) -> None:
    with database.connection() as tx:
        tx.execute(text(statement))


# What arrives


def test_everything_arrives_as_it_was(source: Source, database: Database, bare: Database, lukewarm: Run):
    before = everything(database)
    result = lukewarm("db", "copy", "--to", source_address(bare))
    assert result.exit_code == 0, result.stderr
    assert everything(bare) == before
    assert everything(database) == before
    rows = sum(len(table) for table in before.values())
    assert f"{rows:,} rows in {len(before)} tables: counts and checksums agree." in result.stdout
    assert f"response: {len(before['response'])} of {len(before['response'])} rows copied" in result.stderr


def source_address(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def test_an_export_says_the_same_before_and_after(source: Source, target: Database, lukewarm: Run):
    before = lukewarm("export", "--site", "Shop", "--format", "jsonl").stdout
    assert lukewarm("db", "copy", "--to", source_address(target)).exit_code == 0
    after = lukewarm("export", "--site", "Shop", "--format", "jsonl", LUKEWARM_DATABASE_URL=source_address(target))
    assert len(before.splitlines()) == 24
    assert after.stdout == before


def test_open_follow_ups_are_answered_and_submissions_repeated_on_the_new_installation(
    source: Source, database: Database, target: Database, settings: Settings, clock: Clock
):
    copy(database, target)
    with create_app(replace(settings, database_url=source_address(target)), target, now=clock).test_client() as client:
        assert (
            send(client, source.site, submission(1, score=1, comment='The form asks twice 🙈 \t\\N "quoted"')).json
            == source.receipt
        )
        for token in source.opened.values():
            assert client.post(f"/v1/follow-ups/{token}", json={"text": "At last"}).json["state"] == "answered"
        for token in source.answered.values():
            assert client.post(f"/v1/follow-ups/{token}", json={"text": "L’été, 価格"}).status_code == 200
            assert client.post(f"/v1/follow-ups/{token}", json={"text": "Better now"}).status_code == 200
        assert send(client, source.site, submission(900)).status_code == 201
        listed = client.get("/api/exports/responses.jsonl", headers={"Authorization": f"Bearer {source.key}"})
        assert (listed.status_code, len(listed.text.splitlines())) == (200, 31)


def test_new_rows_are_numbered_after_the_copied_ones(source: Source, database: Database, target: Database):
    copy(database, target)
    before = everything(target)
    with target.writing() as tx:
        make_site(tx, name="New", team="Third team")
        tx.add(EntryRow(kind="response.recorded", payload={}, due_at=NOW))
    after = everything(target)
    for name in ("team", "site", "survey", "outbox_entry"):
        assert after[name][:-1] == before[name]
        assert after[name][-1][0] == before[name][-1][0] + 1


def test_what_waits_is_done_once_what_was_held_is_taken_over_what_was_parked_stays(
    source: Source, database: Database, target: Database, clock: Clock
):
    copy(database, target)
    clock.move(timedelta(days=2))
    Worker(target, clock).run_once()
    with target.reading() as tx:
        left = {row.key: (row.state, row.crashes) for row in tx.scalars(select(EntryRow)) if row.key}
    assert left["parked"] == ("parked", 0)
    assert left["held"] == ("waiting", 1)
    clock.move(timedelta(days=100))
    while Worker(target, clock).run_once():
        pass
    with target.reading() as tx:
        states = list(tx.scalars(text("select state from follow_up")))
        kinds = set(tx.scalars(select(EntryRow.kind)))
    assert states.count("answered") == len(source.answered)
    assert states.count("expired") == len(states) - len(source.answered)
    assert "offered" not in states
    assert kinds == {"nobody.knows"}


def value_for(table: Table, name: str, number: int) -> Any:
    """A value at the edge of what the column takes; a reference leads to the row of the same number."""
    column = table.columns[name]
    for key in column.foreign_keys:
        return value_for(key.column.table, key.column.name, number)
    if column.nullable and number % 3 == 0:
        return None
    kind = column.type
    if column.primary_key and isinstance(kind, Integer):
        return number
    if isinstance(kind, JSON):
        return {"ü\u0000": [1.5, None, True, "\\N\t\n"], "number": number, "large": 2**60, "a": ""}
    if isinstance(kind, UtcTime | DateTime):
        return datetime(1999 + number, 12, 31, 23, 59, 59, 999_999 - number, tzinfo=UTC)
    if isinstance(kind, Uuid16):
        return UUID(int=(255 << 120) + number)
    if isinstance(kind, LargeBinary):
        return bytes(place % 256 for place in range(number, number + (kind.length or 256)))
    if isinstance(kind, Boolean):
        return number % 2 == 0
    if isinstance(kind, SmallInteger):
        return -(2**15) + number
    if isinstance(kind, Integer):
        return -(2**31) + number
    if isinstance(kind, Float):
        return 0.1 + number
    if isinstance(kind, Words):
        return f"wört{number} zwei"
    assert isinstance(kind, String), f"{table.name}.{name}: say here what such a column may hold"
    sign = chr(0x1F600 + number)
    return sign * (kind.length or 5000) if number % 2 else f"\\.\n\t\\N{sign}"[: kind.length]


def test_every_table_there_is_arrives_with_every_kind_of_value(database: Database, target: Database):
    """Rows are made from the columns' types, so that a table of tomorrow is tried too."""
    with database.connection() as tx:
        for table in METADATA.sorted_tables:
            names = table.columns.keys()
            tx.execute(
                insert(table), [{name: value_for(table, name, number) for name in names} for number in range(1, 7)]
            )
    before = everything(database)
    assert before.keys() == METADATA.tables.keys()
    assert copy(database, target).rows == 6 * len(METADATA.tables)
    assert everything(target) == before


def test_null_of_sql_and_null_of_json_stay_two_things(database: Database, target: Database):
    with database.writing() as tx:
        make_site(tx)
    execute(database, "update site set origins = 'null'")
    execute(database, 'update survey set prompt = \'{"b": 1,  "a": 2}\'')
    copy(database, target)
    with target.reading() as tx:
        assert tx.scalar(text("select cast(origins as text) from site")) == "null"
        assert tx.scalar(text("select cast(prompt as text) from survey")) == '{"b": 1,  "a": 2}'


# Interrupted and given again


def test_an_interrupted_copy_goes_on_where_it_was(source: Source, database: Database, target: Database):
    before = everything(database)
    for table in METADATA.sorted_tables:
        interrupted(database, target, table.name)
        with target.connection() as tx:
            assert holds_unfinished_copy(tx)
    assert not copy(database, target).differences
    assert everything(target) == before
    with target.connection() as tx:
        assert not holds_unfinished_copy(tx)


def test_a_table_of_many_batches_is_gone_on_with_in_its_middle(database: Database, target: Database):
    with database.connection() as tx:
        rows = [{"kind": "a.b", "payload": {"n": n}, "due_at": NOW, "state": "waiting"} for n in range(2 * BATCH + 7)]
        tx.execute(insert(METADATA.tables["outbox_entry"]), [row | {"attempts": 0, "crashes": 0} for row in rows])
        tx.execute(text("delete from outbox_entry where id % 3 = 0"))
    interrupted(database, target, "outbox_entry")
    with target.reading() as tx:
        assert tx.scalar(text("select count(*) from outbox_entry")) == BATCH
    seen = []
    move(database, target, NOW, lambda done, table, rows, total: seen.append((done, table, rows, total)))
    total = len(everything(database)["outbox_entry"])
    assert [one for one in seen if one[1] == "outbox_entry" and one[0] != "compared"] == [
        ("checked", "outbox_entry", BATCH, total),
        ("copied", "outbox_entry", total, total),
    ]
    assert everything(target) == everything(database)


def test_a_database_that_is_half_copied_serves_nobody(
    source: Source, database: Database, target: Database, lukewarm: Run
):
    interrupted(database, target, "response")
    refused = lukewarm("site", "list", LUKEWARM_DATABASE_URL=source_address(target))
    target.dispose()
    assert refused.exit_code == 1
    assert "A copy into this database is not finished" in refused.stderr
    copy(database, target)
    assert lukewarm("site", "list", LUKEWARM_DATABASE_URL=source_address(target)).exit_code == 0


def test_a_copy_that_is_finished_is_only_compared_again(source: Source, target: Database, lukewarm: Run):
    address = source_address(target)
    assert lukewarm("db", "copy", "--to", address).exit_code == 0
    before = everything(target)
    target.dispose()
    again = lukewarm("db", "copy", "--to", address)
    assert again.exit_code == 0
    assert "counts and checksums agree" in again.stdout
    assert "rows copied" not in again.stderr
    assert everything(target) == before
    with target.writing() as tx:
        make_site(tx, name="New here")
    target.dispose()
    later = lukewarm("db", "copy", "--to", address)
    assert later.exit_code == 1
    assert "Not the same: site: 3 rows in the source, 4 in the target." in later.stderr
    assert "Nothing was changed" in later.stderr
    assert lukewarm("site", "add", "New there", "--origin", "https://x.example").exit_code == 0
    assert lukewarm("db", "copy", "--to", address).exit_code == 1
    assert "New there" not in str(everything(target)["site"])


def test_two_copies_do_not_get_between_each_other(source: Source, database: Database, target: Database):
    interrupted(database, target, "team")
    table = METADATA.tables["site"]
    with database.reading() as tx:
        rows = next(iter(walk(tx.connection(), table)))
    with target.connection() as tx:
        append(tx, table, rows[:1], Tally(), Tally(1, 1))
    with pytest.raises(CannotMove, match="Another copy"), target.connection() as tx:
        append(tx, table, rows[1:2], Tally(), Tally(1, 2))
    with target.connection() as tx:
        assert begin(tx, METADATA.sorted_tables)["site"].tally == Tally(1, 1)


# What the comparison catches


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("update response set comment = comment || '.' where id = 3", "response: 30 rows in both, but not the same"),
        ("delete from api_key where id = 3", "api_key: 3 rows in the source, 2 in the target"),
        ("update follow_up set revision = revision + 1", "follow_up:"),
        ("update site set origins = '[]' where id = 2", "site: 3 rows in both, but not the same"),
        ("update team set name = 'Other' where id = 2", "team: 2 rows in both, but not the same"),
    ],
)
def test_a_row_that_was_changed_in_the_target_is_found(
    source: Source, database: Database, target: Database, lukewarm: Run, change: str, said: str
):
    interrupted(database, target, LAST)
    execute(target, change)
    target.dispose()
    result = lukewarm("db", "copy", "--to", source_address(target))
    assert result.exit_code == 1
    assert said in result.stderr
    assert len([line for line in result.stderr.splitlines() if line.startswith("Not the same")]) == 1
    assert "not to be used" in result.stderr
    assert "LUKEWARM_DATABASE_URL" not in result.stdout
    with target.connection() as tx:
        assert holds_unfinished_copy(tx)


@pytest.mark.parametrize(
    "change",
    [
        "update response set comment = 'Other' where id = 3",
        "delete from outbox_entry where id = (select min(id) from outbox_entry)",
        "update api_key set revoked_at = null",
    ],
)
def test_a_source_that_changed_between_two_runs_is_found(source, database: Database, target: Database, change: str):
    interrupted(database, target, LAST)
    execute(database, change)
    with pytest.raises(CannotMove, match="has changed since"):
        copy(database, target)


def test_what_came_to_the_source_between_two_runs_goes_along(source: Source, database: Database, target: Database):
    interrupted(database, target, LAST)
    with database.writing() as tx:
        make_site(tx, name="Between")
    assert not copy(database, target).differences
    assert everything(target) == everything(database)


# Sources and targets that are refused


def test_a_target_with_data_is_left_as_it_is(source: Source, target: Database, lukewarm: Run):
    with target.writing() as tx:
        make_site(tx)
    before = everything(target)
    target.dispose()
    result = lukewarm("db", "copy", "--to", source_address(target))
    assert result.exit_code == 1
    assert "The target holds data already, in team, " in result.stderr
    assert "empty database" in result.stderr
    assert everything(target) == before
    with target.connection() as tx:
        assert marks(tx) is None


def test_tables_of_other_origin_are_left_as_they_are(database: Database, bare: Database):
    execute(bare, "create table response (words text)")
    with pytest.raises(CannotMove, match="tables of other origin with Lukewarm's names: response"):
        copy(database, bare)
    with bare.reading() as tx:
        assert tx.scalar(text("select count(*) from response")) == 0


def test_a_target_that_a_newer_lukewarm_made_is_refused(source: Source, target: Database, lukewarm: Run):
    execute(target, "update alembic_version set version_num = '9999'")
    target.dispose()
    result = lukewarm("db", "copy", "--to", source_address(target))
    assert result.exit_code == 1
    assert "newer Lukewarm" in result.stderr


def test_the_copy_of_another_source_is_not_gone_on_with(
    source: Source, database: Database, target: Database, tmp_path: Path
):
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    upgrade(other)
    with other.writing() as tx:
        make_site(tx)
    interrupted(other, target, "survey")
    before = everything(target)
    with pytest.raises(CannotMove, match="not the source of the copy that was begun"):
        copy(database, target)
    assert everything(target) == before
    other.dispose()


def test_the_source_itself_is_no_target(source: Source, lukewarm: Run):
    result = lukewarm("db", "copy", "--to", source.url)
    assert result.exit_code == 1
    assert "The target is the source" in result.stderr


@pytest.mark.parametrize("address", ["mysql://a/b", "postgresql://host", "lukewarm.db"])
def test_an_address_that_is_none_is_explained(lukewarm: Run, address: str):
    result = lukewarm("db", "copy", "--to", address)
    assert result.exit_code == 2
    assert "must look like" in result.stderr


def test_a_target_that_is_away_is_one_clear_line(source: Source, lukewarm: Run):
    result = lukewarm("db", "copy", "--to", "postgresql://somebody:password@127.0.0.1:1/nothing")
    assert result.exit_code == 1
    assert "A database cannot be used" in result.stderr
    assert "password@" not in result.stderr
    assert "Traceback" not in result.stderr


def test_a_bare_in_which_nothing_may_be_made_is_one_clear_line(
    source: Source, database: Database, bare: Database, lukewarm: Run
):
    """PostgreSQL 15 and later let only a database's owner make tables in it."""
    if not database.embedded:
        return
    execute(bare, "create role stranger login")
    address = bare.url.set(username="stranger").render_as_string(hide_password=False)
    result = lukewarm("db", "copy", "--to", address)
    execute(bare, "drop role stranger")
    assert result.exit_code == 1
    assert "A database cannot be used: permission denied for schema public" in result.stderr


@pytest.mark.parametrize("revision", ["0000", "9999"])
def test_a_source_at_another_schema_is_refused(database: Database, target: Database, revision: str):
    execute(database, f"update alembic_version set version_num = '{revision}'")
    with pytest.raises(
        CannotMove, match=rf"schema is at {revision}, this Lukewarm's at {newest_revision()}.*db upgrade"
    ):
        copy(database, target)
    with target.connection() as tx:
        assert marks(tx) is None


def test_a_source_that_is_not_there_is_not_made(lukewarm: Run, nowhere: str, tmp_path: Path):
    missing = tmp_path / "missing.db"
    result = lukewarm("db", "copy", "--to", nowhere, LUKEWARM_DATABASE_URL=f"sqlite:///{missing}")
    assert result.exit_code == 1
    assert f"There is no file {missing}" in result.stderr
    assert not missing.exists()


def test_a_source_without_a_schema_holds_nothing(target: Database, tmp_path: Path):
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(CannotMove, match="holds no Lukewarm data"):
        copy(empty, target)
    empty.dispose()


def test_a_row_that_the_target_cannot_hold_is_said_and_not_shown(
    source: Source, database: Database, target: Database, lukewarm: Run
):
    """SQLite does not mind how long a text is; only hands that went past Lukewarm write one that is too long."""
    if not database.embedded:
        return
    execute(database, "update response set category = 'confidential words ' || hex(randomblob(40)) where id = 7")
    result = lukewarm("db", "copy", "--to", source_address(target))
    assert result.exit_code == 1
    assert "The target refuses a row of response among those numbered 1 to 30 by key: value too long" in result.stderr
    assert "confidential" not in result.stdout + result.stderr


# The source stands still


def test_nobody_writes_while_the_source_is_held(source: Source, database: Database):
    other = Database(source.url)
    with database.alone() as here:
        count = here.execute(text("select count(*) from response")).scalar_one()
        with pytest.raises(UNAVAILABLE), other.writing() as tx:
            make_site(tx, name="Too late")
        assert here.execute(text("select count(*) from response")).scalar_one() == count
    with other.writing() as tx:
        make_site(tx, name="In time")
    other.dispose()


def test_a_program_that_has_the_source_open_is_noticed_even_when_idle(
    source: Source, database: Database, target: Database, lukewarm: Run
):
    other = Database(source.url)
    with other.reading() as tx:
        tx.execute(text("select 1"))
    result = lukewarm("db", "copy", "--to", source_address(target))
    assert result.exit_code == 1
    assert "Stop the collector" in result.stderr
    other.dispose()
    assert lukewarm("db", "copy", "--to", source_address(target)).exit_code == 0


# What is said at the end


def test_the_next_step_names_the_secret_and_never_shows_it(
    source: Source, target: Database, lukewarm: Run, tmp_path: Path
):
    address = source_address(target)
    given = lukewarm("db", "copy", "--to", address)
    assert "leave LUKEWARM_SECRET_KEY as it is" in given.stdout
    assert "+psycopg" not in given.stdout
    if not source.url.startswith("sqlite:"):
        return
    none = lukewarm("db", "copy", "--to", address, LUKEWARM_SECRET_KEY="")
    assert "LUKEWARM_SECRET_KEY to a new secret" in none.stdout
    (tmp_path / "secret.key").write_text("0123456789abcdef" * 4)
    generated = lukewarm("db", "copy", "--to", address, LUKEWARM_SECRET_KEY="")
    assert f"LUKEWARM_SECRET_KEY_FILE={tmp_path / 'secret.key'} " in generated.stdout
    assert "0123456789abcdef" not in generated.output
