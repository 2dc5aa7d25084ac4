"""A wave in a browser: seen in the inbox, looked at, set aside, taken back; and everyone can use its pages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from collector.responses.actions import record
from collector.responses.response import NewResponse
from collector.scales import SCALES
from collector.waves.jobs import look_for_waves
from collector.waves.queries import open_waves
from tests.browser.host import until
from tests.browser.looks import look_at
from tests.browser.test_inbox import Room
from tests.make import submission_id
from tests.servers.live import Live

WORDS = ("Never again, tell everybody", "", "Worst shop of all, buy elsewhere")


def came(room: Room, number: int, score: int, moment: datetime) -> NewResponse:
    return NewResponse(
        team=room.site.team, site=room.site.id, survey=room.survey.id, submission=UUID(submission_id(10_000 + number)),
        digest=bytes(32), scale="nps", score=score, segment=SCALES["nps"].band(score).segment, category=None,
        comment=WORDS[number % 3] if score == 0 else "Fine", page="https://room.example/checkout", language="en",
        configuration="0" * 16, attributes={}, partial=False, suspect=None, received_at=moment,
    )  # fmt: skip


@pytest.fixture(scope="module")
def room(live: Live) -> Iterator[Room]:
    """A team whose site had three scores an hour for five days, and then 500 of 0 within ten minutes."""
    made = Room(live, "Poisoned")
    begin, end = made.now - timedelta(days=5), made.now - timedelta(minutes=12)
    past = [
        came(made, number, (8, 9, 10, 6)[number % 4], begin + timedelta(minutes=20 * number)) for number in range(358)
    ]
    wave = [came(made, 1000 + number, 0, end + timedelta(seconds=1.2 * number)) for number in range(500)]
    with made.database.writing() as tx:
        record(tx, [*past, *wave])

    def is_found() -> bool:
        # The collector's own worker may be the one who finds it.
        look_for_waves(made.database, datetime.now(UTC))
        with made.database.reading() as tx:
            return bool(open_waves(tx, made.site.team))

    until(is_found)
    yield made
    made.database.dispose()


def test_a_wave_is_seen_looked_at_set_aside_and_taken_back_by_everybody(
    room: Room, browser: Browser, shots: Path | None
):
    page = room.open(browser, reduced_motion="reduce")
    room.go(page, "/inbox")
    expect(page.get_by_text("Unusual: 500 Detractors in 10 minutes")).to_be_visible()
    look_at(page, shots, "waves-inbox")
    page.get_by_role("link", name="Look").click()
    expect(page.get_by_role("heading", name="Is this real?")).to_be_visible()
    look_at(page, shots, "waves-open")
    page.get_by_role("button", name="Set aside all 500").click()
    expect(page.get_by_role("heading", name="Set aside")).to_be_visible()
    expect(page.get_by_text("500 of 500 responses are left out")).to_be_visible()
    look_at(page, shots, "waves-aside")
    page.locator(".others a").first.click()
    expect(page.get_by_text("Set aside: it is left out")).to_be_visible()
    look_at(page, shots, "waves-response")
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("status").get_by_text("1 response taken back.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").get_by_text("Undone.")).to_be_visible()
    room.go(page, "/waves")
    look_at(page, shots, "waves-list")
    page.get_by_role("link", name="500 Detractors").click()
    page.get_by_role("button", name="Take back all").click()
    expect(page.get_by_role("button", name="Set aside all 500")).to_be_visible()
    page.context.close()


def test_what_is_chosen_in_the_list_is_set_aside_without_a_script_as_well(room: Room, browser: Browser):
    page = room.open(browser, java_script_enabled=False)
    room.go(page, "/inbox?segment=promoter")
    for place in (0, 1):
        page.locator(".line input").nth(place).check()
    page.get_by_role("button", name="Set aside", exact=True).click()
    expect(page.get_by_role("status").get_by_text("2 responses set aside.")).to_be_visible()
    room.go(page, "/inbox?set_aside=yes&segment=promoter")
    assert page.locator(".line").count() == 2
    page.context.close()
