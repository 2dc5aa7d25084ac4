"""The form as a page of its own, in a browser that runs no script: the whole way, by keyboard, and for every reader."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.looks import LOOKS, Look, look_at
from tests.servers.live import Live

COLOURS = {"wide": LOOKS["wide"], "dark": LOOKS["dark"]}
#: The site's name, the language of its visitor, and what the form is looked at in.
SETTINGS: dict[str, tuple[str, dict[str, Look]]] = {
    "plain": ("en-GB", LOOKS),
    "german": ("de-DE", {"phone": LOOKS["phone"]}),
    "yellow": ("en-GB", COLOURS),
    "black": ("en-GB", COLOURS),
    "arabic": ("ar", {"wide": Look((700, 900)), "phone": LOOKS["phone"]}),
}
#: What the owner of the site said when it was registered, and of its survey.
OWNERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "yellow": (("--scale", "nps"), ("look.accent=#ffee00",)),
    "black": ((), ("look.accent=#111111",)),
    "arabic": (("--language", "ar"), ()),
    "stars": (("--scale", "csat"), ("look.scale=stars",)),
    "faces": (("--scale", "csat"), ("look.scale=faces",)),
}


@pytest.fixture
def key(live: Live, request: pytest.FixtureRequest) -> str:
    """The demo site's; where a setting is named for its owner or its visitors, that of a site of its own."""
    demo = next(line.split()[0] for line in live.command("site", "list").splitlines() if "  Fernweh Rail  " in line)
    own = OWNERS.get(request.node.callspec.params["name"]) if hasattr(request.node, "callspec") else None
    if own is None:
        return demo
    name = f"Fernweh {request.node.callspec.params['name']}"
    made = live.command("site", "add", name, "--origin", live.root, *own[0]).strip()
    if own[1]:
        live.command("survey", "set", made, *own[1])
    return made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    yield context.new_page()
    context.close()


def fill_in(page: Page, comment: str) -> None:
    page.get_by_role("radio", name="8", exact=True).check()
    page.get_by_role("radio", name="Price").check()
    page.get_by_label("In your own words").fill(comment)
    # A person needs more than a tenth of a second.
    page.wait_for_timeout(150)
    with page.expect_navigation():
        page.get_by_role("button", name="Send").click()


def test_from_the_form_to_the_answer_and_back_without_a_script(page: Page, live: Live, key: str):
    page.goto(f"{live.root}/f/{key}?page={live.root}/demo")
    fill_in(page, "Fair, but it changed while I was paying")
    question = page.get_by_role("heading").inner_text()
    page.get_by_label("Your answer").fill("The fee at the end")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_role("heading", name="Thank you.")).to_be_visible()
    page.get_by_role("link", name="See, correct or delete it").click()
    for words in (question, "Fair, but it changed while I was paying", "The fee at the end"):
        expect(page.get_by_text(words)).to_be_visible()
    page.get_by_role("link", name="Correct it").click()
    page.get_by_label("In your own words").fill("Fair, but the fee came late")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("status")).to_have_text("Your changes are saved.")
    rows = map(json.loads, live.command("export", "--site", key, "--format", "jsonl").splitlines())
    (row,) = [row for row in rows if row["comment"] == "Fair, but the fee came late"]
    assert (row["score"], row["category"], row["page"]) == (8, "price", f"{live.root}/demo")
    assert (row["question"], row["answer"]) == (question, "The fee at the end")
    told = page.url
    page.get_by_role("link", name="Delete it").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", name="Your feedback is deleted.")).to_be_visible()
    page.goto(told)
    expect(page.get_by_role("heading", name="This link no longer works.")).to_be_visible()
    assert row["id"] not in live.command("export", "--site", key, "--format", "jsonl")


def test_the_whole_form_by_keyboard_alone(page: Page, live: Live, key: str):
    page.goto(f"{live.root}/f/{key}")
    keyboard = page.keyboard
    keyboard.press("Tab")
    expect(page.get_by_role("radio", name="0", exact=True)).to_be_focused()
    keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="1", exact=True)).to_be_checked()
    keyboard.press("Tab")
    keyboard.press("Space")
    expect(page.get_by_role("radio", name="Something is broken")).to_be_checked()
    keyboard.press("Tab")
    keyboard.type("By keyboard alone")
    page.wait_for_timeout(150)
    keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send")).to_be_focused()
    keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/r/"))


def test_a_missing_score_is_told_at_the_field_which_is_in_focus(page: Page, live: Live, key: str):
    page.goto(f"{live.root}/f/{key}")
    page.get_by_label("In your own words").fill("Kept")
    page.get_by_role("button", name="Send").click()
    group = page.get_by_role("radiogroup")
    expect(group).to_have_accessible_description(
        "0 – Not at all likely 10 – Extremely likely Please make a choice first."
    )
    expect(group).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("radio", name="0", exact=True)).to_be_focused()
    expect(page.get_by_label("In your own words")).to_have_value("Kept")
    expect(page).to_have_title("Please check what is marked. Feedback for Fernweh Rail")


@pytest.mark.parametrize("name", SETTINGS)
def test_every_page_is_accessible_and_nothing_runs_out_of_it(
    browser: Browser, live: Live, key: str, shots: Path | None, name: str
):
    locale, looks = SETTINGS[name]
    context = browser.new_context(locale=locale, bypass_csp=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    def look(step: str) -> None:
        look_at(page, shots, f"hosted-{name}-{step}", looks)

    def press(what: Locator) -> None:
        with page.expect_navigation():
            what.click()

    page.goto(f"{live.root}/f/{key}?page={live.root}/demo")
    look("form")
    press(page.locator("button"))
    look("marked")
    page.get_by_role("radio", name="7", exact=True).check()
    page.wait_for_timeout(150)
    press(page.locator("button"))
    look("question")
    page.get_by_role("checkbox").first.check()
    press(page.locator("button"))
    look("thanks")
    press(page.locator("main a").first)
    look("told")
    told = page.url
    for step in ("correct", "erase"):
        page.goto(f"{told}/{step}")
        look(step)
    press(page.locator("button"))
    look("erased")
    page.goto(told)
    look("gone")
    # The browser says of each page that is not there, or came back, that it was so.
    assert [line for line in complaints if "404" not in line and "422" not in line] == []
    context.close()


@pytest.mark.parametrize("name", ["stars", "faces"])
def test_a_drawn_scale_says_what_it_shows(
    page: Page, browser: Browser, live: Live, key: str, shots: Path | None, name: str
):
    page.goto(f"{live.root}/f/{key}")
    choices = page.get_by_role("radiogroup").get_by_role("radio")
    expect(choices).to_have_count(5)
    expect(choices.nth(3)).to_have_accessible_name("Satisfied")
    choices.nth(3).check()
    page.wait_for_timeout(150)
    page.get_by_role("button", name="Send").click()
    scripted = browser.new_page(locale="en-GB")
    scripted.goto(f"{live.root}/f/{key}")
    scripted.get_by_role("radio").nth(3).check()
    look_at(scripted, shots, f"hosted-{name}")
    scripted.close()


def test_the_pages_live_under_their_own_policy(browser: Browser, live: Live, key: str):
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{live.root}/f/{key}")
    fill_in(page, "Under a policy")
    expect(page.get_by_role("button", name="Send answer")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('main')).borderTopWidth") == "1px"
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    assert complaints == []
    context.close()
