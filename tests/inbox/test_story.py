"""The page of a response: the whole story, in its place in the list it was opened from."""

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select, update

from collector.accounts.moments import shown
from collector.channels.actions import begin, settle
from collector.channels.delivery import NewDelivery, Outcome
from collector.contacts.actions import keep_person
from collector.contacts.address import read_address
from collector.contacts.contact import Consent
from collector.contacts.queries import contact_of
from collector.followups.models import FollowUpRow
from collector.inbox.times import when
from collector.reaching.hours import zone_called
from collector.reaching.models import PlanRow
from collector.responses.models import ResponseRow
from collector.responses.page_link import link_of, path_of
from tests.conftest import on_sqlite
from tests.inbox.conftest import Inbox, way
from tests.make import NOW, submission_id


def number_of(inbox: Inbox, submission: int) -> int:
    """The row number of a submission's response."""
    with inbox.database.reading() as tx:
        found = tx.scalar(select(ResponseRow.id).where(ResponseRow.submission_id == UUID(submission_id(submission))))
    assert found is not None
    return found


def words(inbox: Inbox, submission: int, query: str = "") -> str:
    """The text of a response's page."""
    reply = inbox.viewer.get(f"/responses/{number_of(inbox, submission)}{query}")
    assert reply.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", reply.text.partition("<main")[2]).split())


def test_it_says_what_was_said_where_asked_why_and_answered(inbox: Inbox):
    receipt = inbox.say(
        1, score=7, comment="It is fine,\nmostly", category="price", page="https://shop.example/checkout?s=1",
        attributes={"plan": "pro", "trial": False, "seats": 3},
    )  # fmt: skip
    inbox.answer(receipt, "A plan for two")
    told = words(inbox, 1)
    for part in (
        "Passive 7 on NPS", "Price", "It is fine, mostly", receipt["follow_up"]["question"], "A plan for two",
        "Why this question",
        "Score 7 is passive on NPS; the category is price", "more specific question", "does not fit", "/checkout", "Shop",
        "plan pro", "trial no", "seats 3", "No address was left.", "Answered on 22 Nov 2026",
    ):  # fmt: skip
        assert part in told, part
    page = inbox.viewer.get(f"/responses/{number_of(inbox, 1)}").text
    assert 'href="https://shop.example/checkout" rel="nofollow ugc noopener noreferrer"' in page
    assert 'href="/inbox" aria-current="page"' in page


@on_sqlite
def test_what_was_not_finished_or_is_hardly_a_persons_says_so(inbox: Inbox):
    inbox.say(1, partial=True)
    inbox.say(2, seconds=0.01)
    assert "A score was picked and the form then left." in words(inbox, 1)
    assert "the form was not finished" in words(inbox, 1)
    assert "within a tenth of a second" in words(inbox, 2)


@on_sqlite
def test_a_reason_of_then_is_told_from_what_would_be_asked_today(inbox: Inbox):
    inbox.say(1, category="price")
    assert "another one would be asked" not in words(inbox, 1)
    with inbox.database.writing() as tx:
        tx.execute(update(FollowUpRow).values(question="one-that-is-gone"))
    assert "another one would be asked" in words(inbox, 1)


def test_plan_deliveries_and_the_same_persons_other_responses_are_there(inbox: Inbox):
    address = read_address("email", "ann@example.com")
    consent = Consent("May we write?", "1", "en", NOW, "form")
    for number in (1, 2):
        inbox.say(number, comment=f"Said at time {number}")
        with inbox.database.writing() as tx:
            keep_person(tx, inbox.site, UUID(submission_id(number)), "ann-1", {address: consent}, "en", NOW)
    inbox.say(3, comment="Of somebody else")
    here = inbox.site.id, UUID(submission_id(1))
    with inbox.database.writing() as tx:
        contact = contact_of(tx, *here)
        assert contact is not None
        of = {"site_id": here[0], "submission_id": here[1], "team_id": inbox.site.team}
        tx.add(PlanRow(**of, why="Asked by email.", due_at=NOW, decided_at=NOW))
        new = NewDelivery(inbox.site.team, *here, "ask", "email", contact.addresses[0].digest)
        assert begin(tx, new, NOW)
        settle(tx, new, Outcome("deferred", "451"), NOW, NOW)
    told = words(inbox, 1)
    for part in ("ann-1", "Asked by email.", "Question by email", "deferred", "Said at time 2"):
        assert part in told, part
    assert "Of somebody else" not in told
    assert "ann@example.com" not in told, "a viewer is not shown addresses"
    assert "ann@example.com" in inbox.analyst.get(f"/responses/{number_of(inbox, 1)}").text


def test_older_and_newer_stay_within_the_filter(inbox: Inbox):
    for number, score in enumerate((8, 2, 8, 8), 1):
        inbox.say(number, score=score)
    middle = inbox.viewer.get(f"/responses/{number_of(inbox, 3)}?segment=passive&after=1-1")
    assert way(middle, "prev") == f"/{number_of(inbox, 4)}?segment=passive"
    assert way(middle, "next") == f"/{number_of(inbox, 1)}?segment=passive"
    assert 'href="/inbox?segment=passive" data-up' in middle.text
    assert way(inbox.viewer.get(f"/responses/{number_of(inbox, 1)}?segment=passive"), "next") is None


def test_what_is_not_there_is_not_found(inbox: Inbox):
    for number in ("0", "999999", str(2**63 - 1), "9" * 30, "-1", "x"):
        assert inbox.viewer.get(f"/responses/{number}").status_code == 404, number


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("https://shop.example/a?b=1", "https://shop.example/a?b=1"),
        ("http://shop.example/", "http://shop.example/"),
        ("javascript:alert(1)", None),
        ("JavaScript:alert(1)//https://", None),
        ("\x0ejavascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//evil.example", None),
        (" https://evil.example", None),
        (None, None),
    ],
)
def test_a58_only_http_becomes_a_link(page: str | None, link: str | None):
    assert link_of(page) == link


def test_paths_and_times_are_short():
    assert path_of("https://shop.example/a?b=1") == "/a?b=1"
    assert path_of("https://shop.example") == "/"
    assert path_of(None) == ""
    assert path_of("http://[broken") == "http://[broken"
    zone, now = zone_called("Asia/Kolkata"), datetime(2026, 1, 1, 20, 0, tzinfo=UTC)
    assert when(datetime(2026, 1, 1, 19, 0, tzinfo=UTC), now, zone) == "00:30"
    assert when(datetime(2026, 1, 1, 18, 0, tzinfo=UTC), now, zone) == "1 Jan"
    assert when(datetime(2025, 12, 31, 9, 0, tzinfo=UTC), now, zone) == "31 Dec 2025"
    assert shown(datetime(2026, 1, 1, 19, 0, tzinfo=UTC), "Asia/Kolkata") == "2 Jan 2026, 00:30"
