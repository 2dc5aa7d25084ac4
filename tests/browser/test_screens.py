"""Pages that take the whole screen, or the pointer: the form is there where it can be, honestly not where it cannot, and there
again afterwards."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.host import Form, Host

pytestmark = pytest.mark.usefixtures("probed")

#: What lies under the middle of the launcher: the widget, or something of the page's.
UNDER_THE_LAUNCHER = """() => {
    const host = document.querySelector('[data-lukewarm]');
    const box = host.shadowRoot.querySelector('.launcher').getBoundingClientRect();
    return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === host;
}"""


def full_screen(page: Page, what: str) -> None:
    """The element takes the whole screen, as a player of films does."""
    page.evaluate(f"document.querySelector('{what}').requestFullscreen()")
    page.wait_for_function("document.fullscreenElement && innerHeight")


def leave(page: Page) -> None:
    page.evaluate("document.exitFullscreen()")
    page.wait_for_function("!document.fullscreenElement")


def test_a_page_that_takes_the_whole_screen_keeps_its_launcher(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.goto(host.address())
    form.launcher.hover()
    full_screen(visit.page, "html")
    form.open()
    expect(form.score(0)).to_be_focused()
    leave(visit.page)
    expect(form.dialog).to_be_visible()


def test_an_element_that_takes_the_whole_screen_covers_the_launcher_and_not_a_form_that_its_page_opens(
    visit: Visit, host: Host
):
    form, words = Form(visit.page), "said above a film"
    visit.page.goto(host.address())
    form.launcher.hover()
    full_screen(visit.page, "main")
    assert not visit.page.evaluate(UNDER_THE_LAUNCHER)
    visit.page.evaluate("lukewarm('open')")
    expect(form.score(0)).to_be_focused()
    form.fill(8, words)
    form.send.click()
    expect(form.question).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(form.dialog).to_be_hidden()
    leave(visit.page)
    assert visit.page.evaluate(UNDER_THE_LAUNCHER)
    form.launcher.click()
    expect(form.question).to_be_visible()
    assert len(host.stored(comment=words)) == 1
    assert visit.complaints == []


def test_a_form_that_was_open_is_there_again_with_its_words_when_the_screen_is_given_back(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.goto(host.address())
    form.open()
    form.fill(6, "begun before the film")
    full_screen(visit.page, "main")
    leave(visit.page)
    expect(form.comment).to_have_value("begun before the film")
    form.comment.click()
    expect(form.comment).to_be_focused()
    form.send.click()
    expect(form.question.or_(form.dialog.get_by_text("Thank you"))).to_be_visible()
    assert len(host.stored(comment="begun before the film")) == 1


def test_a_game_that_holds_the_pointer_keeps_it_while_the_form_comes_and_goes(visit: Visit, host: Host):
    """Only the pointer: neither browser nor driver passes keys on meanwhile, and the game gives it back by itself."""
    form, words = Form(visit.page), "said when the pointer was free again"
    visit.page.goto(host.address())
    form.launcher.hover()
    visit.page.locator("h1").click()
    visit.page.evaluate("document.querySelector('main').requestPointerLock()")
    visit.page.wait_for_function("document.pointerLockElement")
    visit.page.evaluate("lukewarm('open')")
    expect(form.score(0)).to_be_focused()
    assert visit.page.evaluate("document.pointerLockElement?.localName") == "main"
    visit.page.evaluate("document.exitPointerLock()")
    visit.page.wait_for_function("!document.pointerLockElement")
    form.fill(6, words)
    form.send.click()
    expect(form.question.or_(form.dialog.get_by_text("Thank you"))).to_be_visible()
    assert len(host.stored(comment=words)) == 1
    assert visit.complaints == []
