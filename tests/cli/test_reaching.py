"""Commands for follow-ups that reach people later."""

from sqlalchemy import select, update

from collector.db import Database
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry
from collector.outbox.models import EntryRow
from collector.sites.site import Site
from tests.cli.test_commands import lukewarm as lukewarm
from tests.make import NOW


def test_a_sites_manners_are_shown_and_changed(lukewarm, site: Site):
    assert "days_silent=4" in lukewarm("followup", "manners", "Shop").stdout
    changed = lukewarm("followup", "manners", "Shop", "days_silent=2", "days=0,1", "ask=off", "zone=Asia/Tokyo")
    assert changed.exit_code == 0
    lines = lukewarm("followup", "manners", "Shop").stdout.splitlines()
    assert {"days_silent=2", "days=0,1", "ask=off", "zone=Asia/Tokyo", "hour_first=9"} <= set(lines)
    assert lukewarm("followup", "manners", "Shop", "moon=full").exit_code == 1


def test_what_was_given_up_is_listed_and_replayed(lukewarm, database: Database):
    with database.writing() as tx:
        put(tx, [NewEntry("followup.reach", {}, NOW)])
        tx.execute(update(EntryRow).values(state="parked", last_error="KeyError", attempts=8))
        number = tx.scalar(select(EntryRow.id))
    assert lukewarm("outbox", "list").stdout == f"{number}  followup.reach  8  KeyError\n"
    assert lukewarm("outbox", "replay", str(number)).exit_code == 0
    assert lukewarm("outbox", "list").stdout == ""
    assert lukewarm("outbox", "replay", str(number)).exit_code == 1


def test_without_anybody_to_reach_lists_are_empty(lukewarm, site: Site):
    assert lukewarm("followup", "list", "Shop").stdout == ""
    assert lukewarm("followup", "uncertain").stdout == ""
