"""The pages that a mail leads to, in a browser: the whole way from the mail to erasing everything, and for every reader."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator

from tests.browser.looks import LOOKS, Look, look_at
from tests.mailbox.test_demo import leave_address
from tests.servers.live import Live

NARROW = {name: LOOKS[name] for name in ("phone", "enlarged")}
#: The language in which the person was asked, and what the pages are looked at in.
SETTINGS: dict[str, dict[str, Look]] = {"en": LOOKS, "fi": NARROW, "de": NARROW, "fr": NARROW, "es": NARROW}


@pytest.mark.parametrize("language", SETTINGS)
def test_every_page_is_accessible_and_nothing_runs_out_of_it(
    browser: Browser, live: Live, shots: Path | None, language: str
):
    mail = leave_address(live, 9100 + list(SETTINGS).index(language), f"{language}@example.org", language)
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()

    def look(step: str) -> None:
        look_at(page, shots, f"person-{language}-{step}", SETTINGS[language])

    def press(what: Locator) -> None:
        with page.expect_navigation():
            what.click()

    page.goto(f"{mail}/html")
    if shots:
        page.screenshot(path=shots / f"person-{language}-mail.png", full_page=True)
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
