"""Pictures of all that a visitor meets, to be looked at:

TEST_CHROMIUM=/usr/bin/chromium python -m tests.browser.screenshots FOLDER
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import FOLDER, SWITCHES, program
from tests.browser.host import Host
from tests.servers.live import Live
from tests.servers.pages import Pages

WIDE = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
SETTINGS: dict[str, dict[str, Any]] = {
    "light": WIDE,
    "dark": {**WIDE, "color_scheme": "dark"},
    "phone": PHONE,
    "phone-dark": {**PHONE, "color_scheme": "dark"},
    "right-to-left": WIDE,
    "phone-right-to-left": PHONE,
    "forced": {**WIDE, "forced_colors": "active", "color_scheme": "dark"},
}
SCALES = ("nps", "csat", "ces", "thumbs", "stars", "faces")


def main() -> None:
    """Takes them all; the names say setting, scale and step."""
    if len(sys.argv) != 2:
        sys.exit((__doc__ or "").strip())
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        live, pages = Live(Path(data)), Pages(FOLDER / "pages")
        browser = playwright.chromium.launch(executable_path=program("TEST_CHROMIUM"), args=SWITCHES)
        try:
            take(browser, Host(live, pages), folder)
        finally:
            browser.close()
            pages.stop()
            live.stop()


def take(browser: Browser, host: Host, folder: Path) -> None:
    """Every step of the NPS form in every setting, and every scale once, in every setting too."""
    for setting, options in SETTINGS.items():
        context = browser.new_context(**options, reduced_motion="reduce")
        context.add_init_script(path=FOLDER / "probe.js")
        page = context.new_page()
        words = {"language": "ar", "direction": "rtl"} if "right-to-left" in setting else {}
        for scale in SCALES:
            page.goto(host.address("shop.html", key=host.scaled(scale), **words))
            name = f"{folder}/{setting}-{scale}"
            if scale == "nps":
                walk(page, name)
            else:
                opened(page)
                page.get_by_role("dialog").get_by_role("radio").nth(1).check()
                page.screenshot(path=f"{name}.png")
        context.close()


def opened(page: Page) -> None:
    """Presses the launcher and waits for the form."""
    page.locator("[data-lukewarm] .launcher").click()
    expect(page.get_by_role("dialog").get_by_role("radio").first).to_be_visible()


def walk(page: Page, name: str) -> None:
    """From the launcher to the thanks, with a picture of each step."""
    dialog = page.get_by_role("dialog")
    expect(page.locator("[data-lukewarm] .launcher")).to_be_visible()
    page.screenshot(path=f"{name}-1-launcher.png")
    opened(page)
    page.screenshot(path=f"{name}-2-form.png")
    dialog.locator("input[name=score][value='7']").check()
    dialog.locator("input[name=category]").nth(3).check()
    page.screenshot(path=f"{name}-3-chosen.png")
    dialog.locator(".send").click()
    expect(dialog.locator("#question")).to_be_visible()
    page.screenshot(path=f"{name}-4-follow-up.png")
    dialog.locator("input[type=checkbox]").nth(1).check()
    dialog.locator(".send").click()
    expect(dialog.locator(".thanks")).to_be_visible()
    page.screenshot(path=f"{name}-5-thanks.png")


if __name__ == "__main__":
    main()
