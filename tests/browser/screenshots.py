"""Pictures of all that a visitor meets, to be looked at, and the one on the front page (docs/form.png):

TEST_CHROMIUM=/usr/bin/chromium python -m tests.browser.screenshots FOLDER
"""

import base64
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
#: The front page's picture: a wide screen by day beside a phone by night.
FRONT = """<body style="margin: 0; padding: 44px; display: flex; gap: 36px; align-items: center; background: #e8eeec">
<style>img { display: block; border-radius: 14px; box-shadow: 0 2px 6px #0a201c30, 0 18px 44px #0a201c40 }</style>
%s</body>"""
SCALES = ("nps", "csat", "ces", "thumbs", "stars", "faces")


def main() -> None:
    """Takes them all; the names say setting, scale and step."""
    if len(sys.argv) != 2:
        sys.exit((__doc__ or "").strip())
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        live, pages = Live(Path(data), "--demo"), Pages(FOLDER / "pages")
        browser = playwright.chromium.launch(executable_path=program("TEST_CHROMIUM"), args=SWITCHES)
        try:
            front(browser, live, folder / "form.png")
            take(browser, Host(live, pages), folder)
        finally:
            browser.close()
            pages.stop()
            live.stop()


def front(browser: Browser, live: Live, file: Path) -> None:
    """The form on the demo's page, filled in, on a wide screen; on a phone, the question that follows."""
    shown = []
    for setting, width in (("light", 1000), ("phone-dark", 289)):
        context = browser.new_context(**{**SETTINGS[setting], "device_scale_factor": 2}, reduced_motion="reduce")
        page = context.new_page()
        page.goto(f"{live.root}/demo")
        opened(page)
        dialog = page.get_by_role("dialog")
        dialog.locator("input[name=score][value='7']").check()
        dialog.locator("input[name=category]").nth(3).check()
        if setting == "light":
            dialog.locator("textarea").fill("The berth was lovely. I had to enter my name three times.")
        else:
            dialog.locator(".send").click()
            dialog.locator("input[type=checkbox]").nth(1).check()
            page.evaluate("scrollTo(0, 150)")
        dialog.locator("textarea").blur()
        picture = base64.b64encode(page.screenshot(animations="disabled")).decode()
        shown.append(f'<img width="{width}" src="data:image/png;base64,{picture}">')
        context.close()
    page = browser.new_page(viewport={"width": 1413, "height": 713})
    page.set_content(FRONT % "".join(shown))
    page.screenshot(path=file)
    page.close()


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
