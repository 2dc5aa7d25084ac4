"""What a member sets aside is left out everywhere, is not lost, and comes back."""

import json
import re
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from collector.accounts.models import ChangeRow
from collector.cases.actions import make_case
from collector.cases.board.queries import overdue
from collector.notices.digests.actions import choose
from collector.notices.digests.queries import digest_for
from collector.responses.aside.press import UNDO_FOR
from collector.responses.models import ResponseRow
from collector.setup.site.queries import counts_by_site
from tests.inbox.conftest import Inbox
from tests.make import let_in, make_key, make_member


def numbers(inbox: Inbox) -> list[int]:
    with inbox.database.reading() as tx:
        return list(tx.scalars(select(ResponseRow.id).order_by(ResponseRow.id)))


def press(client: FlaskClient, what: str, **form: object) -> str:
    """Where a press leads."""
    reply = client.post("/inbox/aside", data={"do": what, "back": "/inbox", **form})
    assert reply.status_code == 303
    return reply.headers["Location"]


def name_of(page: str) -> str:
    """The name of the press that a page offers to undo."""
    found = re.search(r'action="/inbox/aside/(p_\w+)"', page)
    assert found, page
    return found[1]


def exported(inbox: Inbox, query: str = "") -> list[tuple[str, bool]]:
    """Comments that the export has, each with whether it says that it was set aside."""
    with inbox.database.writing() as tx:
        key = make_key(tx, "exports:read")
    reply = inbox.app.test_client().get(
        f"/api/exports/responses.jsonl?{query}", headers={"Authorization": f"Bearer {key}"}
    )
    lines = [json.loads(line) for line in reply.text.splitlines()]
    return [(line["comment"], line["set_aside_at"] is not None) for line in lines]


def test_what_is_set_aside_is_in_no_list_count_export_or_digest_unless_somebody_asks_for_it(inbox: Inbox):
    since = inbox.clock()
    inbox.say(1, comment="Spam")
    inbox.say(2, comment="Words")
    assert press(inbox.analyst, "aside", responses=numbers(inbox)[0]) == "/inbox?done=moved"
    assert inbox.comments() == ["Words"]
    assert inbox.comments("set_aside=yes") == ["Spam"]
    assert inbox.comments("set_aside=all") == ["Words", "Spam"]
    assert exported(inbox) == [("Words", False)]
    assert exported(inbox, "set_aside=yes") == [("Spam", True)]
    assert exported(inbox, "set_aside=all") == [("Spam", True), ("Words", False)]
    with inbox.database.reading() as tx:
        assert counts_by_site(tx, inbox.site.team, [inbox.site.id], since) == {inbox.site.id: {"passive": 1}}
    with inbox.database.writing() as tx:
        member = make_member(tx, email="digest@home.example")
        choose(tx, member, inbox.site.team, "daily", 8, "UTC", since)
        found = digest_for(tx, member, inbox.site.team, since + timedelta(days=1), "")
    assert found is not None
    assert (found[0].count, [item.words for item in found[0].comments]) == (1, ["Words"])


def test_a_case_that_is_set_aside_is_chosen_with_the_others_and_waits_for_nobody(inbox: Inbox):
    inbox.say(1, comment="Spam")
    inbox.say(2, comment="More spam")
    with inbox.database.writing() as tx:
        member = make_member(tx, email="case@home.example")
        case = make_case(tx, inbox.site.team, numbers(inbox)[0], member, "p", inbox.clock())
    later = inbox.clock() + timedelta(days=30)

    def due() -> int:
        with inbox.database.reading() as tx:
            return overdue(tx, inbox.site.team, later, 9)

    assert due() == 1
    press(inbox.analyst, "aside", chosen=f"{case}:1", responses=numbers(inbox)[1])
    assert (due(), inbox.comments()) == (0, [])
    assert "Spam" not in inbox.viewer.get("/cases").text


def test_a_press_is_undone_by_whoever_pressed_and_the_log_and_the_responses_history_say_so(inbox: Inbox):
    inbox.say(1, comment="One")
    inbox.say(2, comment="Two")
    first, second = numbers(inbox)
    press(inbox.analyst, "aside", responses=[first, second])
    page = inbox.analyst.get("/inbox?done=moved").text
    assert "2 responses set aside." in page
    press(inbox.analyst, "back", responses=[first])  # what was moved since stays as it is
    reply = inbox.analyst.post(f"/inbox/aside/{name_of(page)}", data={"back": "/inbox"})
    assert reply.headers["Location"] == "/inbox?done=unmade"
    assert inbox.comments() == ["Two", "One"]
    story = inbox.viewer.get(f"/responses/{first}").text
    assert re.findall(r"</bdi> (set it aside|took it back)", story) == ["set it aside", "took it back"]
    with inbox.database.reading() as tx:
        said = tx.execute(select(ChangeRow.verb, ChangeRow.target).order_by(ChangeRow.id)).all()
    assert [tuple(row) for row in said if row.verb.startswith("response.")] == [
        ("response.set_aside", "2 responses"),
        ("response.taken_back", "1 response"),
        ("response.aside_undone", "1 response"),
    ]


def test_a_press_of_another_or_of_long_ago_is_not_undone(inbox: Inbox):
    inbox.say(1)
    press(inbox.analyst, "aside", responses=numbers(inbox))
    name = name_of(inbox.analyst.get("/inbox?done=moved").text)
    other = inbox.app.test_client()
    with inbox.database.writing() as tx:
        let_in(other, tx, make_member(tx, email="other@home.example"))
    for client in (other, inbox.analyst):
        reply = client.post(f"/inbox/aside/{name}", data={"back": "/inbox"})
        assert reply.headers["Location"] == "/inbox?done=late"
        inbox.clock.move(UNDO_FOR + timedelta(seconds=1))
    assert "Undo" not in inbox.analyst.get("/inbox?done=moved").text


def test_a_name_that_no_press_has_undoes_nothing(inbox: Inbox):
    for name in ("p_nothing", "%00", "%F0%9F%98%80", "x" * 300):
        reply = inbox.analyst.post(f"/inbox/aside/{name}", data={"back": "/inbox"})
        assert reply.headers["Location"] == "/inbox?done=late"


def test_what_was_erased_cannot_be_set_aside_and_nothing_that_is_set_aside_keeps_it_from_being_erased(inbox: Inbox):
    receipt = inbox.say(1, comment="Gone")
    press(inbox.analyst, "aside", responses=numbers(inbox))
    inbox.erase(receipt)
    assert exported(inbox, "set_aside=all") == []
    assert press(inbox.analyst, "aside", responses=numbers(inbox)) == "/inbox?done=unmoved"
