"""What was sent without a connection and left with the page: the next page of the site sends it, once, whoever comes to it."""

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Visit
from tests.browser.host import Form, Host
from tests.browser.test_sending import QUEUE, UNTIL_EMPTY, WAITS
from tests.servers.faulty import Fault, Faulty

pytestmark = pytest.mark.usefixtures("probed")

NOTHING_LEFT = "localStorage.getItem('lukewarm') === null"


def ready(context: BrowserContext, address: str) -> Page:
    """A page on which the form is made and nobody has opened it yet."""
    page = context.new_page()
    page.goto(address)
    # The script for all sites asks for its settings when a pointer comes near.
    Form(page).launcher.hover()
    expect(page.locator("[data-lukewarm] [name=score]").first).to_be_attached()
    # The core looks at the device once the page is idle, and these come in their order: what is put there from now on
    # brings no part to this page. Where nothing is drawn Chromium may hold them back.
    page.evaluate(
        "async () => { let is = false; requestIdleCallback(() => { is = true });"
        " while (!is) await new Promise(requestAnimationFrame) }"
    )
    return page


def press(page: Page, *words: str) -> Page:
    """Opens the form without a connection and sends each of the words in turn."""
    form = Form(page)
    form.open()
    for said in words:
        form.fill(8, said)
        form.send.click()
        expect(form.alert).to_contain_text("Your words are still here")
        form.alert.evaluate("(line) => { line.textContent = '' }")
    return page


def pressed_in_a_tunnel(context: BrowserContext, address: str, *words: str) -> Page:
    """A page that was there before the connection went, on which the form was opened and sent without one."""
    page = ready(context, address)
    context.set_offline(True)
    return press(page, *words)


@pytest.mark.parametrize("tag", ["site", "shared"])
def test_a_form_opened_and_sent_without_a_connection_is_sent_from_the_next_page(
    context: BrowserContext, host: Host, tag: str
):
    """The part that sends could never be fetched."""
    words = f"left with the page under the {tag} script"
    key = host.site(f"Tunnel {tag}")
    pressed_in_a_tunnel(context, host.address(tag=tag, key=key), words).close()
    assert host.stored(comment=words) == []
    context.set_offline(False)
    later = context.new_page()
    later.goto(host.address("long.html", tag=tag, key=key))
    later.wait_for_function(NOTHING_LEFT)
    (row,) = host.stored(comment=words)
    assert (row["score"], row["page"]) == (8, f"{host.pages.root}/plain.html")


def test_words_that_were_changed_without_a_connection_are_one_response_with_the_last_of_them(
    context: BrowserContext, host: Host
):
    page = pressed_in_a_tunnel(context, host.address(), "said at first", "said in the end")
    page.close()
    context.set_offline(False)
    later = context.new_page()
    later.goto(host.address())
    later.wait_for_function(NOTHING_LEFT)
    assert len(host.stored(comment="said in the end")) == 1
    assert host.stored(comment="said at first") == []


def test_two_forms_that_were_left_are_two_responses_beside_what_waits_already(
    context: BrowserContext, host: Host, line: Faulty
):
    pages = [ready(context, host.address()) for _ in range(2)]
    waiting(context, host, line, "waited before")
    context.set_offline(True)
    for page, words in zip(pages, ("one form", "another form"), strict=True):
        press(page, words).close()
    context.set_offline(False)
    later = context.new_page()
    later.goto(host.address())
    later.wait_for_function(NOTHING_LEFT)
    for words in ("waited before", "one form", "another form"):
        assert len(host.stored(comment=words)) == 1


def test_a_page_that_stays_and_one_that_comes_send_the_same_response(context: BrowserContext, host: Host):
    words = "sent from two places"
    page = pressed_in_a_tunnel(context, host.address(), words)
    later = context.new_page()
    context.set_offline(False)
    later.goto(host.address())
    later.wait_for_function(NOTHING_LEFT)
    expect(Form(page).question).to_be_visible()
    page.wait_for_function(NOTHING_LEFT)
    assert len(host.stored(comment=words)) == 1


