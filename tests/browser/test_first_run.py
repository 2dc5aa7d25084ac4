"""From the terminal's line to a tag that is seen; and the pages for settings, for everyone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Visit
from tests.browser.host import Form, until
from tests.browser.looks import look_at
from tests.make import PASSWORD
from tests.servers.live import Live
from tests.servers.pages import Pages

#: Pages of a site, each with something to see on it.
PATHS = (
    "", "/install", "/secret", "/retention", "/delete", "/survey", "/survey/categories", "/survey/questions", "/survey/look",
    "/survey/when", "/survey/why?page=/pricing", "/survey/consent", "/people",
)  # fmt: skip


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A collector on an empty database."""
    collector = Live(tmp_path_factory.mktemp("fresh"))
    yield collector
    collector.stop()


@pytest.fixture(scope="module")
def site(fresh: Live, pages: Pages, browser: Browser) -> Iterator[tuple[str, BrowserContext]]:
    """The address of the first site's pages, and the browser of its owner, who has set everything up without script."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(way_in(fresh))
    set_up(page, pages.root)
    found = re.fullmatch(rf"({fresh.root}/sites/site_\w+)/install", page.url)
    assert found
    state = context.storage_state()
    context.close()
    signed_in = browser.new_context(storage_state=state)
    yield found[1], signed_in
    signed_in.close()


def way_in(collector: Live) -> str:
    """The address that the terminal shows."""
    return until(
        lambda: next((one[0] for line in collector.lines if (one := re.search(r"http\S+/setup\?\S+", line))), "")
    )


def set_up(page: Page, origin: str) -> None:
    """Goes through the set-up as its two forms ask."""
    page.get_by_label("Name", exact=True).fill("Ann Example")
    page.get_by_label("E-mail").fill("ann@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Your first site")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Harbour Books")
    page.get_by_label("Addresses").fill(origin)
    page.get_by_role("button", name="Add the site").click()
    page.wait_for_url("**/install")


def test_from_the_terminal_to_a_tag_that_is_seen(visit: Visit, pages: Pages, tmp_path):
    collector = Live(tmp_path)
    try:
        page = visit.page
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(collector.root)
        expect(page.get_by_role("heading", name="Nobody can sign in yet")).to_be_visible()
        page.goto(way_in(collector))
        set_up(page, pages.root)
        expect(page.get_by_text("Waiting for the first visit")).to_be_visible()
        page.get_by_role("button", name="Copy").first.click()
        expect(page.get_by_role("status")).to_have_text("Copied.")
        pages.tags["pasted"] = page.evaluate("navigator.clipboard.readText()")
        visitor = page.context.new_page()
        visitor.goto(f"{pages.root}/plain.html?tag=pasted")
        expect(visitor.get_by_role("button", name="Feedback")).to_be_visible()
        expect(page.get_by_text("Seen.")).to_be_visible()
        expect(page.get_by_text("Waiting for the first visit")).to_have_count(0)
        assert visit.complaints == []
        page.goto(way_in(collector))
        expect(page).to_have_url(f"{collector.root}/sites")
    finally:
        collector.stop()


def test_the_whole_way_from_the_first_run_to_a_case_that_is_closed_and_found_again(
    visit: Visit, pages: Pages, tmp_path
):
    collector = Live(tmp_path)
    try:
        page = visit.page
        page.goto(way_in(collector))
        set_up(page, pages.root)
        pages.tags["pasted"] = page.locator("pre").first.inner_text()
        visitor = page.context.new_page()
        visitor.goto(f"{pages.root}/plain.html?tag=pasted")
        form = Form(visitor)
        form.open()
        form.fill(8, "Lovely shop, the parcel came two days late.")
        form.send.click()
        expect(form.question).to_be_visible()
        asked = form.question.inner_text()
        page.goto(f"{collector.root}/inbox")
        page.get_by_text("the parcel came two days late").first.click()
        expect(page.get_by_role("heading", name=re.compile("^Response of"))).to_be_visible()
        expect(page.get_by_text(asked).first).to_be_visible()
        expect(page.get_by_text("Score 8 is passive on NPS").first).to_be_visible()
        case = page.locator("#case")
        # The worker makes it a case a moment after it came.
        until(lambda: page.reload() and case.get_by_text("New", exact=True).count())
        case.get_by_label("Owner").select_option(label="Ann Example (you)")
        case.get_by_role("button", name="Give").click()
        case.get_by_label("Note for the team").fill("The carrier was changed.")
        case.get_by_role("button", name="Add note").click()
        expect(case.get_by_text("The carrier was changed.")).to_be_visible()
        case.get_by_role("button", name="Done").click()
        expect(case.get_by_role("button", name="Done")).to_have_count(0)
        page.goto(f"{collector.root}/cases?view=mine")
        expect(page.get_by_text("the parcel came two days late")).to_have_count(0)
        page.goto(f"{collector.root}/inbox")
        page.get_by_role("searchbox").fill("late parcel")
        page.get_by_role("searchbox").press("Enter")
        expect(page).to_have_url(re.compile("text=late"))
        found = page.get_by_role("listitem").filter(has_text="came two days late")
        expect(found.get_by_text("Done", exact=True)).to_be_visible()
    finally:
        collector.stop()


def test_every_page_is_accessible_and_fits(
    browser: Browser, fresh: Live, site: tuple[str, BrowserContext], shots: Path | None
):
    address, owner = site
    context = browser.new_context(storage_state=owner.storage_state(), reduced_motion="reduce")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in (f"{fresh.root}/sites", f"{fresh.root}/sites/new", *(address + path for path in PATHS)):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        look_at(page, shots, f"setup{path.partition('/sites')[2].replace('/', '-').partition('?')[0]}")
    assert complaints == []
    context.close()


def test_a_form_that_comes_back_has_its_first_mark_in_focus_and_times_are_in_the_browsers_zone(
    browser: Browser, pages: Pages, tmp_path
):
    collector, context = Live(tmp_path), browser.new_context(timezone_id="Asia/Tokyo")
    try:
        page = context.new_page()
        page.goto(way_in(collector))
        page.get_by_label("Name", exact=True).fill("Ann Example")
        page.get_by_label("E-mail").fill("ann@example.com")
        page.get_by_label("Password").fill("short")
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("Password")).to_be_focused()
        set_up(page, pages.root)
        page.goto(f"{collector.root}/you")
        expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    finally:
        context.close()
        collector.stop()


def test_the_form_is_looked_at_while_it_is_painted(site: tuple[str, BrowserContext]):
    address, owner = site
    page = owner.new_page()
    page.goto(f"{address}/survey/look")
    page.get_by_label("A tab at the edge").check()
    page.get_by_label("Your own colour").fill("#ffe14d")
    expect(page.get_by_label("Your own", exact=True)).to_be_checked()
    expect(page.get_by_text("#a79433")).to_be_visible()
    frame = page.frame_locator("iframe")
    frame.locator("[data-lukewarm] button.launcher").click()
    expect(frame.get_by_role("dialog").get_by_role("radio").first).to_be_visible()
    page.reload()
    expect(page.get_by_label("A button in the corner")).to_be_checked()
    page.close()


def test_a_question_is_tried_while_it_is_typed(site: tuple[str, BrowserContext]):
    address, owner = site
    page = owner.new_page()
    page.goto(f"{address}/survey/questions")
    page.get_by_label("Score").select_option("7")
    page.get_by_label("Comment", exact=True).fill("Great")
    expect(page.locator("#asked").get_by_text("the comment is vague")).to_be_visible()
    page.close()
