"""A visitor from the button to the answered follow-up, found again in the export."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.host import has_followed, what_follows
from tests.browser.looks import look_at
from tests.servers.live import Live


def exported(live: Live, **wanted: object) -> list[dict]:
    rows = map(json.loads, live.command("export", "--site", "Fernweh Rail", "--format", "jsonl").splitlines())
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


#: What is said of a body that waits on the device.
WAITS = "It waits on this device"


def open_form(page: Page, live: Live, path: str = "/demo", launcher: str = "Feedback") -> Locator:
    """The form as it stands after some seconds of thinking: the collector asks nothing of who sends within one."""
    page.clock.install()
    page.goto(f"{live.root}{path}")
    with what_follows(page):
        page.get_by_role("button", name=launcher).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("radio").first).to_be_visible()
    page.clock.fast_forward(5000)
    return dialog


def lose_first_receipt(page: Page) -> list[dict]:
    """The collector stores the first submission, the browser never hears of it. Returns the receipts so far."""
    receipts: list[dict] = []

    def pass_on(route: Route) -> None:
        reply = route.fetch()
        receipts.append(reply.json())
        if len(receipts) == 1:
            route.abort()
        else:
            route.fulfill(response=reply)

    page.route("**/responses", pass_on)
    return receipts


def test_a_passive_goes_the_whole_way_and_is_found_in_the_export(visit: Visit, live: Live):
    page = visit.page
    dialog = open_form(page, live)
    dialog.get_by_role("radio", name="8", exact=True).check()
    dialog.get_by_role("radio", name="Price").check()
    dialog.get_by_label("In your own words").fill("Fair, but the fare rose twice this week – why? 🙂")
    dialog.get_by_role("button", name="Send").click()
    question = dialog.locator("#question")
    expect(question).to_be_focused()
    asked = question.inner_text()
    dialog.get_by_label("Your answer").fill("It changed while I was paying")
    dialog.get_by_role("button", name="Send answer").click()
    expect(page.get_by_role("status")).to_have_text("Thank you.")
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    (row,) = exported(live, comment="Fair, but the fare rose twice this week – why? 🙂")
    assert (row["score"], row["segment"], row["category"]) == (8, "passive", "price")
    assert row["page"] == f"{live.root}/demo"
    assert row["question"] == asked
    assert row["question_why"].startswith("Score 8 is passive on NPS")
    assert row["follow_up_state"] == "answered"
    assert row["answer"] == "It changed while I was paying"
    assert visit.complaints == []


def test_the_whole_way_by_keyboard_alone(visit: Visit, live: Live):
    page = visit.page
    page.clock.install()
    page.goto(f"{live.root}/demo")
    launcher = page.get_by_role("button", name="Feedback")
    expect(launcher).to_be_visible()
    launcher.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("radio").first).to_be_focused()
    page.clock.fast_forward(5000)
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("radio", name="7", exact=True)).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(dialog.get_by_label("In your own words")).to_be_focused()
    page.keyboard.type("keyboard only")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog.locator("#question")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(launcher).to_be_focused()
    (row,) = exported(live, comment="keyboard only")
    assert (row["score"], row["follow_up_state"]) == (7, "offered")
    assert visit.complaints == []


def test_a_silent_passive_taps_an_area_in_german(visit: Visit, live: Live):
    page = visit.page
    dialog = open_form(page, live, "/demo?language=de")
    expect(dialog).to_have_accessible_name("Ihr Feedback")
    dialog.get_by_role("radio", name="7", exact=True).check()
    dialog.get_by_role("button", name="Senden").click()
    expect(dialog.locator("#question")).to_be_visible()
    areas = dialog.get_by_role("checkbox")
    assert 2 <= areas.count() <= 7
    areas.nth(1).check()
    dialog.get_by_role("button", name="Antwort senden").click()
    expect(page.get_by_role("status")).to_have_text("Vielen Dank.")
    row = exported(live, language="de")[-1]
    assert row["answer_areas"] == [row["offered_areas"][1]]
    assert visit.complaints == []


def test_a_lost_connection_loses_nothing_and_stores_once(visit: Visit, context: BrowserContext, live: Live):
    page = visit.page
    dialog = open_form(page, live)
    dialog.get_by_role("radio", name="9", exact=True).check()
    dialog.get_by_label("In your own words").fill("sent twice")
    context.set_offline(True)
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert")).to_contain_text(WAITS)
    expect(dialog.get_by_label("In your own words")).to_have_value("sent twice")
    # Nobody has to press again.
    context.set_offline(False)
    expect(dialog.locator("#question")).to_be_visible()
    assert len(exported(live, comment="sent twice")) == 1
    assert page.evaluate("localStorage.length") == 0


def test_an_answer_lost_on_the_way_back_is_stored_once(visit: Visit, live: Live):
    """The collector stored it, the browser never heard: the second press must get the same receipt."""
    page = visit.page
    dialog = open_form(page, live)
    receipts = lose_first_receipt(page)
    dialog.get_by_role("radio", name="8", exact=True).check()
    dialog.get_by_label("In your own words").fill("heard too late")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert")).to_contain_text(WAITS)
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.locator("#question")).to_have_text(receipts[0]["follow_up"]["question"])
    assert len(exported(live, comment="heard too late")) == 1


def test_a_lost_receipt_and_then_another_page_is_stored_once(visit: Visit, live: Live):
    """A router may go on between the two presses: the response belongs to the page where its form was begun."""
    page = visit.page
    dialog = open_form(page, live)
    receipts = lose_first_receipt(page)
    dialog.get_by_role("radio", name="8", exact=True).check()
    dialog.get_by_label("In your own words").fill("began on the demo")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert")).to_contain_text(WAITS)
    page.evaluate("history.pushState(null, '', '/elsewhere')")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.locator("#question")).to_have_text(receipts[0]["follow_up"]["question"])
    (row,) = exported(live, comment="began on the demo")
    assert row["page"] == f"{live.root}/demo"


def test_a_page_that_moves_on_before_the_press_is_the_one_the_form_was_begun_on(visit: Visit, live: Live):
    page = visit.page
    dialog = open_form(page, live)
    dialog.get_by_role("radio", name="8", exact=True).check()
    dialog.get_by_label("In your own words").fill("moved on early")
    page.evaluate("history.pushState(null, '', '/elsewhere')")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.locator("#question")).to_be_visible()
    (row,) = exported(live, comment="moved on early")
    assert row["page"] == f"{live.root}/demo"


def test_a_lost_receipt_and_then_other_words_is_stored_once(visit: Visit, live: Live):
    """The collector has the first words already: the other ones amend the same response."""
    page = visit.page
    dialog = open_form(page, live)
    receipts = lose_first_receipt(page)
    words = dialog.get_by_label("In your own words")
    words.fill("the first words")
    dialog.get_by_role("radio", name="7", exact=True).check()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text(WAITS)
    words.fill("other words")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.locator("#question")).to_have_text(receipts[0]["follow_up"]["question"])
    assert len(exported(live, comment="other words")) == 1
    assert exported(live, comment="the first words") == []


def test_a_score_that_was_left_is_kept_without_the_words_and_finished_later(visit: Visit, live: Live):
    page = visit.page
    dialog = open_form(page, live)
    dialog.get_by_role("radio", name="7", exact=True).check()
    dialog.get_by_role("radio", name="Speed").check()
    dialog.get_by_label("In your own words").fill("finished later")
    before = len(exported(live))
    has_followed(page)
    with page.expect_response("**/responses"):
        page.keyboard.press("Escape")
    (*_, row) = exported(live)
    assert len(exported(live)) == before + 1
    assert (row["score"], row["category"], row["comment"], row["partial"]) == (7, "performance", "", True)
    page.get_by_role("button", name="Feedback").click()
    dialog.get_by_role("radio", name="8", exact=True).check()
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.locator("#question")).to_be_visible()
    assert len(exported(live)) == before + 1
    (finished,) = exported(live, comment="finished later")
    assert (finished["id"], finished["score"], finished["partial"]) == (row["id"], 8, False)


def test_what_waits_on_the_device_is_sent_from_the_next_page(visit: Visit, context: BrowserContext, live: Live):
    page = visit.page
    dialog = open_form(page, live)
    dialog.get_by_role("radio", name="9", exact=True).check()
    dialog.get_by_label("In your own words").fill("sent from the next page")
    context.set_offline(True)
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert")).to_contain_text(WAITS)
    page.goto("about:blank")
    context.set_offline(False)
    with page.expect_response("**/responses"):
        page.goto(f"{live.root}/demo")
    expect(page.get_by_role("button", name="Feedback")).to_be_visible()
    page.wait_for_function("localStorage.length === 0")
    assert len(exported(live, comment="sent from the next page")) == 1


def test_what_was_refused_may_be_changed_and_is_sent_anew(visit: Visit, live: Live):
    page = visit.page
    dialog = open_form(page, live)
    problem = {"title": "Some of what was sent is not valid", "detail": "The comment is not for us.", "status": 422}
    page.route(
        "**/responses",
        lambda route: route.fulfill(status=422, content_type="application/problem+json", body=json.dumps(problem)),
        times=1,
    )
    dialog.get_by_role("radio", name="7", exact=True).check()
    words = dialog.get_by_label("In your own words")
    words.fill("words that are refused")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert")).to_contain_text("The site could not take this")
    assert any(problem["title"] in said and problem["detail"] in said for said in visit.complaints)
    dialog.get_by_role("radio", name="9", exact=True).check()
    words.fill("words that are taken")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.locator("#question")).to_be_visible()
    (row,) = exported(live, comment="words that are taken")
    assert row["score"] == 9
    assert exported(live, comment="words that are refused") == []


@pytest.mark.parametrize("how", ["dropped", "unavailable", "not JSON"])
def test_a_survey_that_does_not_come_costs_no_launcher(visit: Visit, live: Live, how: str):
    page = visit.page
    page.goto(f"{live.root}/demo")

    def fail(route: Route) -> None:
        if how == "dropped":
            route.abort()
        else:
            route.fulfill(status=503 if how == "unavailable" else 200, body="<p>Please wait</p>")

    page.route("**/survey?*", fail)
    launcher = page.get_by_role("button", name="Feedback")
    with page.expect_event("requestfailed" if how == "dropped" else "requestfinished"):
        launcher.hover()
    with page.expect_console_message(lambda message: "no survey yet" in message.text):
        launcher.click()
    expect(launcher).to_be_focused()
    expect(launcher).to_have_attribute("aria-busy", "false")
    page.unroute("**/survey?*")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("radio").first).to_be_focused()


def test_a_survey_that_does_not_come_on_a_mere_hover_comes_on_the_press(visit: Visit, live: Live):
    page = visit.page
    page.goto(f"{live.root}/demo")
    launcher = page.get_by_role("button", name="Feedback")
    page.route("**/survey?*", lambda route: route.abort(), times=1)
    with page.expect_event("requestfailed"):
        launcher.hover()
    expect(launcher).to_be_visible()
    launcher.click()
    expect(page.get_by_role("dialog").get_by_role("radio").first).to_be_visible()


def test_a_refused_survey_takes_the_launcher_away_and_says_why(visit: Visit, live: Live):
    page = visit.page
    page.goto(f"{live.root}/demo")
    problem = {"title": "This origin may not submit to the site", "detail": "Run lukewarm site origins.", "status": 403}
    page.route(
        "**/survey?*",
        lambda route: route.fulfill(status=403, content_type="application/problem+json", body=json.dumps(problem)),
    )
    launcher = page.get_by_role("button", name="Feedback")
    launcher.hover()
    expect(launcher).to_have_count(0)
    assert any(problem["title"] in said and problem["detail"] in said for said in visit.complaints)


def test_an_open_panel_comes_back_after_a_router_replaced_the_body(visit: Visit, live: Live):
    page = visit.page
    dialog = open_form(page, live)
    dialog.get_by_role("radio", name="8", exact=True).check()
    dialog.get_by_label("In your own words").fill("typed before the route")
    page.evaluate("document.body.replaceWith(document.createElement('body'))")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("In your own words")).to_have_value("typed before the route")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.locator("#question")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Feedback")).to_be_focused()
    assert len(exported(live, comment="typed before the route")) == 1
    assert visit.complaints == []


def test_a_modal_dialog_of_the_page_takes_the_form_in_and_gives_it_back(visit: Visit, live: Live):
    page = visit.page
    page.goto(f"{live.root}/demo")
    expect(page.get_by_role("button", name="Feedback")).to_be_visible()
    page.evaluate(
        "document.body.append(document.createElement('dialog')); document.querySelector('dialog').showModal()"
    )
    page.evaluate("lukewarm('open')")
    form = page.locator("[data-lukewarm]").get_by_role("dialog")
    form.get_by_role("radio", name="8", exact=True).check()
    page.evaluate("document.querySelector('dialog').close()")
    expect(form.get_by_role("radio", name="8", exact=True)).to_be_checked()
    expect(form).to_be_visible()
    assert visit.complaints == []


@pytest.mark.parametrize("body", ["<p>Log in to the hotel's network</p>", "{}", "null"])
def test_an_answer_counts_only_when_the_collector_says_so(visit: Visit, live: Live, body: str):
    page = visit.page
    dialog = open_form(page, live)
    said = f"behind {body}"
    dialog.get_by_role("radio", name="8", exact=True).check()
    dialog.get_by_role("radio", name="Price").check()
    dialog.get_by_label("In your own words").fill(said)
    dialog.get_by_role("button", name="Send").click()
    answer = dialog.get_by_label("Your answer")
    answer.fill("kept until it is stored")
    page.route("**/follow-ups/*", lambda route: route.fulfill(status=200, body=body), times=1)
    dialog.get_by_role("button", name="Send answer").click()
    expect(dialog.get_by_role("alert")).to_contain_text(WAITS)
    expect(answer).to_have_value("kept until it is stored")
    dialog.get_by_role("button", name="Send answer").click()
    expect(page.get_by_role("status")).to_have_text("Thank you.")
    (row,) = exported(live, comment=said)
    assert (row["follow_up_state"], row["answer"]) == ("answered", "kept until it is stored")


def test_sending_without_a_number_says_so_and_keeps_the_words(visit: Visit, live: Live):
    page = visit.page
    dialog = open_form(page, live)
    dialog.get_by_label("In your own words").fill("no number")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert")).to_have_text("Please make a choice first.")
    expect(dialog.get_by_role("radio").first).to_be_focused()
    expect(dialog.get_by_label("In your own words")).to_have_value("no number")
    assert exported(live, comment="no number") == []


def test_a_closed_survey_leaves_the_page_alone_and_tells_the_console(visit: Visit, live: Live):
    live.command("survey", "close", "Fernweh Rail")
    try:
        visit.page.goto(f"{live.root}/demo")
        launcher = visit.page.get_by_role("button", name="Feedback")
        launcher.click()
        expect(launcher).to_be_hidden()
        assert any("lukewarm" in complaint for complaint in visit.complaints)
        assert visit.page.get_by_role("heading", level=1).is_visible()
    finally:
        live.command("survey", "open", "Fernweh Rail")


def test_no_cookie_no_storage_no_style_attribute_and_no_foreign_request(
    visit: Visit, context: BrowserContext, live: Live
):
    page = visit.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    dialog = open_form(page, live)
    dialog.get_by_role("radio", name="10", exact=True).check()
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.locator("#question")).to_be_visible()
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.locator("[style]").count() == 0
    assert {url.split("/")[2] for url in asked} == {live.root.split("/")[2]}
    assert visit.complaints == []


def test_every_step_is_accessible_and_fits(browser: Browser, live: Live, shots: Path | None):
    context = browser.new_context(reduced_motion="reduce")
    visit = Visit(context.new_page())
    page = visit.page

    def look(step: str) -> None:
        look_at(page, shots, step)

    page.goto(f"{live.root}/demo")
    expect(page.get_by_role("button", name="Feedback")).to_be_visible()
    look("1-launcher")
    dialog = open_form(page, live)
    look("2-form")
    dialog.get_by_role("radio", name="7", exact=True).check()
    dialog.get_by_role("radio", name="Ease of use").check()
    look("3-filled")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.locator("#question")).to_be_visible()
    look("4-follow-up")
    dialog.get_by_role("checkbox").nth(1).check()
    dialog.get_by_role("button", name="Send answer").click()
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    look("5-thanks")
    assert visit.complaints == []
    context.close()


@pytest.mark.parametrize("path", ["/", "/nowhere", "/problems/validation-failed"])
def test_our_own_pages_are_accessible(visit: Visit, live: Live, shots: Path | None, path: str):
    visit.page.goto(f"{live.root}{path}")
    look_at(visit.page, shots, f"page-{path.strip('/').replace('/', '-') or 'start'}")
