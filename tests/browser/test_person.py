"""The pages that a mail leads to, in a browser: the whole way from the mail to erasing everything, and for every reader."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator

from tests.browser.test_hosted import faults
from tests.mailbox.test_demo import leave_address
from tests.servers.live import Live

#: What the pages are looked at in, and the language in which the person was asked.
SETTINGS: dict[str, tuple[dict[str, Any], str]] = {
    "light": ({}, "en"),
    "dark": ({"color_scheme": "dark"}, "fi"),
    "phone": ({"viewport": {"width": 375, "height": 740}}, "de"),
    "zoomed": ({"viewport": {"width": 320, "height": 256}}, "fr"),
    "forced": ({"forced_colors": "active"}, "es"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_every_page_is_accessible_and_nothing_runs_out_of_it(
    browser: Browser, live: Live, shots: Path | None, name: str
):
    options, language = SETTINGS[name]
    mail = leave_address(live, 9100 + list(SETTINGS).index(name), f"{name}@example.org", language)
    context = browser.new_context(**options, bypass_csp=True)
    page = context.new_page()

    def look(step: str) -> None:
        if shots:
            page.screenshot(path=shots / f"person-{name}-{step}.png", full_page=True)
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), step

    def press(what: Locator) -> None:
        with page.expect_navigation():
            what.click()

    page.goto(f"{mail}/html")
    if shots:
        page.screenshot(path=shots / f"person-{name}-mail.png", full_page=True)
    answer_at = page.locator("a.area").first.get_attribute("href")
    page.goto(answer_at)
    look("question")
    press(page.locator("button"))
    look("confirm")
    press(page.locator("button"))
    look("thanks")
    press(page.locator("main a"))
    look("mine")
    press(page.locator("button.plain"))
    look("sent")
    press(page.locator("a[href$=withdraw]"))
    look("withdraw")
    press(page.locator("button"))
    page.get_by_role("radio").last.check()
    press(page.locator("button").last)
    look("never")
    context.close()
