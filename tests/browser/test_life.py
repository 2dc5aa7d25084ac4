"""What the widget leaves in a page and in a browser: nothing before an act, nothing after `destroy`, and no page is kept from
being restored, guessed or gone back to."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright, Route, expect

from tests.browser.conftest import FOLDER, SWITCHES, Visit, new_context, program
from tests.browser.host import Form, Host, until
from tests.servers.faulty import Faulty

pytestmark = pytest.mark.usefixtures("probed")

#: All that a browser can keep for a site.
KEPT = """async () => [
    document.cookie, localStorage.length, sessionStorage.length, seen.writes,
    (await indexedDB.databases()).length, (await caches.keys()).length,
    (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
]"""
#: From now on looks in each frame for the form, and keeps the time of the first one that shows it.
DRAWN = """() => {
    window.drawn = new Promise((go) => {
        const look = (now) => {
            const score = document.querySelector('[data-lukewarm]').shadowRoot.querySelector('[name=score]');
            if (score?.checkVisibility({visibilityProperty: true})) go(now); else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    });
}"""
#: Puts the tag in once more, as it stands in the document.
AGAIN = """(tag) => new Promise((go) => {
    const script = document.createElement('script');
    for (const name in tag) script.setAttribute(name, tag[name]);
    script.onload = () => { script.remove(); go() };
    document.head.append(script);
})"""


def test_nothing_is_kept_moved_or_styled_before_something_failed(visit: Visit, context: BrowserContext, host: Host):
    form = Form(visit.page)
    visit.page.goto(host.address())
    form.open()
    form.fill(8, "nothing is kept of this")
    form.send.click()
    expect(form.question).to_be_visible()
    assert visit.page.evaluate(KEPT) == ["", 0, 0, [], 0, 0, 0]
    assert context.cookies() == []
    assert visit.page.locator("[style]").count() == 0
    assert form.seen("shift") == 0
    assert visit.complaints == []


def test_nothing_shifts_where_answers_come_long_after_the_press(visit: Visit, host: Host):
    """Browsers take a shift for somebody's own doing within half a second of a press only."""
    form = Form(visit.page)

    def answer_late(route: Route) -> None:
        time.sleep(0.7)
        route.continue_()

    visit.page.route("**/v1/**", answer_late)
    visit.page.goto(host.address())
    form.open()
    form.fill(8, "on a slow line")
    form.send.click()
    expect(form.question).to_be_focused()
    form.dialog.get_by_label("Your answer").fill("still slow")
    form.dialog.get_by_role("button", name="Send answer").click()
    expect(visit.page.get_by_role("status")).to_contain_text("Thank you")
    visit.page.evaluate("() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
    assert form.seen("shift") == 0


def test_one_request_brings_the_form_where_the_pointer_rests_before_and_none_of_any_is_a_preflight(
    visit: Visit, host: Host, line: Faulty
):
    form = Form(visit.page)
    visit.page.goto(host.address(collector=line.root))
    expect(form.launcher).to_be_visible()
    visit.page.evaluate(DRAWN)
    form.launcher.hover()
    expect(visit.page.locator("[data-lukewarm] [name=score]")).to_have_count(11)
    form.open()
    form.fill(8)
    form.send.click()
    form.dialog.get_by_label("Your answer").fill("without a preflight")
    form.dialog.get_by_role("button", name="Send answer").click()
    expect(visit.page.get_by_role("status")).to_contain_text("Thank you")
    loaded = "performance.getEntriesByType('resource').map(({name, startTime}) => [name, startTime])"
    before = [
        name for name, at in visit.page.evaluate(loaded) if at < visit.page.evaluate("drawn") and line.root in name
    ]
    assert before == [f"{line.root}/w/1/{host.key}.js"]
    visit.page.goto(host.address("second.html"))
    assert {asked.method for asked in line.asked} == {"GET", "POST"}
    for asked in line.asked:
        assert "Cookie" not in asked.headers
        assert asked.method == "GET" or asked.headers["Content-Type"].startswith("text/plain")


@pytest.fixture
def returning(playwright: Playwright) -> Iterator[Page]:
    """A page in a Chromium that keeps pages for going back, which Playwright otherwise turns off."""
    browser = playwright.chromium.launch(
        executable_path=program("TEST_CHROMIUM"), args=SWITCHES, ignore_default_args=["--disable-back-forward-cache"]
    )
    context = new_context(browser)
    context.add_init_script(path=FOLDER / "probe.js")
    yield context.new_page()
    browser.close()


@pytest.mark.parametrize("store", ["yes", "no"])
def test_a_page_is_restored_when_its_visitor_goes_back(returning: Page, host: Host, store: str):
    form, words = Form(returning), f"written after coming back, store {store}"
    returning.goto(host.address(store=store))
    form.open()
    form.fill(6, "written before going away")
    # A page that waits for an answer is not kept.
    returning.wait_for_load_state("networkidle")
    returning.goto(host.address("second.html"))
    # A restored page does not load.
    returning.go_back(wait_until="commit")
    returning.wait_for_function("seen.restored")
    if form.launcher.is_visible():
        form.launcher.click()
    expect(form.score(0)).to_be_visible()
    form.fill(7, words)
    form.send.click()
    expect(form.question).to_be_visible()
    assert len(host.stored(comment=words)) == 1


def test_a_page_that_is_only_guessed_shows_and_asks_nothing_until_it_is_seen(host: Host, line: Faulty, tmp_path: Path):
    """In a Chromium that nobody drives: one that is driven guesses nothing."""
    address = host.address("prerender.html", collector=line.root)
    command = [program("TEST_CHROMIUM"), "--headless", *SWITCHES, f"--user-data-dir={tmp_path}", address]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as chromium:
        try:
            until(lambda: len(host.pages.reports) > 1)
        finally:
            chromium.terminate()
    assert host.pages.reports == ["guessed, mounted false", "seen, mounted true"]
    assert [asked.path for asked in line.asked] == [f"/w/1/{host.key}.js"]


def test_destroy_leaves_no_node_no_listener_and_no_name(visit: Visit, context: BrowserContext, host: Host):
    cdp = context.new_cdp_session(visit.page)
    visit.page.goto(host.address(tag="none"))
    before = listeners(cdp), names(visit.page)
    visit.page.evaluate(AGAIN, tag(host))
    form = Form(visit.page)
    form.open()
    form.fill(8)
    visit.page.evaluate("lukewarm('destroy')")
    expect(visit.page.locator("[data-lukewarm]")).to_have_count(0)
    assert (listeners(cdp), names(visit.page)) == before


def test_fifty_forms_that_came_and_went_leave_nothing_in_memory(visit: Visit, context: BrowserContext, host: Host):
    cdp = context.new_cdp_session(visit.page)
    visit.page.goto(host.address(tag="none"))
    counted: list[tuple[int, int]] = []
    few, many = 5, 50
    for rounds in (few, many):
        for _ in range(rounds):
            visit.page.evaluate(AGAIN, tag(host))
            visit.page.evaluate(
                """() => new Promise((go) => {
                    lukewarm('on', 'opened', () => { lukewarm('close'); lukewarm('destroy'); setTimeout(go) });
                    lukewarm('open');
                })"""
            )
        counted.append(kept(visit.page, cdp, counted[-1] if counted else None))
    # What a busy browser still holds of the last one is no leak; one node or listener of each would be.
    assert counted[1][0] - counted[0][0] < many - few
    assert counted[1][1] - counted[0][1] < many - few


def kept(page: Page, cdp: CDPSession, wanted: tuple[int, int] | None) -> tuple[int, int]:
    """Nodes and listeners in memory after the garbage was collected, again while there are more than wanted: what the last
    rounds left is not always found at the first look."""
    for _ in range(100):
        cdp.send("HeapProfiler.collectGarbage")
        there = cdp.send("Memory.getDOMCounters")
        found = there["nodes"], there["jsEventListeners"]
        if wanted is None or (found[0] <= wanted[0] and found[1] <= wanted[1]):
            break
        page.wait_for_timeout(100)
    return found


def tag(host: Host) -> dict[str, str]:
    """The attributes of the site's tag."""
    return {"src": f"{host.live.root}/w/1/{host.key}.js", "crossorigin": ""}


def listeners(cdp: CDPSession) -> list[list[str]]:
    """The listeners on everything that outlives a widget."""
    found = []
    for place in ("window", "document", "document.documentElement", "document.body", "navigation", "visualViewport"):
        reference = cdp.send("Runtime.evaluate", {"expression": place})["result"]
        there = cdp.send("DOMDebugger.getEventListeners", {"objectId": reference["objectId"]})["listeners"]
        found.append(sorted(listener["type"] for listener in there))
    return found


def names(page: Page) -> list[str]:
    """The names on the window. Ours stays, for a page that calls it all the same."""
    return page.evaluate("Object.keys(window).filter((name) => name !== 'lukewarm').sort()")
