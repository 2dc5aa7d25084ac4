"""The way of a case in a browser: new, given, noted, done, undone; with our scripts and without any."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select, update

from collector.cases.due import end_of
from collector.cases.models import CaseRow
from collector.clock import now
from collector.db import Database
from collector.sites.site import Site
from collector.web.guards import Role
from tests.browser.host import until
from tests.browser.looks import look_at
from tests.make import ORIGIN, PASSWORD, make_member, make_site, submission
from tests.servers.live import Live
from tests.servers.over_http import HttpClient

WORDS = (
    "The totals on the invoice do not add up to what I paid.",
    "Good, but searching for a place with an accent finds nothing, and I had to look it up on another page first, twice.",
    "مفيد لكن الصفحة بطيئة",
    "",
    "Würde ich mit Gleisangabe weiterempfehlen",
)


class Desk:
    """A team's cases on the live collector."""

    def __init__(self, live: Live, team: str) -> None:
        self.live = live
        self.database = Database(f"sqlite:///{Path(live.environ['LUKEWARM_DATA_DIR']) / 'lukewarm.db'}")
        self.team = team
        with self.database.writing() as tx:
            self.site: Site = make_site(tx, name="Harbour Rail", team=team, industry="travel")
            make_member(tx, Role.owner, team=team, email=f"ann@{team.lower()}.example")
            make_member(tx, Role.analyst, team=team, email=f"ben@{team.lower()}.example")

    def hear(self, *words: str) -> None:
        """Visitors say something, each with an 8 or a 7; the worker hears of it."""
        client = HttpClient(self.live.port)
        for number, comment in enumerate(words, 1):
            body = submission(
                number, score=7 + number % 2, comment=comment, **({"category": "price"} if number % 2 else {})
            )
            path = f"/v1/sites/{self.site.key}/responses"
            assert client.post(path, json=body, headers={"Origin": ORIGIN}).status_code == 201
        client.close()
        until(lambda: self._count() == len(words))

    def _count(self) -> int:
        with self.database.reading() as tx:
            return tx.scalar(select(func.count()).where(CaseRow.site_id == self.site.id)) or 0

    def spread(self) -> None:
        """Has the first cases due at different times: long ago, yesterday, today."""
        with self.database.writing() as tx:
            numbers = tx.scalars(select(CaseRow.id).where(CaseRow.site_id == self.site.id).order_by(CaseRow.id)).all()
            today = now().date()
            for number, days in zip(numbers, (-6, -1, 0), strict=False):
                tx.execute(
                    update(CaseRow)
                    .where(CaseRow.id == number)
                    .values(due_at=end_of(today + timedelta(days=days), ZoneInfo("UTC")))
                )

    def enter(self, page: Page, who: str = "ann") -> None:
        """Signs somebody in, and goes to the list."""
        page.goto(f"{self.live.root}/login?next=/cases")
        page.get_by_label("E-mail").fill(f"{who}@{self.team.lower()}.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/cases")


