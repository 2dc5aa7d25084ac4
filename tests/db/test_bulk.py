"""Inserts on the driver's own cursor: what goes wrong in them is told as SQLAlchemy tells it, wherever they are run."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from collector.accounts.models import TeamRow
from collector.db import UNAVAILABLE, Database
from collector.db.bulk import BulkInsert, BulkWriter
from tests.make import NOW

TEAM = BulkInsert(TeamRow, ["name", "created_at"])


@pytest.mark.parametrize("bulk", [True, False], ids=["a writer", "a transaction"])
def test_a_row_that_breaks_a_rule_of_the_table_is_an_integrity_error(database: Database, bulk: bool):
    with pytest.raises(IntegrityError), BulkWriter(database).writing() if bulk else database.writing() as tx:
        TEAM.run(tx, [("One", NOW), (None, NOW)])


def test_a_database_that_takes_no_writes_is_unavailable(database: Database):
    # A full disk raises the same kind; `bench/durability` fills one.
    closed = "pragma query_only = 1" if database.embedded else "set transaction read only"
    with pytest.raises(UNAVAILABLE), database.writing() as tx:
        tx.execute(text(closed))
        TEAM.run(tx, [("One", NOW)])
