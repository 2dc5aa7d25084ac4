"""Both databases: time, keys, transactions, durability settings, migrations."""

import os
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from collector.accounts.models import TeamRow
from collector.accounts.second_step import HIDDEN_FOR
from collector.db import UNAVAILABLE, Base, Database, _set_up_sqlite, safe_for_wal, sqlite_module
from collector.hiding import shown
from collector.migrations import current_revision, newest_revision, upgrade
from collector.migrations.tables import METADATA
from collector.notices.actions import add_rule
from collector.notices.queries import rule_numbered
from collector.notices.rule import Wanted
from collector.outbox.models import EntryRow
from tests.make import NOW, make_member, make_site


def test_a_time_comes_back_aware_and_in_utc(database: Database):
    there = datetime(2026, 3, 29, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    with database.writing() as tx:
        tx.add(TeamRow(name="One", created_at=there))
    with database.reading() as tx:
        back = tx.scalars(select(TeamRow.created_at)).one()
    assert back == there
    assert back.tzinfo == UTC


def test_a_time_without_a_zone_never_reaches_the_database(database: Database):
    with pytest.raises(DBAPIError.__mro__[1], match="zone"), database.writing() as tx:
        tx.add(TeamRow(name="One", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - the fault is what is tested


def test_a_uuid_takes_sixteen_bytes(database: Database):
    column = Base.metadata.tables["response"].c.submission_id
    bound = column.type.dialect_impl(database.engine.dialect)
    value = UUID(int=7)
    assert bound.process_bind_param(value, database.engine.dialect) == (value.bytes if database.embedded else value)
    with database.reading() as tx:
        if database.embedded:
            declared = dict(tx.execute(text("select name, type from pragma_table_info('response')")).all())
            assert declared["submission_id"] == "BLOB"
        else:
            query = (
                "select data_type from information_schema.columns "
                "where table_name = 'response' and column_name = 'submission_id'"
            )
            assert tx.execute(text(query)).scalar_one() == "uuid"


def test_nothing_is_written_when_the_block_raises(database: Database):
    with pytest.raises(LookupError), database.writing() as tx:
        tx.add(TeamRow(name="One", created_at=NOW))
        tx.flush()
        raise LookupError
    with database.reading() as tx:
        assert tx.scalars(select(TeamRow)).all() == []


def test_what_is_done_while_reading_is_not_kept(database: Database):
    def write() -> None:
        with database.reading() as tx:
            tx.add(TeamRow(name="One", created_at=NOW))
            tx.flush()

    if database.embedded:
        write()
    else:
        with pytest.raises(DBAPIError, match="read-only"):
            write()
    with database.reading() as tx:
        assert tx.scalars(select(TeamRow)).all() == []


def test_writers_that_read_first_queue_instead_of_failing(database: Database):
    """On SQLite a deferred transaction that reads and then writes fails at once when another was quicker."""
    with database.writing() as tx:
        tx.add(EntryRow(kind="count", payload={"n": 0}, due_at=NOW))
    failures = []

    def add() -> None:
        # Each with connections of its own, like processes: within one, writers queue before they reach the database.
        own = Database(database.url.render_as_string(hide_password=False))
        try:
            for _ in range(20):
                with own.writing() as tx:
                    row = tx.scalars(select(EntryRow).with_for_update()).one()
                    row.payload = {"n": row.payload["n"] + 1}
        except Exception as error:
            failures.append(error)
        finally:
            own.dispose()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.reading() as tx:
        assert tx.scalars(select(EntryRow)).one().payload == {"n": 80}


def test_a_foreign_key_is_enforced(database: Database):
    with database.writing() as tx:
        make_site(tx)
    with pytest.raises(IntegrityError), database.writing() as tx:
        tx.execute(text("delete from team"))


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_write_ahead_mode_is_only_for_a_mended_sqlite(version: tuple[int, ...], safe: bool):
    assert safe_for_wal(version) is safe


def test_sqlite_is_opened_so_that_a_commit_survives_a_power_cut(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path}/new/lukewarm.db")
    with database.reading() as tx:
        journal = tx.execute(text("pragma journal_mode")).scalar_one()
        synchronous = tx.execute(text("pragma synchronous")).scalar_one()
    assert journal == database.journal
    assert journal == ("wal" if safe_for_wal(sqlite_module().sqlite_version_info) else "delete")
    assert synchronous == {"wal": 2, "delete": 3}[journal]
    database.dispose()


def test_an_affected_sqlite_gets_the_rollback_journal_with_extra_care(tmp_path: Path):
    """The standard library's SQLite, whichever it is, set up as the rule says for one that is affected."""
    engine = create_engine(f"sqlite:///{tmp_path}/old.db", module=sqlite3)
    _set_up_sqlite(engine, "delete")
    with engine.connect() as connection:
        assert connection.execute(text("pragma journal_mode")).scalar_one() == "delete"
        assert connection.execute(text("pragma synchronous")).scalar_one() == 3
    engine.dispose()


# SQLite's reflection knows columns only; the index is PostgreSQL's.
@pytest.mark.filterwarnings("ignore:autogenerate skipping.*ix_response_site_id_path")
def test_the_schema_is_what_the_models_say(database: Database):
    with database.connection() as connection:
        options = {"compare_type": True, "include_object": partial(_asked_of, database)}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), METADATA) == []


def _asked_of(database: Database, item: Any, name: str, _kind: str, _reflected: bool, _twin: object) -> bool:
    """Whether this part of the schema is asked of the database; Alembic does not look at `ddl_if`."""
    own = "sqlite" if database.embedded else "postgresql"
    # The full-text index keeps tables of its own (https://sqlite.org/fts5.html, section 9), which no model describes.
    return item.info.get("held_by", own) == own and not name.startswith("response_search")


def _downgrade(database: Database, revision: str = "base", key: bytes = b"key") -> None:
    with database.connection() as connection:
        config = Config()
        config.set_main_option("script_location", "collector:migrations")
        config.attributes.update(connection=connection, key=lambda: key)
        command.downgrade(config, revision)


def test_the_schema_goes_back_and_forth(database: Database):
    _downgrade(database)
    assert current_revision(database) is None
    upgrade(database)
    assert current_revision(database) == newest_revision()


#: What a member's codes were counted from, and how older versions stored it: as it is, by a hash of one of their keys, as a
#: seed, and by a key that is lost.
STEPS = {
    1: ("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
    2: ("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "kept:df383251:GAYTEMZUGU3DOOBZLLDS7INH276DVB2H3PUISNGOI3YIJZFB"),
    3: ("4IK2KWZX35JUHBYYKRRRIKCCKBUZ2NAT", "seed:ABC"),
    4: (None, "kept:2ea99ec4:GEYTCMJRGEYTCMJRLMDTHNPBT42UCCKGUMF5MRBFNS353ILT"),
}


def test_an_update_hides_what_older_versions_left_open_or_hid_otherwise(database: Database):
    key, address = b"new\nold", "https://hooks.example/services/x"
    with database.writing() as tx:
        members = [make_member(tx, email=f"{number}@home.example") for number in STEPS]
        team = make_site(tx).team
        rule = add_rule(tx, team, members[0], Wanted("All", "slack", address=address), key, NOW)
    assert members == list(STEPS)
    _downgrade(database, "0026", key)
    with database.writing() as tx:
        assert tx.scalar(text("select address from notice_rule")) == address
        for member, (_, stored) in STEPS.items():
            tx.execute(text("update member set totp_secret = :s where id = :m"), {"s": stored, "m": member})
    upgrade(database, lambda: key)
    with database.reading() as tx:
        assert address not in str(tx.scalar(text("select address from notice_rule")))
        assert rule_numbered(tx, team, rule, key).wanted.address == address
        kept = dict(tx.execute(text("select id, totp_secret from member where totp_secret is not null")).all())
    assert {number: shown(key, HIDDEN_FOR, number, stored) for number, stored in kept.items()} == {
        number: counted for number, (counted, _) in STEPS.items()
    }


def test_several_processes_may_upgrade_at_once(database: Database, tmp_path: Path):
    _downgrade(database)
    database.dispose()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LUKEWARM_")}
    environ |= {
        "LUKEWARM_DATA_DIR": str(tmp_path),
        "LUKEWARM_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "LUKEWARM_SECRET_KEY": "a key for tests that is long enough to be one",
    }
    command = [sys.executable, "-m", "collector", "db", "upgrade"]
    started = [
        subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(3)
    ]
    told = [process.communicate(timeout=60)[0] for process in started]
    assert told == [f"The schema is at {newest_revision()}.\n"] * 3


def test_a_following_postgresql_is_not_writable(database: Database):
    assert database.writable()
    if database.embedded:
        return
    name = database.url.database
    with database.connection() as connection:
        connection.execute(text(f"alter database {name} set default_transaction_read_only = on"))
    database.dispose()
    assert not database.writable()
    with pytest.raises(UNAVAILABLE), database.writing() as tx:
        tx.add(TeamRow(name="One", created_at=NOW))
        tx.flush()