def test_what_was_pressed_on_trial_is_never_sent(context: BrowserContext, host: Host):
    page = pressed_in_a_tunnel(context, host.address(tag="trial"), "only tried")
    page.close()
    context.set_offline(False)
    later = context.new_page()
    later.goto(host.address())
    Form(later).open()
    Form(later).fill(6, "meant")
    Form(later).send.click()
    # Whatever waited has been looked at with it.
    later.wait_for_function(NOTHING_LEFT)
    assert len(host.stored(comment="meant")) == 1
    assert host.stored(comment="only tried") == []


def test_where_storage_is_blocked_a_press_without_a_connection_throws_nothing_and_keeps_the_words(
    visit: Visit, context: BrowserContext, host: Host
):
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('blocked', 'SecurityError') }})"
    )
    page = pressed_in_a_tunnel(context, host.address(), "nowhere to wait")
    context.set_offline(False)
    expect(Form(page).question).to_be_visible()
    assert len(host.stored(comment="nowhere to wait")) == 1
    assert visit.complaints == []


def waiting(context: BrowserContext, host: Host, line: Faulty, words: str) -> str:
    """Leaves words on the device whose sending failed, and returns the address of a page that would send them."""
    address = host.address(collector=line.root)
    page = context.new_page()
    line.fail("/responses", Fault(), times=99)
    page.goto(address)
    Form(page).open()
    Form(page).fill(7, words)
    Form(page).send.click()
    expect(page.get_by_text(WAITS)).to_be_visible()
    page.close()
    line.mend()
    return address


def test_what_waits_is_sent_from_a_page_that_is_never_idle(context: BrowserContext, host: Host, line: Faulty):
    address = waiting(context, host, line, "for a page with much to do")
    busy = context.new_page()
    busy.add_init_script(
        "const {port1, port2} = new MessageChannel();"
        " port1.onmessage = () => { const end = Date.now() + 20; while (Date.now() < end); port2.postMessage(0) };"
        " port2.postMessage(0)"
    )
    busy.goto(address)
    busy.wait_for_function(UNTIL_EMPTY)
    assert len(host.stored(comment="for a page with much to do")) == 1


def posts(line: Faulty, words: str) -> list[Any]:
    """What was posted with the words."""
    return [asked for asked in line.requests("/responses") if words in asked.body.decode()]


@pytest.mark.parametrize("locks", [True, False])
def test_two_tabs_that_come_to_what_waits_at_once_store_it_once(
    context: BrowserContext, host: Host, line: Faulty, locks: bool
):
    words = f"for two tabs at once, locks: {locks}"
    if not locks:
        context.add_init_script("Object.defineProperty(Navigator.prototype, 'locks', {value: undefined})")
    address = waiting(context, host, line, words)
    tabs = [context.new_page() for _ in range(3)]
    for tab in tabs:
        tab.goto(address, wait_until="commit")
    for tab in tabs:
        tab.wait_for_function(UNTIL_EMPTY)
    assert len(host.stored(comment=words)) == 1


def test_a_tab_leaves_what_waits_to_the_one_that_is_sending_it(context: BrowserContext, host: Host, line: Faulty):
    words = "another tab has it in hand"
    address = waiting(context, host, line, words)
    sent = len(posts(line, words))
    other = context.new_page()
    other.goto(host.address("second.html", tag="none"))
    other.evaluate(
        "() => new Promise((held) => navigator.locks.request('lukewarm', () => new Promise((go) => { held(); free = go })))"
    )
    tab = context.new_page()
    with tab.expect_response("**/after.*"):
        tab.goto(address)
    tab.wait_for_function("document.querySelector('[data-lukewarm]').shadowRoot.adoptedStyleSheets.length > 1")
    # Requests for one lock are answered in their order, so that the widget has had its answer by then.
    assert tab.evaluate("navigator.locks.request('lukewarm', {ifAvailable: true}, (lock) => !lock)")
    assert len(posts(line, words)) == sent
    assert [json.loads(entry["body"])["comment"] for entry in tab.evaluate(QUEUE)] == [words]
    other.evaluate("free()")
    tab.evaluate("dispatchEvent(new Event('online'))")
    tab.wait_for_function(UNTIL_EMPTY)
    assert len(posts(line, words)) == sent + 1
    assert len(host.stored(comment=words)) == 1
