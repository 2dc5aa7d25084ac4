"""The main path in Firefox, and what only Firefox can be told: to keep nothing, and to say that nobody wants to be followed."""

import json
from collections.abc import Iterator

import pytest

from tests.browser.conftest import program
from tests.browser.host import Host, until
from tests.servers.faulty import Fault, Faulty
from tests.servers.firefox import Firefox

RADIO = "input[name=score][value='%d']"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    started = Firefox(program("TEST_FIREFOX"), tmp_path_factory.mktemp("firefox"))
    yield started
    started.stop()


def inside(firefox: Firefox, script: str) -> object:
    """What the function body returns with `root` as the widget's shadow root."""
    return firefox.run(f"const root = document.querySelector('[data-lukewarm]').shadowRoot; {script}")


def focused(firefox: Firefox, selector: str) -> None:
    """Waits until the selector's element has the keyboard."""
    firefox.wait(
        "return document.querySelector('[data-lukewarm]').shadowRoot.activeElement?.matches(arguments[0])", selector
    )


def test_a_passive_goes_the_whole_way(firefox: Firefox, host: Host):
    firefox.goto(host.address())
    firefox.click(".launcher")
    firefox.click(RADIO % 8)
    firefox.click("input[name=category][value=price]")
    firefox.type("#comment", "Fair – but why twice? 🙂")
    firefox.click(".send")
    focused(firefox, "#question")
    asked = inside(firefox, "return root.querySelector('#question').textContent")
    firefox.type("textarea", "It changed while I paid in Firefox")
    firefox.click(".send")
    firefox.find(".thanks")
    assert inside(firefox, "return document.cookie + localStorage.length + sessionStorage.length") == "00"
    (row,) = until(lambda: host.stored(answer="It changed while I paid in Firefox"))
    assert (row["score"], row["category"], row["comment"]) == (8, "price", "Fair – but why twice? 🙂")
    assert row["question"] == asked


def test_the_whole_way_by_keyboard_alone(firefox: Firefox, host: Host):
    firefox.goto(host.address())
    firefox.find(".launcher")
    inside(firefox, "root.querySelector('.launcher').focus()")
    firefox.press("Enter")
    focused(firefox, RADIO % 0)
    firefox.press(*["ArrowRight"] * 7)
    focused(firefox, RADIO % 7)
    firefox.press("Tab", "Tab")
    focused(firefox, "#comment")
    firefox.run("shortcuts.length = 0")
    firefox.press(*"s by keyboard")
    assert firefox.run("return shortcuts") == []
    firefox.press("Tab", "Enter")
    focused(firefox, "#question")
    firefox.press("Escape")
    focused(firefox, ".launcher")
    (row,) = until(lambda: host.stored(comment="s by keyboard"))
    assert row["score"] == 7


def test_a_dark_page_has_a_dark_form(firefox: Firefox, host: Host):
    for scheme, dark in (("dark", True), ("light", False)):
        firefox.goto(host.address("scheme.html", scheme=scheme))
        firefox.click(".launcher")
        firefox.find(RADIO % 0)
        ground = inside(firefox, "return getComputedStyle(root.querySelector('.panel')).backgroundColor")
        parts = [
            float(part) for part in str(ground).split("(")[1].rstrip(")").replace("srgb ", "").replace(",", " ").split()
        ]
        assert (max(parts[:3]) / (1 if "srgb" in str(ground) else 255) < 0.3) == dark, ground


@pytest.mark.parametrize("policy", ["nonce", "no types"])
def test_a_strict_policy_is_kept(firefox: Firefox, host: Host, policy: str):
    firefox.goto(host.address("watched.html", policy=policy))
    firefox.click(".launcher")
    firefox.click(RADIO % 9)
    firefox.click(".send")
    firefox.wait("return document.querySelector('[data-lukewarm]').shadowRoot.querySelector('#question, .thanks')")
    assert firefox.run("return violations") == []


def test_a_page_is_restored_when_its_visitor_goes_back(firefox: Firefox, host: Host):
    # A page that waits for an answer is not kept, and when the last one has come nobody tells: so it may take another visit.
    for _ in range(5):
        firefox.goto(host.address("watched.html"))
        # Not pressed: a page that Marionette clicked in is never restored, with a widget or without.
        firefox.run("lukewarm('open')")
        firefox.find(RADIO % 0)
        # What comes after the form has come.
        firefox.wait("return document.querySelector('[data-lukewarm]').shadowRoot.adoptedStyleSheets.length > 1")
        firefox.goto(host.address("second.html"))
        firefox.command("WebDriver:Back")
        if firefox.wait("return window.restored === undefined ? '' : `${window.restored}`") == "true":
            return
    pytest.fail("a page with the widget is never restored")


def test_nothing_breaks_where_all_storage_is_blocked(firefox: Firefox, host: Host, line: Faulty):
    """With cookies blocked the mere touch of `localStorage` throws."""
    firefox.prefer("network.cookie.cookieBehavior", 2)
    try:
        firefox.goto(host.address("watched.html", collector=line.root))
        thrown = firefox.run("try { return localStorage.length } catch (why) { return why.name }")
        assert thrown == "SecurityError"
        firefox.click(".launcher")
        firefox.click(RADIO % 8)
        firefox.type("#comment", "without a place to keep it")
        line.fail("/responses", Fault(), times=99)
        firefox.click(".send")
        until(lambda: line.requests("/responses"))
        firefox.wait(
            "return document.querySelector('[data-lukewarm]').shadowRoot.querySelector('[role=alert]').textContent"
        )
        line.mend()
        firefox.run("dispatchEvent(new Event('online'))")
        until(lambda: host.stored(comment="without a place to keep it"))
        assert firefox.run("return thrown") == []
    finally:
        firefox.prefer("network.cookie.cookieBehavior", 5)


def test_who_does_not_want_to_be_followed_is_not_named(firefox: Firefox, host: Host, line: Faulty):
    """Global Privacy Control: the site's own words about its visitor stay on the page."""
    for wanted in (True, False):
        firefox.prefer("privacy.globalprivacycontrol.enabled", wanted)
        firefox.goto(host.address("watched.html", collector=line.root))
        firefox.find(".launcher")
        firefox.run("lukewarm('set', {plan: 'pro'})")
        firefox.click(".launcher")
        firefox.click(RADIO % 3)
        firefox.click(".send")
        sent = until(lambda wanted=wanted: line.requests("/responses")[0 if wanted else 1 :])
        assert (json.loads(sent[0].body).get("attributes") or {}) == ({} if wanted else {"plan": "pro"})
