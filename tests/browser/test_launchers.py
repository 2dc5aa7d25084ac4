"""Every way to the form that a site can choose, what its styles may say of it, and what follows for those who decline."""

import pytest
from playwright.sync_api import expect

from collector.widget.built import built
from tests.browser.conftest import Visit
from tests.browser.host import Form, Host, until
from tests.servers.faulty import Faulty

pytestmark = pytest.mark.usefixtures("probed")

#: Puts an element of this name into the page's text.
PUT = "(name) => document.querySelector('main').append(document.createElement(name))"


@pytest.mark.parametrize("launcher", ["button", "tab"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_launcher_stands_on_the_side_that_was_chosen(visit: Visit, host: Host, launcher: str, side: str):
    form = Form(visit.page)
    key = host.site(f"{launcher} {side}", {"look": {"launcher": launcher, "position": side}})
    visit.page.goto(host.address(key=key))
    for part in (lambda: form.launcher, form.open):
        box = part().bounding_box()
        assert box
        assert (box["x"] + box["width"] / 2 < 640) == (side == "left")
        assert 0 <= box["x"] <= 1280 - box["width"]


def test_a_page_may_have_a_launcher_that_its_site_has_not(visit: Visit, host: Host, line: Faulty):
    """The site's own script does not know where that part lies: it asks under a hash that is none, and is led on."""
    form = Form(visit.page)
    host.pages.tags["tab"] = host.pages.tags["site"].replace("></", ' data-launcher="tab"></')
    visit.page.goto(host.address(tag="tab", collector=line.root))
    expect(form.launcher).to_have_css("writing-mode", "vertical-rl")
    form.open()
    assert [asked.path for asked in line.requests("inline")] == [
        "/w/1/inline.0000000000000000.js",
        built().path("inline"),
    ]
    assert visit.complaints == []


def test_a_site_without_a_launcher_opens_the_form_by_code(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.goto(host.address(key=host.site("No launcher", {"look": {"launcher": "none"}})))
    visit.page.evaluate("lukewarm('open')")
    expect(form.score(0)).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(form.dialog).to_be_hidden()
    expect(form.launcher).to_be_hidden()


@pytest.mark.parametrize("way", ["click", "Enter"])
def test_an_element_of_the_page_opens_the_form_and_gets_the_keyboard_back(visit: Visit, host: Host, way: str):
    form = Form(visit.page)
    visit.page.goto(host.address(key=host.site(f"Element {way}", {"look": {"launcher": "element"}})))
    visit.page.evaluate(PUT, "lukewarm-button")
    button = visit.page.locator("main lukewarm-button[role=button]")
    expect(button).to_have_text("Feedback")
    button.focus()
    if way == "click":
        button.click()
    else:
        visit.page.keyboard.press(way)
    expect(form.score(0)).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_a_form_in_the_text_of_the_page_is_there_at_once_takes_no_focus_and_is_sent(visit: Visit, host: Host):
    words = "written in the page's text"
    visit.page.goto(host.address(key=host.site("Inline", {"look": {"launcher": "inline"}})))
    visit.page.evaluate(PUT, "lukewarm-form")
    region = visit.page.locator("main").get_by_role("region", name="Your feedback")
    region.get_by_role("radio", name="8", exact=True).check()
    region.get_by_label("In your own words").fill(words)
    visit.page.keyboard.press("Escape")
    region.get_by_role("button", name="Send", exact=True).click()
    expect(region.locator("#question")).to_be_visible()
    assert len(host.stored(comment=words)) == 1


def test_a_pinned_tag_brings_the_form_and_other_bytes_under_its_hash_bring_none(visit: Visit, host: Host):
    form = Form(visit.page)
    path = built().path("widget")
    for name, hashed in (("pinned", built().integrity("widget")), ("forged", built().integrity("site"))):
        host.pages.tags[name] = (
            f'<script crossorigin integrity="{hashed}" src="{{{{collector}}}}{path}" data-site="{{{{key}}}}"></script>'
        )
    visit.page.goto(host.address(tag="pinned"))
    form.open()
    visit.page.goto(host.address(tag="forged"))
    expect(form.launcher).to_have_count(0)
    assert any("integrity" in said for said in visit.complaints)


def test_a_sites_styles_reach_what_they_may_and_its_recorders_leave_the_form_out(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.goto(host.address())
    visit.page.add_style_tag(
        content="""[data-lukewarm] { --lukewarm-accent: rgb(1, 2, 3) !important; --lukewarm-accent-text: rgb(250, 251, 252) }
        [data-lukewarm]::part(launcher) { letter-spacing: 3px } [data-lukewarm]::part(panel) { border-radius: 2px }"""
    )
    for name, value in (
        ("background-color", "rgb(1, 2, 3)"),
        ("color", "rgb(250, 251, 252)"),
        ("letter-spacing", "3px"),
    ):
        expect(form.launcher).to_have_css(name, value)
    expect(form.open()).to_have_css("border-radius", "2px")
    marks = visit.page.locator("[data-lukewarm]").get_attribute("class") or ""
    assert {"sentry-block", "rr-block", "ph-no-capture", "fs-exclude"} <= set(marks.split())


def test_an_address_is_asked_for_only_after_a_question_was_declined_and_thanks_lead_to_ones_words(
    visit: Visit, host: Host, line: Faulty
):
    form = Form(visit.page)
    visit.page.goto(host.address(key=host.site("Contact", {"contact": True}), collector=line.root))
    form.open()
    form.fill(8)
    form.send.click()
    form.dialog.get_by_role("button", name="No, thanks").click()
    form.dialog.get_by_label("E-mail address").fill("ada@example.org")
    form.dialog.locator(".send").click()
    words = form.dialog.get_by_role("link")
    expect(words).to_be_visible()
    assert [asked.method for asked in line.requests("/contact") if asked.method != "GET"] == ["POST"]
    with visit.page.expect_popup() as opened:
        words.click()
    expect(opened.value.get_by_text("8", exact=True).first).to_be_visible()


def test_a_site_may_have_scores_that_were_left_not_kept(visit: Visit, host: Host, line: Faulty):
    form = Form(visit.page)
    visit.page.goto(host.address(key=host.site("Not kept", {"keep_partial": False}), collector=line.root))
    form.open()
    form.score(3).check()
    visit.page.wait_for_function("performance.getEntriesByType('resource').some(({name}) => name.includes('/after.'))")
    visit.page.goto(host.address("second.html"))
    until(lambda: line.requests("/outcomes"))
    assert line.requests("/responses") == []
