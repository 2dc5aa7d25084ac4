"""The inbox in a real browser: keys, a filter without a reload, every state for everybody, and nothing a visitor wrote runs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from msgspec import structs
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select, update

from collector.accounts.actions import sign_in
from collector.cases.actions import make_case
from collector.contacts.actions import keep_person
from collector.db import Database
from collector.followups.actions import offer
from collector.followups.follow_up import NewFollowUp
from collector.followups.models import FollowUpRow
from collector.inbox.actions import fill, save_view
from collector.inbox.asking import NAMES
from collector.reaching.models import PlanRow
from collector.responses.actions import record
from collector.responses.models import ResponseRow
from collector.responses.response import NewResponse
from collector.scales import SCALES
from collector.surveys.models import SurveyRow
from collector.surveys.queries import surveys_of
from collector.web.guards import Role
from tests.browser.looks import LOOKS, Look, look_at
from tests.browser.tripwire import PAYLOADS, Tripwire
from tests.make import make_member, make_site, submission_id
from tests.servers.live import Live


class Room:
    """A team of its own on the shared collector, with a member who may act, and their browser."""

    def __init__(self, live: Live, team: str) -> None:
        self.live = live
        self.database = Database(f"sqlite:///{Path(live.environ['LUKEWARM_DATA_DIR']) / 'lukewarm.db'}")
        self.now = datetime.now(UTC)
        with self.database.writing() as tx:
            self.site = make_site(tx, name="Reading room", origins=("https://room.example",), team=team)
            self.survey = surveys_of(tx, self.site.id)[0]
            self.member = make_member(tx, Role.analyst, team=team)
            self.token = sign_in(tx, self.member, self.site.team, "test", self.now)
        self._count = 0

    def put(self, score: int = 8, **parts: Any) -> int:
        """Writes a response past everything that looks at it, and returns its number."""
        self._count += 1
        whole = NewResponse(
            team=self.site.team, site=self.site.id, survey=self.survey.id, submission=UUID(submission_id(self._count)),
            digest=bytes(32), scale="nps", score=score, segment=SCALES["nps"].band(score).segment, category="price",
            comment="", page="https://room.example/checkout", language="en", configuration="0" * 16, attributes={},
            partial=False, suspect=None, received_at=self.now + timedelta(milliseconds=self._count),
        )  # fmt: skip
        with self.database.writing() as tx:
            record(tx, [structs.replace(whole, **parts)])
            return tx.scalar(select(func.max(ResponseRow.id)).where(ResponseRow.site_id == self.site.id)) or 0

    def open(self, browser: Browser, **options: Any) -> Page:
        """A page of a browser in which the member is signed in."""
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(30_000)
        context.add_cookies([{"name": "lukewarm", "value": self.token, "url": self.live.root}])
        return context.new_page()

    def go(self, page: Page, path: str) -> None:
        """Opens an address of the collector."""
        page.goto(self.live.root + path)


@pytest.fixture(scope="module")
def room(live: Live) -> Iterator[Room]:
    made = Room(live, "Readers")
    for score, comment in ((9, "Lovely"), (8, "The export is slow"), (7, "Fine, but dear"), (3, "Broken"), (8, "")):
        number = made.put(score, comment=comment, attributes={"plan": "pro"})
        if score == 8:
            with made.database.writing() as tx:
                make_case(tx, made.site.team, number, made.member, "p", made.now)
    with made.database.writing() as tx:
        fill(tx, 100)
    yield made
    made.database.dispose()


def hostile(room: Room, text: str) -> int:
    """A response that has `text` in everything that could ever hold it."""
    number = room.put(
        8, comment=text, page=text, category=text, language=text, segment=text, suspect=text, attributes={text: text}
    )
    with room.database.writing() as tx:
        (place,) = tx.execute(select(ResponseRow.site_id, ResponseRow.submission_id).where(ResponseRow.id == number))
        new = NewFollowUp(
            room.site.team, *place, bytes(32), text, text, text, text, "both", text, ((text, text),), 1, 0.5, text,
            room.now, room.now + timedelta(days=60),
        )  # fmt: skip
        offer(tx, [new])
        answer = {
            "answer_text": text,
            "answer_areas": [text],
            "reason": text,
            "state": "answered",
            "answered_at": room.now,
        }
        tx.execute(
            update(FollowUpRow)
            .where(FollowUpRow.site_id == place[0], FollowUpRow.submission_id == place[1])
            .values(**answer)
        )
        keep_person(tx, room.site, place[1], f"{number}{text}", {}, text, room.now)
        tx.add(
            PlanRow(
                site_id=place[0],
                submission_id=place[1],
                team_id=room.site.team,
                why=text,
                due_at=None,
                decided_at=room.now,
            )
        )
    return number


def test_a56_to_a64_nothing_that_a_visitor_wrote_runs_loads_or_breaks_out(live: Live, browser: Browser):
    assert len(PAYLOADS) >= 100
    room = Room(live, "Wired")
    singles = [hostile(room, payload) for payload in PAYLOADS]
    whole = [hostile(room, "\n".join(PAYLOADS[begin : begin + 12])) for begin in range(0, len(PAYLOADS), 12)]
    with room.database.writing() as tx:
        labels = [{"key": "price", "label": {"en": PAYLOADS[0]}, "hidden": False}]
        tx.execute(update(SurveyRow).where(SurveyRow.id == room.survey.id).values(categories=labels))
        save_view(tx, room.site.team, room.member, PAYLOADS[1], "segment=passive", True, room.now)
        while fill(tx, 1000):
            pass
    page = room.open(browser)
    wire = Tripwire(page, f"{live.root}/", known=("422",))
    shown = 0
    room.go(page, "/inbox")
    while True:
        shown += page.locator(".line").count()
        wire.check(page.url)
        following = page.locator('.ways a[rel="next"]')
        if not following.count():
            break
        with page.expect_navigation():
            following.click()
    assert shown == len(singles) + len(whole)
    asked = [f"{name}={quote(PAYLOADS[place])}" for place, name in enumerate((*NAMES, *NAMES))]
    paths = [f"/inbox?{query}" for query in ("text=onerror", "text=window+ran", "text=script", *asked)]
    for path in [*paths, *(f"/responses/{number}?{asked[0]}" for number in whole)]:
        room.go(page, path)
        wire.check(path)
    expect(page.locator("blockquote").first).to_contain_text("window.ran=")
    assert page.locator(".facts a").count() == 0, "no page of another kind becomes a link"
    page.context.close()


def test_keys_move_open_choose_and_close_and_never_act_in_a_field(room: Room, browser: Browser):
    page = room.open(browser)
    room.go(page, "/inbox?state=open")
    keys = page.keyboard
    keys.press("j")
    expect(page.locator(".line > a").first).to_be_focused()
    keys.press("j")
    keys.press("k")
    keys.press("j")
    expect(page.locator(".line > a").nth(1)).to_be_focused()
    keys.press("x")
    expect(page.locator(".bulk")).to_contain_text("1 chosen")
    keys.press("a")
    expect(page.locator('.bulk select[name="owner"]')).to_be_focused()
    keys.press("Escape")
    keys.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    keys.type("jkxe?")
    expect(search).to_have_value("jkxe?")
    search.fill("")
    keys.press("Escape")
    keys.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.press("e")
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.locator(".line").count() == 2
    keys.press("e")
    expect(page.locator("#status")).to_contain_text("losed")
    expect(page.locator("#status")).to_be_focused()
    expect(page.locator(".line")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".line")).to_have_count(2)
    keys.press("j")
    keys.press("l")
    keys.type("wrapping")
    keys.press("Enter")
    expect(page.locator("#status")).to_contain_text("Tag added.")
    expect(page.locator(".line")).to_have_count(2)
    keys.press("j")
    keys.press("o")
    page.wait_for_url("**/responses/*?state=open")
    with page.expect_navigation(url="**/responses/*?state=open"):
        keys.press("j")
    keys.press("u")
    page.wait_for_url("**/inbox?state=open")
    page.context.close()


def test_a_filter_needs_no_reload_and_back_leads_back(room: Room, browser: Browser):
    page = room.open(browser)
    room.go(page, "/inbox")
    page.evaluate("window.kept = true")
    page.get_by_label("Segment").select_option("passive")
    page.wait_for_url("**/inbox?*segment=passive*")
    expect(page.locator(".line")).to_have_count(3)
    page.get_by_role("searchbox").fill("dear")
    page.keyboard.press("Enter")
    expect(page.locator(".line")).to_have_count(1)
    expect(page.locator("mark")).to_have_text("dear")
    assert page.evaluate("window.kept") is True
    page.get_by_role("link", name="“dear”").click()
    expect(page.locator(".line")).to_have_count(3)
    page.go_back()
    expect(page.locator(".line")).to_have_count(1)
    page.context.close()


def test_without_script_all_of_it_is_links_and_forms(room: Room, browser: Browser):
    page = room.open(browser, java_script_enabled=False)
    room.go(page, "/inbox")
    page.get_by_label("Segment").select_option("detractor")
    page.get_by_role("button", name="Apply").first.click()
    expect(page.locator(".line")).to_have_count(1)
    page.get_by_text("Save view").click()
    page.get_by_label("Name").fill("Unhappy")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Unhappy")).to_have_attribute("aria-current", "page")
    page.locator(".line > a").click()
    expect(page.locator("blockquote")).to_contain_text("Broken")
    page.context.close()


@pytest.mark.parametrize(("direction", "looks"), [("ltr", LOOKS), ("rtl", {"phone": LOOKS["phone"]})])
def test_every_state_is_accessible_and_fits(
    room: Room, browser: Browser, shots: Path | None, direction: str, looks: dict[str, Look]
):
    page = room.open(browser, reduced_motion="reduce")
    if direction == "rtl":
        page.add_init_script(
            "document.addEventListener('DOMContentLoaded', () => { document.documentElement.dir = 'rtl' })"
        )

    def check(state: str) -> None:
        look_at(page, shots, f"inbox-{direction}-{state}", looks)

    room.go(page, "/inbox")
    check("list")
    page.locator(".line input").first.check()
    check("chosen")
    page.locator(".more > summary").click()
    check("more")
    room.go(page, "/inbox?page=nowhere")
    check("wrong")
    room.go(page, "/inbox?text=zzzz")
    check("empty")
    page.keyboard.press("?")
    check("keys")
    room.go(page, "/inbox?text=slow")
    check("found")
    page.locator(".line > a").click()
    page.wait_for_url("**/responses/*")
    check("story")
    page.context.close()