@pytest.fixture
def desk(live: Live, request: pytest.FixtureRequest) -> Iterator[Desk]:
    made = Desk(live, "Desk" + "".join(sign for sign in request.node.name if sign.isalnum())[:80])
    yield made
    made.database.dispose()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_a_case_is_new_given_noted_done_and_undone(browser: Browser, desk: Desk, scripts: bool):
    desk.hear(WORDS[0])
    context = browser.new_context(locale="en-GB", java_script_enabled=scripts)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    desk.enter(page)
    page.get_by_role("link", name=WORDS[0]).click()
    case = page.get_by_role("region", name="Case")
    said = case.get_by_role("status")
    expect(case.get_by_text("New", exact=True)).to_be_visible()
    if scripts:
        page.evaluate("window.unmoved = true")
    case.get_by_label("Owner").select_option("Ann (you)")
    case.get_by_role("button", name="Give").click()
    expect(said).to_contain_text("Given.")
    case.get_by_label("Note for the team").fill("@Ben, the invoice again?\nI ask finance.")
    case.get_by_role("button", name="Add note").click()
    expect(said).to_contain_text("Note added.")
    expect(case.get_by_text("@Ben", exact=True)).to_be_visible()
    expect(case.get_by_label("Note for the team")).to_have_value("")
    case.get_by_role("button", name="Done").click()
    expect(said).to_contain_text("Closed.")
    expect(case.get_by_role("button", name="Open again")).to_be_visible()
    if scripts:
        assert page.evaluate("window.unmoved"), "the page was loaded anew"
        expect(case.get_by_role("button", name="Open again")).to_be_focused()
    case.get_by_role("button", name="Undo").click()
    expect(said).to_have_text("Undone.")
    expect(case.get_by_role("button", name="Done")).to_be_visible()
    case.get_by_text("History").click()
    expect(case.get_by_text("closed it, and took it back")).to_be_visible()
    assert complaints == []
    context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_closing_from_the_list_is_one_press_and_undoing_another(browser: Browser, desk: Desk, scripts: bool):
    desk.hear(*WORDS[:2])
    context = browser.new_context(locale="en-GB", java_script_enabled=scripts)
    page = context.new_page()
    desk.enter(page)
    line = page.get_by_role("listitem").filter(has_text=WORDS[0])
    line.get_by_role("button", name="Done").click()
    expect(page.get_by_role("status")).to_contain_text("Closed.")
    expect(line).to_have_count(0)
    expect(page.get_by_role("link", name="All open 1")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(line).to_be_visible()
    context.close()


def test_the_list_goes_by_keyboard_alone(browser: Browser, desk: Desk):
    desk.hear(*WORDS[:3])
    page = browser.new_page(locale="en-GB")
    desk.enter(page)
    links = page.locator(".case-link")
    expect(links).to_have_count(3)
    expect(page.get_by_text("All on this page")).to_be_visible()  # our script is there
    page.wait_for_load_state()
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox").nth(2)).to_be_checked()
    second = links.nth(1).inner_text()
    page.keyboard.press("e")
    expect(page.get_by_role("status")).to_contain_text("Closed.")
    expect(links).to_have_count(2)
    assert second not in links.all_inner_texts()
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("x")
    page.get_by_label("Tag for the chosen cases").fill("wrapping")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Tag added.")
    expect(links).to_have_count(2)
    page.context.close()


def test_of_two_who_look_at_one_case_the_second_is_told(browser: Browser, desk: Desk):
    desk.hear(WORDS[0])
    pages = [browser.new_context(locale="en-GB").new_page() for _ in range(2)]
    for page, who in zip(pages, ("ann", "ben"), strict=True):
        desk.enter(page, who)
        page.get_by_role("link", name=WORDS[0]).click()
    first, second = pages
    first.get_by_role("button", name="Let it wait").click()
    expect(first.get_by_text("Saved.")).to_be_visible()
    second.get_by_role("button", name="Done").click()
    expect(second.get_by_text("Somebody was quicker")).to_be_visible()
    expect(second.get_by_text("Waiting", exact=True)).to_be_visible()
    for page in pages:
        page.context.close()


def test_every_page_is_accessible_and_nothing_runs_out_of_it(browser: Browser, desk: Desk, shots: Path | None):
    context = browser.new_context(locale="en-GB", bypass_csp=True)
    page = context.new_page()

    def look(step: str) -> None:
        look_at(page, shots, f"cases-{step}")

    desk.enter(page)
    look("empty")
    desk.hear(*WORDS)
    desk.spread()
    page.goto(f"{desk.live.root}/cases?view=open")
    page.get_by_role("checkbox").nth(2).check()
    page.get_by_label("Tag for the chosen cases").fill("invoice")
    page.get_by_role("button", name="Tag", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Tag added.")
    look("list")
    page.locator(".case-link").nth(1).click()
    case = page.get_by_role("region", name="Case")
    look("case")
    case.get_by_role("button", name="Take it up").click()
    expect(case.get_by_role("status")).to_contain_text("Saved.")
    case.get_by_label("New tag").fill("search")
    case.get_by_role("button", name="Add", exact=True).click()
    case.get_by_label("Note for the team").fill("@Ben, is that the index of places?")
    case.get_by_role("button", name="Add note").click()
    expect(case.get_by_text("is that the index of places?")).to_be_visible()
    case.get_by_text("History").click()
    look("worked")
    case.get_by_label("Due").fill("2020-01-01")
    case.get_by_role("button", name="Set").click()
    expect(case.get_by_text("Choose a day from today on")).to_be_visible()
    look("marked")
    for view in ("mine", "done"):
        page.goto(f"{desk.live.root}/cases?view={view}")
        look(view)
    page.goto(f"{desk.live.root}/tags")
    page.locator("summary").first.click()
    look("tags")
    page.goto(f"{desk.live.root}/cases/rules")
    look("rules")
    context.close()
