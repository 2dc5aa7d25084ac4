"""When the form comes up by itself: every trigger, what holds it back, and what it leaves behind. The visitor's clock is the
test's own (`page.clock`), so that nobody waits for days, or for seconds."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, FrameLocator, Locator, Page, expect

from collector.surveys.verdicts import draw
from tests.browser.asking import Site
from tests.servers.live import Live

EXIT = {"triggers": [{"kind": "exit"}], "settle": 0}
DAY = 86_400
START = 1_800_000_000


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    asking = Site()
    yield asking
    asking.stop()


def visit(context: BrowserContext, url: str, days: float = 0) -> Page:
    """A page on which time stands still until the test lets it pass."""
    page = context.new_page()
    page.clock.install(time=START + days * DAY)
    # What is installed goes on by itself; and a pause lies ahead.
    page.clock.pause_at(START + days * DAY + 1)
    page.goto(url)
    page.wait_for_function("lukewarm.ready")
    return page


def form(page: Page | FrameLocator) -> Locator:
    return page.locator("[data-lukewarm]").get_by_role("dialog")


def leave(page: Page) -> None:
    """The mouse goes out at the top."""
    page.mouse.move(300, 200)
    page.mouse.move(300, -20)


def route(page: Page, path: str) -> None:
    page.evaluate("path => history.pushState({}, '', path)", path)


def explained(page: Page, frame: Frame | None = None) -> dict[str, str]:
    with page.expect_console_message(lambda message: message.type == "table") as told:
        (frame or page).evaluate("lukewarm('explain')")
    lines = told.value.args[0].json_value()
    return {line["rule"]: line["verdict"] for line in lines if line["rule"] != "survey"}


def stored(page: Page) -> dict[str, Any]:
    return json.loads(page.evaluate("localStorage.getItem('lukewarm')") or "{}")


def asks_on_leaving(context: BrowserContext, site: Site, path: str = "/", days: float = 0) -> bool:
    """Whether a visitor who comes to the page and leaves it is asked. The page is closed."""
    page = visit(context, f"{site.root}{path}", days)
    leave(page)
    page.clock.run_for(3_000)
    shown = page.evaluate("heard.includes('shown')")
    page.close()
    return shown


def test_it_comes_after_the_seconds_that_were_said_on_a_clock_that_nobody_holds(context: BrowserContext, site: Site):
    site.asks({"triggers": [{"kind": "seconds", "after": 1}]})
    page = context.new_page()
    page.goto(site.root)
    expect(form(page)).to_be_visible()


def test_seconds_count_from_each_page_anew(context: BrowserContext, site: Site):
    site.asks({"triggers": [{"kind": "seconds", "after": 10}], "settle": 0})
    page = visit(context, site.root)
    page.clock.run_for(9_000)
    route(page, "/second")
    page.clock.run_for(9_000)
    expect(form(page)).to_be_hidden()
    page.evaluate("location.hash = 'part'")
    page.clock.run_for(1_500)
    expect(form(page)).to_be_visible()


def test_it_comes_when_enough_of_the_page_was_seen(context: BrowserContext, site: Site):
    site.asks({"triggers": [{"kind": "scroll", "percent": 60}], "settle": 0})
    page = visit(context, site.root)
    page.clock.run_for(5_000)
    page.evaluate("scrollTo(0, 1200)")
    page.clock.run_for(5_000)
    expect(form(page)).to_be_hidden()
    page.evaluate("scrollTo(0, 2000)")
    page.clock.run_for(600)
    expect(form(page)).to_be_visible()


def test_a_page_that_does_not_scroll_was_seen_once_it_is_there(context: BrowserContext, site: Site):
    site.asks({"triggers": [{"kind": "scroll", "percent": 100}], "settle": 0})
    page = visit(context, f"{site.root}/short")
    page.clock.run_for(2_000)
    expect(form(page)).to_be_visible()


def test_it_comes_on_the_page_that_was_said_and_keeps_nothing_to_count(context: BrowserContext, site: Site):
    site.asks({"triggers": [{"kind": "views", "count": 3}], "settle": 0})
    page = visit(context, f"{site.root}/1")
    route(page, "/2")
    page.clock.run_for(2_000)
    expect(form(page)).to_be_hidden()
    page.goto(f"{site.root}/3")
    page.wait_for_function("lukewarm.ready")
    page.clock.run_for(2_000)
    expect(form(page)).to_be_visible()
    assert page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0


def test_it_comes_when_the_mouse_leaves_at_the_top_and_nowhere_else(context: BrowserContext, site: Site):
    site.asks(EXIT)
    page = visit(context, site.root)
    page.mouse.move(300, 200)
    page.mouse.move(-20, 200)
    page.clock.run_for(2_000)
    expect(form(page)).to_be_hidden()
    leave(page)
    page.clock.run_for(600)
    expect(form(page)).to_be_visible()


def test_on_a_touch_screen_a_fling_back_up_is_leaving_and_reading_back_is_not(browser: Browser, site: Site):
    site.asks(EXIT)
    context = browser.new_context(viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True)
    page = visit(context, site.root)
    page.evaluate("scrollTo(0, 2500)")
    page.clock.run_for(2_000)
    for top in range(2400, 800, -100):
        page.evaluate("top => scrollTo(0, top)", top)
        page.clock.run_for(500)
    expect(form(page)).to_be_hidden()
    page.evaluate("scrollTo(0, 0)")
    page.clock.run_for(600)
    expect(form(page)).to_be_visible()
    context.close()


def test_it_comes_after_an_event_of_the_pages_own_also_on_the_next_page(context: BrowserContext, site: Site):
    site.asks({"triggers": [{"kind": "event", "name": "ordered"}], "settle": 2})
    page = visit(context, site.root)
    page.evaluate("lukewarm('track', 'something else')")
    page.clock.run_for(5_000)
    expect(form(page)).to_be_hidden()
    page.evaluate("lukewarm('track', 'ordered')")
    page.clock.run_for(1_000)
    route(page, "/thanks")
    page.clock.run_for(1_500)
    expect(form(page)).to_be_hidden()
    page.clock.run_for(1_000)
    expect(form(page)).to_be_visible()


def test_it_comes_when_an_element_is_seen_also_one_that_comes_later(context: BrowserContext, site: Site):
    site.asks({"triggers": [{"kind": "element", "selector": "#late"}], "settle": 0})
    page = visit(context, site.root)
    page.clock.run_for(2_000)
    page.evaluate("document.querySelector('#end').insertAdjacentHTML('afterend', '<p id=late>Late</p>')")
    page.clock.run_for(2_000)
    expect(form(page)).to_be_hidden()
    page.locator("#late").scroll_into_view_if_needed()
    page.clock.resume()  # when an observer tells what it sees is the browser's to say
    expect(form(page)).to_be_visible()


def test_an_element_that_stays_is_seen_again_on_the_next_page(context: BrowserContext, site: Site):
    site.asks(
        {"triggers": [{"kind": "element", "selector": "h1"}], "pages": {"include": [{"kind": "equals", "value": "/b"}]}}
    )
    page = visit(context, f"{site.root}/a")
    page.clock.run_for(3_000)
    expect(form(page)).to_be_hidden()
    route(page, "/b")
    page.clock.resume()
    expect(form(page)).to_be_visible()


def test_a_selector_that_is_none_is_said_in_the_console_and_breaks_nothing(context: BrowserContext, site: Site):
    site.asks({"triggers": [{"kind": "element", "selector": "p["}, {"kind": "exit"}], "settle": 0})
    page = context.new_page()
    page.clock.install(time=START)
    with page.expect_console_message(lambda message: "p[" in message.text and message.type == "warning"):
        page.goto(site.root)
    leave(page)
    page.clock.run_for(600)
    expect(form(page)).to_be_visible()


def test_everything_is_looked_at_again_when_the_trigger_has_settled(context: BrowserContext, site: Site):
    site.asks(
        {"triggers": [{"kind": "exit"}], "settle": 3, "pages": {"include": [{"kind": "equals", "value": "/offer"}]}}
    )
    page = visit(context, f"{site.root}/offer")
    leave(page)
    page.clock.run_for(2_000)
    expect(form(page)).to_be_hidden()
    route(page, "/checkout")
    page.clock.run_for(10_000)
    expect(form(page)).to_be_hidden()
    route(page, "/offer")
    leave(page)
    page.clock.run_for(3_500)
    expect(form(page)).to_be_visible()


def test_it_waits_while_somebody_writes(context: BrowserContext, site: Site):
    site.asks(EXIT)
    page = visit(context, site.root)
    page.get_by_label("Search").click()
    page.keyboard.type("tim")
    leave(page)
    page.clock.run_for(5_000)
    expect(form(page)).to_be_hidden()
    assert explained(page)["moment"] == "not met"
    page.keyboard.type("etable")
    assert page.get_by_label("Search").input_value() == "timetable"
    page.get_by_label("Search").blur()
    page.clock.run_for(600)
    expect(form(page)).to_be_visible()


def test_a_field_that_the_page_has_focused_by_itself_holds_nothing_back(context: BrowserContext, site: Site):
    site.asks({"triggers": [{"kind": "seconds", "after": 0}], "settle": 0})
    page = context.new_page()
    # Playwright's own questions to a page count as something that a person did; these do not.
    client = context.new_cdp_session(page)
    client.send("Page.enable")
    client.send("Page.navigate", {"url": f"{site.root}/search"})
    shown = "new Promise(go => { heard.includes('shown') ? go() : document.addEventListener('lukewarm:shown', go) })"
    field = f"{shown}.then(() => document.activeElement.tagName + document.activeElement.autofocus)"
    client.send("Runtime.enable")
    page.wait_for_load_state()
    said = client.send("Runtime.evaluate", {"expression": field, "awaitPromise": True})
    assert said["result"]["value"] == "INPUTtrue"


def test_it_waits_while_a_dialog_of_the_page_is_open(context: BrowserContext, site: Site):
    site.asks(EXIT)
    page = visit(context, site.root)
    page.evaluate("document.querySelector('dialog').showModal()")
    leave(page)
    page.clock.run_for(5_000)
    expect(form(page)).to_be_hidden()
    page.get_by_role("button", name="Fine").click()
    page.clock.run_for(600)
    expect(form(page)).to_be_visible()


def test_a_banner_holds_it_back_only_where_it_is_seen(context: BrowserContext, site: Site):
    site.asks({"triggers": [{"kind": "seconds", "after": 60}]})
    page = visit(context, site.root)
    for markup, comes in {
        "<div role=dialog>Cookies?</div>": "not met",
        "<div role=alertdialog>Cookies?</div>": "not met",
        "<div aria-modal=true>Cookies?</div>": "not met",
        "<dialog open>Cookies?</dialog>": "not met",
        "<dialog>Cookies?</dialog>": "met",
        "<div role=dialog hidden>Cookies?</div>": "met",
        "<div role=dialog style='visibility: hidden'>Cookies?</div>": "met",
        "<div role=dialog style='opacity: 0'>Cookies?</div>": "met",
    }.items():
        page.evaluate("markup => { document.querySelector('#banner').innerHTML = markup }", markup)
        assert (markup, explained(page)["moment"]) == (markup, comes)


def test_it_takes_no_focus_and_is_announced(context: BrowserContext, site: Site):
    site.asks(EXIT)
    page = visit(context, site.root)
    page.get_by_role("button", name="Nothing").click()
    leave(page)
    page.clock.run_for(600)
    expect(form(page)).to_be_visible()
    expect(page.get_by_role("button", name="Nothing")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Would you recommend us?")


def test_nothing_is_kept_before_the_visitor_has_done_something(context: BrowserContext, site: Site):
    site.asks(EXIT)
    page = visit(context, site.root)
    leave(page)
    page.clock.run_for(600)
    expect(form(page)).to_be_visible()
    assert stored(page) == {}
    page.close()
    assert asks_on_leaving(context, site)


def test_later_is_kept_for_a_week(context: BrowserContext, site: Site):
    site.asks(EXIT)
    page = visit(context, site.root)
    leave(page)
    page.clock.run_for(600)
    form(page).get_by_role("button", name="Ask me later").click()
    expect(form(page)).to_be_hidden()
    assert stored(page)["asked"]["sv_a"]["verdict"] == "later"
    page.close()
    assert not asks_on_leaving(context, site, days=6.9)
    assert asks_on_leaving(context, site, days=7.1)


def test_never_is_kept_for_good_and_for_every_survey_of_the_site(context: BrowserContext, site: Site):
    site.asks(EXIT)
    page = visit(context, site.root)
    leave(page)
    page.clock.run_for(600)
    form(page).get_by_role("button", name="Don’t ask again").click()
    expect(form(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Feedback")).to_be_visible()
    page.close()
    assert not asks_on_leaving(context, site, days=3000)
    site.asks(EXIT, survey="sv_b")
    assert not asks_on_leaving(context, site, days=3000)


def test_closing_it_gives_peace_from_this_survey_and_a_shorter_one_from_others(context: BrowserContext, site: Site):
    site.asks(EXIT)
    page = visit(context, site.root)
    leave(page)
    page.clock.run_for(600)
    form(page).get_by_role("button", name="Close").click()
    assert stored(page)["asked"]["sv_a"]["verdict"] == "dismissed"
    page.close()
    assert not asks_on_leaving(context, site, days=89)
    assert asks_on_leaving(context, site, days=91)
    site.asks(EXIT, survey="sv_b")
    assert not asks_on_leaving(context, site, days=29)
    assert asks_on_leaving(context, site, days=31)


def test_whoever_has_answered_through_the_button_is_not_asked_soon(
    browser: Browser, context: BrowserContext, site: Site, live: Live
):
    key = live.command("site", "add", "When", "--origin", site.root, "--industry", "saas", "--language", "en").strip()
    live.command("survey", "set", "When", f"when={json.dumps(EXIT)}")
    site.loads(f"{live.root}/w/1/{key}.js")
    page = context.new_page()
    page.goto(site.root)
    page.get_by_role("button", name="Feedback").click()
    form(page).get_by_role("radio", name="9", exact=True).check()
    form(page).get_by_role("button", name="Send").click()
    page.wait_for_function("heard.includes('sent')")
    assert [said["verdict"] for said in stored(page)["asked"].values()] == ["answered"]
    page.close()
    assert not asks_on_leaving(context, site)
    assert asks_on_leaving(browser.new_context(), site)


def test_where_storage_is_blocked_a_wish_holds_for_the_life_of_the_page(context: BrowserContext, site: Site):
    site.asks({"triggers": [{"kind": "seconds", "after": 0}], "settle": 0})
    page = context.new_page()
    page.goto(f"{site.root}/frame")
    inside = page.frame_locator("iframe")
    form(inside).get_by_role("button", name="Don’t ask again").click()
    expect(form(inside)).to_be_hidden()
    assert explained(page, page.frames[1])["never"] == "not met"


def test_it_comes_once_in_the_life_of_a_page_and_not_after_the_visitor_has_opened_it(
    context: BrowserContext, site: Site
):
    site.asks({**EXIT, "again_after_days": 0, "rest_days": 0})
    page = visit(context, site.root)
    page.clock.resume()
    page.get_by_role("button", name="Feedback").click()
    form(page).get_by_role("button", name="Close").click()
    route(page, "/next")
    leave(page)
    page.clock.run_for(3_000)
    expect(form(page)).to_be_hidden()
    assert page.evaluate("heard") == ["opened", "closed"]
    assert stored(page) == {}


def test_a_person_who_is_known_is_drawn_once_and_for_all(context: BrowserContext, site: Site):
    site.asks({**EXIT, "share": 0.5})
    people = {draw("sv_a", f"user-{number}") < 0.5: f"user-{number}" for number in range(20)}
    for wanted, person in people.items():
        page = visit(context, site.root)
        page.evaluate("id => lukewarm('identify', {id, expires: 0, signature: ''})", person)
        leave(page)
        page.clock.run_for(1_000)
        expect(form(page)).to_be_visible(visible=wanted)
        page.close()


def test_an_attribute_that_is_set_later_counts_when_it_is_there(context: BrowserContext, site: Site):
    site.asks({**EXIT, "attributes": [{"name": "plan", "kind": "is", "value": "pro"}]})
    page = visit(context, site.root)
    leave(page)
    page.clock.run_for(2_000)
    expect(form(page)).to_be_hidden()
    page.evaluate("lukewarm('set', {plan: 'pro'})")
    page.clock.run_for(600)
    expect(form(page)).to_be_visible()


@pytest.mark.parametrize(
    ("width", "height", "device"), [(390, 800, "phone"), (800, 390, "phone"), (820, 1180, "tablet")]
)
def test_a_touch_screen_is_a_phone_or_a_tablet_by_its_shorter_side(
    browser: Browser, site: Site, width: int, height: int, device: str
):
    site.asks({"triggers": [{"kind": "seconds", "after": 0}], "devices": [device]})
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=True, is_mobile=True, screen={"width": width, "height": height}
    )  # fmt: skip
    assert explained(visit(context, site.root))["devices"] == "met"
    context.close()


def test_a_screen_with_a_mouse_is_a_desktop(context: BrowserContext, site: Site):
    site.asks({"triggers": [{"kind": "seconds", "after": 0}], "devices": ["desktop"]})
    assert explained(visit(context, site.root))["devices"] == "met"


def test_a_test_leaves_share_and_peace_aside_and_keeps_nothing(context: BrowserContext, site: Site):
    site.asks(EXIT)
    page = visit(context, site.root)
    leave(page)
    page.clock.run_for(600)
    form(page).get_by_role("button", name="Don’t ask again").click()
    before = stored(page)
    page.close()
    site.asks({**EXIT, "share": 0.0001}, attributes="data-test")
    page = visit(context, site.root)
    leave(page)
    page.clock.run_for(600)
    form(page).get_by_role("button", name="Ask me later").click()
    assert stored(page) == before


def test_every_rule_is_explained_with_its_verdict(context: BrowserContext, site: Site):
    site.asks(
        {
            "triggers": [{"kind": "exit"}, {"kind": "seconds", "after": 60}],
            "pages": {"include": [{"kind": "starts", "value": "/docs"}], "exclude": [{"kind": "contains", "value": "old"}]},
            "languages": ["de"],
            "attributes": [{"name": "plan", "kind": "exists"}],
        }
    )  # fmt: skip
    page = visit(context, f"{site.root}/docs/new")
    assert explained(page) == {
        "triggers/0": "not met",
        "triggers/1": "not met",
        "pages/include/0": "met",
        "pages/exclude/0": "met",
        "share": "met",
        "languages": "not met",
        "attributes/0": "not met",
        "never": "met",
        "later_days": "met",
        "again_after_days": "met",
        "rest_days": "met",
        "moment": "met",
    }


def listeners(context: BrowserContext, page: Page) -> list[str]:
    """What is listened for on the page's own objects."""
    client = context.new_cdp_session(page)
    found = []
    for what in ("window", "document", "document.documentElement", "document.body", "navigation"):
        thing = client.send("Runtime.evaluate", {"expression": what})["result"]["objectId"]
        of = client.send("DOMDebugger.getEventListeners", {"objectId": thing})["listeners"]
        found += [f"{what} {one['type']}" for one in of]
    return sorted(found)


def test_nothing_is_left_after_destroy(context: BrowserContext, site: Site):
    site.loads("data:text/javascript,window.lukewarm={ready:true}")
    without = listeners(context, visit(context, site.root))
    site.asks(EXIT)
    page = visit(context, site.root)
    assert "document.documentElement mouseleave" in set(listeners(context, page)) - set(without)
    page.evaluate("lukewarm('destroy')")
    expect(page.locator("[data-lukewarm]")).to_have_count(0)
    leave(page)
    page.clock.run_for(5_000)
    assert page.evaluate("heard") == []
    assert listeners(context, page) == without
