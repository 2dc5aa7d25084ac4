"""Everyone: readers, keyboards, input methods, small and enlarged screens, every direction and colour."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Visit
from tests.browser.host import Form, Host
from tests.browser.looks import LOOKS, look_at, seen_as

pytestmark = pytest.mark.usefixtures("probed")


@pytest.mark.parametrize("scale", ["ces", "thumbs", "stars", "faces"])
def test_every_scale_is_accessible_and_fits(visit: Visit, host: Host, scale: str):
    page, dialog = visit.page, visit.page.get_by_role("dialog")
    page.emulate_media(reduced_motion="reduce")
    both, arabic = {"scheme": "light dark"}, {"language": "ar", "direction": "rtl"}
    for words, looks in ((both, LOOKS), (arabic, {"phone": LOOKS["phone"]})):
        page.goto(host.address("scheme.html" if words is both else "plain.html", key=host.scaled(scale), **words))
        page.locator("[data-lukewarm] button.launcher").click()
        dialog.get_by_role("radio").nth(1).check()
        look_at(page, None, scale, looks)
        for name, look in looks.items():
            with seen_as(page, look):
                inside = dialog.evaluate("(card) => card.scrollWidth <= card.clientWidth")
                assert inside, f"the form must never scroll sideways: {name}"


@pytest.mark.parametrize(
    ("page", "wanted", "direction", "title"),
    [
        ("de", "de", "ltr", "Ihr Feedback"),
        ("de-AT", "de", "ltr", "Ihr Feedback"),
        ("de_DE", "de", "ltr", "Ihr Feedback"),
        ("ar", "ar", "rtl", None),
        ("tlh", "en", "ltr", "Your feedback"),
        ("", "en", "ltr", "Your feedback"),
    ],
)
def test_the_form_speaks_the_language_of_its_page(
    visit: Visit, host: Host, page: str, wanted: str, direction: str, title: str | None
):
    visit.page.goto(host.address(language=page, key=host.scaled("nps")))
    visit.page.locator("[data-lukewarm] button.launcher").click()
    dialog = visit.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    spoken = dialog.evaluate("(card) => [card.closest('[lang]').lang, getComputedStyle(card).direction]")
    assert spoken == [wanted, direction]
    if title:
        expect(dialog).to_have_accessible_name(title)


def test_what_is_typed_in_the_form_never_reaches_the_shortcuts_of_the_page(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.goto(host.address())
    visit.page.keyboard.press("s")
    assert visit.page.evaluate("shortcuts") == ["s"]
    form.open()
    visit.page.keyboard.press("ArrowRight")
    form.comment.focus()
    visit.page.keyboard.type("s/?gk")
    visit.page.keyboard.press("Control+k")
    assert form.seen("keys") == ["keydown s", "keypress s", "keyup s"]
    visit.page.keyboard.press("Escape")
    expect(form.dialog).to_be_hidden()
    expect(form.launcher).to_be_focused()
    visit.page.keyboard.press("Enter")
    expect(form.dialog).to_be_visible()
    assert form.seen("keys") == ["keydown s", "keypress s", "keyup s"]
    visit.page.keyboard.press("Escape")
    visit.page.keyboard.press("s")
    assert visit.page.evaluate("shortcuts") == ["s", "s"], "on the launcher, other keys are the page's"


def test_keys_of_an_input_method_are_its_own(visit: Visit, context: BrowserContext, host: Host):
    form, cdp = Form(visit.page), context.new_cdp_session(visit.page)
    visit.page.goto(host.address())
    form.open()
    form.score(8).check()
    form.comment.focus()
    cdp.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    for key, code in (("Escape", 27), ("Enter", 13)):
        # 229 is what engines report for a key that the input method took.
        for kind in ("rawKeyDown", "keyUp"):
            cdp.send("Input.dispatchKeyEvent", {"type": kind, "key": key, "windowsVirtualKeyCode": 229, "code": key})
        expect(form.comment).to_be_visible()
        assert code
    cdp.send("Input.insertText", {"text": "日本"})
    expect(form.comment).to_have_value("日本")
    visit.page.keyboard.press("Escape")
    expect(form.dialog).to_be_hidden()


def test_the_status_line_is_there_before_it_is_filled(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.goto(host.address())
    expect(form.launcher).to_be_visible()
    status = visit.page.get_by_role("status")
    expect(status).to_have_count(1)
    expect(status).to_be_empty()
    line = status.element_handle()
    form.open()
    form.fill(8)
    form.send.click()
    expect(form.question).to_be_visible()
    expect(status).not_to_be_empty()
    assert line.evaluate("(line) => line.isConnected")


def test_nothing_moves_whether_somebody_asked_for_that_or_not(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.emulate_media(reduced_motion="no-preference")
    visit.page.goto(host.address())
    form.open()
    assert form.dialog.evaluate("(card) => card.getAnimations({subtree: true}).length") == 0


def test_fields_say_what_they_are_for_so_that_nothing_is_filled_in_that_nobody_asked(visit: Visit, host: Host):
    """The trap is the field that browsers and password managers must leave alone, and that nobody can reach."""
    form = Form(visit.page)
    visit.page.goto(host.address())
    form.open()
    hidden = form.dialog.locator("input:not([type=radio]):not([type=checkbox])")
    for field in hidden.all():
        expect(field).to_have_attribute("autocomplete", "off")
        assert not field.evaluate("(field) => (field.focus(), field.matches(':focus'))")
        assert field.evaluate("(field) => !!field.closest('[aria-hidden=true], [inert], [hidden]')")
    visit.page.keyboard.press("Shift+Tab")
    for _ in range(30):
        visit.page.keyboard.press("Tab")
        assert (
            form.dialog.evaluate(
                """(card) => card.getRootNode().activeElement?.matches('input:not([type=radio]), [tabindex="-1"]') ?? false"""
            )
            is False
        )


@pytest.mark.parametrize("size", [(320, 256), (390, 500), (1280, 300)])
def test_every_control_can_be_reached_on_a_low_screen(visit: Visit, host: Host, size: tuple[int, int]):
    """As when the keyboard of a phone takes half of it."""
    form = Form(visit.page)
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    visit.page.goto(host.address())
    form.open()
    for control in (form.score(10), form.comment, form.send, form.dialog.get_by_role("button", name="Close")):
        control.scroll_into_view_if_needed()
        expect(control).to_be_in_viewport(ratio=0.9)
        control.click(trial=True)


@pytest.mark.parametrize(("scale", "rows"), [("nps", 2), ("csat", 1), ("ces", 1), ("thumbs", 1)])
def test_a_phone_shows_up_to_seven_steps_in_one_row_and_eleven_in_two(visit: Visit, host: Host, scale: str, rows: int):
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.page.goto(host.address(key=host.scaled(scale)))
    visit.page.locator("[data-lukewarm] button.launcher").click()
    steps = visit.page.get_by_role("dialog").locator("input[name=score]")
    expect(steps.first).to_be_visible()
    tops = steps.evaluate_all("(steps) => steps.map((step) => step.getBoundingClientRect().top)")
    assert len(set(tops)) == rows


def test_a_question_keeps_its_own_direction_in_a_form_of_the_other(visit: Visit, host: Host):
    """Not every question is there in every language."""
    page = visit.page
    page.goto(host.address(language="ar", direction="rtl", key=host.scaled("nps")))
    page.locator("[data-lukewarm] button.launcher").click()
    page.get_by_role("dialog").locator("input[name=score][value='8']").check()
    page.get_by_role("dialog").locator(".send").click()
    question = page.get_by_role("dialog").locator("#question")
    expect(question).to_be_visible()
    latin = question.inner_text().isascii()
    assert question.evaluate("(heading) => getComputedStyle(heading).direction") == ("ltr" if latin else "rtl")
