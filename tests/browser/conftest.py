"""A real browser against a real collector and a site on another origin, each a server of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browser.host import Host
from tests.servers.faulty import Faulty
from tests.servers.live import Live
from tests.servers.pages import Pages

FOLDER = Path(__file__).parent

# How long something takes says nothing on a busy machine; that it comes does.
expect.set_options(timeout=30_000)

SWITCHES = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
# Chromium refuses to run sandboxed as root; only the tests' own pages are opened.
SWITCHES += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def program(name: str) -> str:
    """The path in the environment variable `name`."""
    path = os.environ.get(name)
    if not path:
        raise RuntimeError(f"{name} must name a browser; 'python3 dev.py test' sets it")
    return path


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium, without its windows where there is such a one."""
    shell = os.environ.get("TEST_CHROMIUM_SHELL") or program("TEST_CHROMIUM")
    opened = playwright.chromium.launch(executable_path=shell, args=SWITCHES)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The collector with its demo, as `dev.py run` starts it."""
    collector = Live(tmp_path_factory.mktemp("live"), "--demo")
    yield collector
    collector.stop()


@pytest.fixture(scope="session")
def pages() -> Iterator[Pages]:
    """The server of the host pages."""
    serving = Pages(FOLDER / "pages")
    yield serving
    serving.stop()


@pytest.fixture(scope="session")
def host(live: Live, pages: Pages) -> Host:
    """A site whose pages carry the widget of the collector."""
    return Host(live, pages)


@pytest.fixture
def line(live: Live, host: Host) -> Iterator[Faulty]:
    """A bad line to the collector; pages asked for with it load the widget through it."""
    between = Faulty(live.port)
    yield between
    between.stop()


class Visit:
    """One visitor's page, with what the browser complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))


def new_context(browser: Browser) -> BrowserContext:
    """A visitor's browser with nothing in it."""
    opened = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    opened.set_default_timeout(30_000)
    return opened


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = new_context(browser)
    yield opened
    opened.close()


@pytest.fixture
def visit(context: BrowserContext) -> Visit:
    return Visit(context.new_page())


@pytest.fixture
def probed(context: BrowserContext) -> None:
    """The probe runs on every page before the page's own scripts."""
    context.add_init_script(path=FOLDER / "probe.js")


@pytest.fixture
def shots() -> Path | None:
    """Where screenshots go when SCREENSHOTS names a folder."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder) if folder else None
