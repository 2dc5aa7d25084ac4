"""The site that the browser tests visit: registered with the collector, its pages served from another origin."""

import json
import time
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from collector.db import Database
from collector.sites.queries import site_called
from collector.surveys.actions import set_open, set_widget
from collector.surveys.queries import surveys_of
from collector.surveys.schemas import read_widget_settings
from tests.make import make_key, make_site
from tests.servers.live import Live
from tests.servers.pages import Pages

T = TypeVar("T")

#: Sites by the scale that they ask on; names as they look well in a question.
_NAMES = {
    "nps": "Harbour Books",
    "csat": "Elm Street Cinema",
    "ces": "Northern Ferries",
    "thumbs": "Kettle & Co",
    "stars": "Lantern Hotel",
    "faces": "Corner Bakery",
}

_TAG = '<script async crossorigin nonce="{{nonce}}" src="{{collector}}/w/1/%s.js"%s></script>'
#: The site's own script, the same on trial, the one for all sites, and a page without.
TAGS = {
    "site": _TAG % ("{{key}}", ""),
    "trial": _TAG % ("{{key}}", " data-test"),
    "shared": _TAG % ("widget", ' data-site="{{key}}"'),
    "none": "",
}


def until(found: Callable[[], T]) -> T:
    """What `found` returns once it is something. Raises `TimeoutError` after a minute."""
    end = time.monotonic() + 60
    while not (something := found()):
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)
    return something


class Host:
    """Pages and collector. `key` is the key of the site, an NPS survey in English."""

    def __init__(self, live: Live, pages: Pages) -> None:
        self.live = live
        self.pages = pages
        self._scaled: dict[str, str] = {}
        self._database = Database(f"sqlite:///{Path(live.environ['LUKEWARM_DATA_DIR']) / 'lukewarm.db'}")
        with self._database.writing() as tx:
            self._secret = make_key(tx, "exports:read")
        self.key = self.site("Host pages")
        pages.words |= {"collector": live.root, "key": self.key}
        pages.tags |= TAGS

    def site(self, name: str, widget: dict[str, Any] | None = None, **parts: Any) -> str:
        """The key of one more site on the same pages; `widget` are settings of its survey's form."""
        with self._database.writing() as tx:
            site = make_site(tx, name=name, **{"origins": (self.pages.root,), "industry": "saas", **parts})
            if widget:
                set_widget(tx, surveys_of(tx, site.id)[0], read_widget_settings(widget))
        return site.key

    def scaled(self, scale: str) -> str:
        """The key of a site whose survey has the scale, or draws it so, and speaks English, German and Arabic."""
        if scale not in self._scaled:
            drawn = scale in ("stars", "faces")
            settings = {"languages": ["en", "de", "ar"], **({"look": {"scale": scale}} if drawn else {})}
            self._scaled[scale] = self.site(_NAMES[scale], settings, scale="csat" if drawn else scale)
        return self._scaled[scale]

    def close(self, key: str) -> None:
        """Closes the survey of a site."""
        with self._database.writing() as tx:
            set_open(tx, surveys_of(tx, site_called(tx, key).id)[0], False)

    def address(self, page: str = "plain.html", **words: str) -> str:
        """The address of a host page; see `Pages` for the words."""
        return f"{self.pages.root}/{page}{'?' if words else ''}{urlencode(words)}"

    def stored(self, **wanted: object) -> list[dict[str, Any]]:
        """The rows of the export that have these values, oldest first."""
        asked = urllib.request.Request(f"{self.live.root}/api/exports/responses.jsonl")
        asked.add_header("Authorization", f"Bearer {self._secret}")
        with urllib.request.urlopen(asked, timeout=20) as answer:
            rows = [json.loads(line) for line in answer]
        return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def what_follows(page: Page) -> AbstractContextManager[object]:
    """Waits for the whole of the part that comes after the form: a connection that goes then takes none of it."""
    return page.expect_request_finished(lambda request: "/after." in request.url)


def has_followed(page: Page) -> None:
    """Waits until the part that comes after the form is at work: a picked score is kept from then on."""
    page.wait_for_function("document.querySelector('[data-lukewarm]').shadowRoot.adoptedStyleSheets.length > 1")


class Form:
    """The widget as a visitor of the page sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.get_by_role("button", name="Feedback")
        self.dialog = page.get_by_role("dialog", name="Your feedback")
        self.comment = self.dialog.get_by_label("In your own words")
        self.question = self.dialog.locator("#question")
        self.send = self.dialog.get_by_role("button", name="Send", exact=True)
        self.alert = self.dialog.get_by_role("alert")

    def open(self) -> Locator:
        """Presses the launcher and waits for the form."""
        self.launcher.click()
        expect(self.score(0)).to_be_visible()
        return self.dialog

    def press(self) -> None:
        """Presses once where the launcher is. It may be gone by then: a pointer that comes near makes it ask for its settings,
        and without any it leaves."""
        box = self.launcher.bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def score(self, number: int) -> Locator:
        """The radio of a score."""
        return self.dialog.get_by_role("radio", name=str(number), exact=True)

    def fill(self, number: int, words: str = "") -> None:
        """A score, and words if there are any."""
        self.score(number).check()
        if words:
            self.comment.fill(words)

    def seen(self, what: str) -> Any:
        """What the probe has seen: see probe.js."""
        return self.page.evaluate(f"seen.{what}")
