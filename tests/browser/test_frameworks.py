"""The wrappers for React, Vue and Svelte in their example pages, on another origin than the collector's."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.servers.live import ROOT, Live

EXAMPLES = ROOT / "widget" / "frameworks" / "examples"
#: What each framework listens to on the document for as long as the page lives, whatever is on it.
OWN = {"react": ["selectionchange"], "vue": [], "svelte": ["click"]}


class Pages(SimpleHTTPRequestHandler):
    """A folder of files, under a policy that lets in the collector's scripts and no injected ones."""

    def __init__(self, *rest: object, collector: str, **named: object) -> None:
        self.policy = (
            f"default-src 'none'; script-src 'self' {collector}; connect-src {collector}; img-src data:; "
            "require-trusted-types-for 'script'"
        )
        super().__init__(*rest, **named)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *rest: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def examples(live: Live, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the built example pages are served, with a site of their own."""
    folder = tmp_path_factory.mktemp("examples")
    pages = ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, collector=live.root, directory=str(folder)))
    address = f"http://127.0.0.1:{pages.server_port}"
    key = live.command("site", "add", "Examples", "--origin", address, "--industry", "saas").strip()
    node = shutil.which("node")
    assert node, "Node builds the examples"
    environ = {**os.environ, "LUKEWARM_SRC": f"{live.root}/w/1/{key}.js"}
    subprocess.run([node, str(EXAMPLES / "build.mjs"), str(folder)], env=environ, check=True)
    thread = threading.Thread(target=pages.serve_forever)
    thread.start()
    yield address
    pages.shutdown()
    thread.join()
    pages.server_close()


def listeners(page: Page) -> dict[str, list[str]]:
    """Names of the events that something listens to, on the document and on the window."""
    devtools = page.context.new_cdp_session(page)
    found = {}
    for name in ("document", "window"):
        target = devtools.send("Runtime.evaluate", {"expression": name})["result"]["objectId"]
        heard = devtools.send("DOMDebugger.getEventListeners", {"objectId": target})["listeners"]
        found[name] = sorted(listener["type"] for listener in heard)
    devtools.detach()
    return found


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def give(page: Page, score: int) -> dict:
    """Opens the form, sends a score, and returns what was sent. The page says what the wrapper told it."""
    press(page, "Feedback")
    dialog = page.get_by_role("dialog")
    expect(page.locator("output")).to_have_text("opened")
    dialog.get_by_role("radio", name=str(score), exact=True).check()
    with page.expect_request(lambda request: request.url.endswith("/responses")) as sent:
        dialog.get_by_role("button", name="Send").click()
    expect(page.locator("output")).to_have_text(f"sent {score}")
    return json.loads(sent.value.post_data or "")


@pytest.mark.parametrize("framework", OWN)
def test_a_wrapper_opens_sends_leaves_nothing_behind_and_comes_back(
    framework: str, examples: str, live: Live, visit: Visit
):
    page = visit.page
    scripts: list[str] = []
    page.on("request", lambda request: scripts.append(request.url) if "/w/1/" in request.url else None)
    address = f"{examples}/{framework}.html"
    form = page.locator("[data-lukewarm]")

    page.goto(address)
    press(page, "Upgrade")
    assert give(page, 9)["attributes"] == {"plan": "pro"}
    press(page, "Leave")
    expect(form).to_have_count(0)
    assert listeners(page) == {"document": OWN[framework], "window": []}

    press(page, "Come back")
    assert give(page, 10)["attributes"] == {"plan": "pro"}
    expect(form).to_have_count(1)
    press(page, "Leave")
    expect(form).to_have_count(0)
    assert listeners(page) == {"document": OWN[framework], "window": []}

    rows = live.command("export", "--site", "Examples", "--format", "jsonl").splitlines()
    assert [row["score"] for row in map(json.loads, rows) if row["page"] == address] == [9, 10]
    assert len(scripts) == 1
    assert [said for said in visit.complaints if not said.startswith(("info:", "log:", "debug:"))] == []
