"""The wrappers for React, Vue and Svelte in their example pages, on another origin than the collector's."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.servers.live import Live

EXAMPLES = Path(__file__).resolve().parents[2] / "widget" / "frameworks" / "examples"
#: What each framework listens to on the document for as long as the page lives, whatever is on it.
OWN = {"react": ["selectionchange"], "vue": [], "svelte": ["click"]}


class Pages(SimpleHTTPRequestHandler):
    """A folder of files, under a policy that names the collector, or in `strict/` trusts a nonce and what it brings in.
    Under both, no page may hand text to a script element."""

    def __init__(self, *rest: object, collector: str, **named: object) -> None:
        self.collector = collector
        super().__init__(*rest, **named)

    def end_headers(self) -> None:
        strict = self.path.startswith("/strict/")
        scripts = "'nonce-example' 'strict-dynamic'" if strict else f"'self' {self.collector}"
        policy = f"default-src 'none'; script-src {scripts}; connect-src {self.collector}; img-src data:"
        self.send_header("Content-Security-Policy", f"{policy}; require-trusted-types-for 'script'")
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
    (folder / "strict").mkdir()
    for page in folder.glob("*.html"):
        nonced = page.read_text("utf-8").replace('src="', 'nonce="example" src="../')
        (folder / "strict" / page.name).write_text(nonced, "utf-8")
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


def unpleasant(visit: Visit) -> list[str]:
    """What the console says, without the frameworks' friendly words about development."""
    return [said for said in visit.complaints if not said.startswith(("info:", "log:", "debug:"))]


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
    press(page, "Sign out")
    assert give(page, 9).get("attributes", {}) == {}
    press(page, "Leave")
    expect(form).to_have_count(0)
    assert listeners(page) == {"document": OWN[framework], "window": []}

    press(page, "Upgrade")
    press(page, "Come back")
    assert give(page, 10)["attributes"] == {"plan": "pro"}
    expect(form).to_have_count(1)
    press(page, "Leave")
    expect(form).to_have_count(0)
    assert listeners(page) == {"document": OWN[framework], "window": []}

    rows = live.command("export", "--site", "Examples", "--format", "jsonl").splitlines()
    assert [row["score"] for row in map(json.loads, rows) if row["page"] == address] == [9, 10]
    assert len(set(scripts)) == len(scripts) == 2, "the site's own and what comes after the form, each once"
    assert unpleasant(visit) == []


@pytest.mark.parametrize("framework", OWN)
def test_a_wrapper_brings_the_script_in_where_only_a_nonce_is_trusted(framework: str, examples: str, visit: Visit):
    visit.page.goto(f"{examples}/strict/{framework}.html")
    expect(visit.page.get_by_role("button", name="Feedback", exact=True)).to_be_visible()
    assert unpleasant(visit) == []
