"""Pages as sites have them: styles that reach everywhere, dialogs, routers, frameworks, frames, odd ways to load a script."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Visit
from tests.browser.host import Form, Host

pytestmark = pytest.mark.usefixtures("probed")

ROOT = Path(__file__).parents[2]
#: What a style sheet of the site could change in ours if anything reached in.
LOOKS = """(node) => {
    const look = getComputedStyle(node), box = node.getBoundingClientRect();
    const names = ['fontSize', 'textTransform', 'letterSpacing', 'wordSpacing', 'lineHeight', 'color', 'whiteSpace',
        'display', 'visibility', 'textAlign', 'cursor', 'userSelect', 'pointerEvents', 'direction', 'transform'];
    return [...names.map((name) => look[name]), box.width, box.height];
}"""


@pytest.fixture(scope="module")
def react(host: Host) -> None:
    """React's part of the page that it hydrates, as a site's build makes it."""
    made = subprocess.run(
        [ROOT / "widget/node_modules/.bin/esbuild", "hydrate.jsx", "--bundle", "--minify", "--jsx=automatic"],
        cwd=host.pages.folder,
        env={**os.environ, "NODE_PATH": str(ROOT / "widget" / "node_modules"), "NODE_ENV": "production"},
        capture_output=True,
        check=True,
    )
    host.pages.built["/hydrate.js"] = made.stdout


def looks(form: Form) -> dict[str, list]:
    """How the parts of the open form look."""
    form.page.mouse.move(5, 5)
    form.page.evaluate("document.fonts.ready")
    parts = {
        "panel": form.dialog,
        "title": form.dialog.get_by_role("heading"),
        "legend": form.dialog.locator("legend").first,
        "radio": form.score(3),
        "number": form.dialog.get_by_text("3", exact=True),
        "chip": form.dialog.get_by_role("radio", name="Price"),
        "comment": form.comment,
        "send": form.send,
    }
    return {name: part.evaluate(LOOKS) for name, part in parts.items()}


@pytest.mark.parametrize("size", ["62.5%", "40px", "4px"])
def test_styles_of_the_site_reach_nothing_of_the_form(context: BrowserContext, host: Host, size: str):
    context.pages or context.new_page()
    plain, hostile = Form(context.pages[0]), Form(context.new_page())
    for form, address in ((plain, host.address()), (hostile, host.address("hostile.html", size=size))):
        form.page.emulate_media(reduced_motion="reduce")
        form.page.goto(address)
        form.open()
    assert looks(hostile) == looks(plain)


@pytest.mark.parametrize(("scheme", "system"), [("light", "dark"), ("dark", "light")])
def test_the_form_is_as_dark_as_its_page_and_not_as_the_system(visit: Visit, host: Host, scheme: str, system: str):
    form = Form(visit.page)
    visit.page.emulate_media(color_scheme=system)
    visit.page.goto(host.address("scheme.html", scheme=scheme))
    form.open()
    ground = form.dialog.evaluate("(node) => getComputedStyle(node).backgroundColor")
    parts = [float(part) for part in re.findall(r"[\d.]+", ground)[:3]]
    brightness = max(parts) / (1 if ground.startswith("color(") else 255)
    assert (brightness < 0.25) == (scheme == "dark"), ground


def test_a_form_that_is_opened_from_a_modal_dialog_can_be_used_and_sent(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.goto(host.address("dialog.html"))
    expect(form.launcher).to_be_visible()
    visit.page.locator("#cancel").click()
    visit.page.locator("#why").click()
    expect(form.score(0)).to_be_focused()
    form.fill(7, "said inside a modal dialog")
    form.send.click()
    expect(form.question).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(form.dialog).to_be_hidden()
    expect(visit.page.locator("#why")).to_be_focused()
    assert visit.page.locator("#sure").evaluate("(dialog) => dialog.open")
    visit.page.locator("#no").click()
    expect(form.launcher).to_be_visible()
    form.launcher.click()
    expect(form.dialog).to_be_visible()
    assert len(host.stored(comment="said inside a modal dialog")) == 1


def test_the_launcher_is_there_again_after_a_router_replaced_the_body(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.goto(host.address("router.html"))
    expect(form.launcher).to_be_visible()
    visit.page.evaluate("go('/router/next')")
    expect(form.launcher).to_be_visible()
    expect(visit.page.locator("[data-lukewarm]")).to_have_count(1)
    form.open()
    form.fill(8, "said after the route")
    form.send.click()
    expect(form.question).to_be_visible()
    (row,) = host.stored(comment="said after the route")
    assert row["page"] == f"{host.pages.root}/router/next"
    assert visit.complaints == []


def test_a_launcher_that_goes_while_a_pointer_comes_near_throws_nothing(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.goto(host.address())
    expect(form.launcher).to_be_visible()
    visit.page.evaluate(
        """() => new Promise((go) => {
            const root = document.querySelector('[data-lukewarm]').shadowRoot;
            new MutationObserver(() => { root.host.remove(); setTimeout(go, 20) })
                .observe(root.querySelector('.step'), {childList: true, subtree: true});
            root.querySelector('.launcher').dispatchEvent(new Event('pointerenter'));
        })"""
    )
    assert visit.complaints == []
    form.open()


@pytest.mark.usefixtures("react")
def test_the_widget_is_there_after_react_rendered_the_whole_document_anew(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.goto(host.address("hydrate.html", rendered="dawn"))
    expect(form.launcher).to_be_visible()
    visit.page.evaluate("hydrate() && undefined")
    expect(visit.page.get_by_role("heading", name="Prices of the browser")).to_be_visible()
    assert visit.page.evaluate("recovered")
    visit.page.locator("#count").click()
    expect(visit.page.locator("#count")).to_have_text("1")
    form.open()
    form.fill(8, "said on a hydrated page")
    form.send.click()
    expect(form.question).to_be_visible()
    assert len(host.stored(comment="said on a hydrated page")) == 1


@pytest.mark.parametrize("page", ["head.html", "module.html", "import.html", "manager.html", "two.html"])
def test_however_the_script_is_loaded_there_is_one_widget_and_it_works(visit: Visit, host: Host, page: str):
    form, words = Form(visit.page), f"loaded by {page}"
    visit.page.goto(host.address(page))
    form.open()
    expect(visit.page.locator("[data-lukewarm]")).to_have_count(1)
    form.fill(8, words)
    form.send.click()
    expect(form.question).to_be_visible()
    assert len(host.stored(comment=words)) == 1
    assert [said for said in visit.complaints if "included twice" not in said] == []


def test_calls_before_the_script_came_are_done_in_their_order(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.goto(host.address("stub.html"))
    expect(form.score(0)).to_be_visible()
    visit.page.wait_for_function("order.length === 2")
    assert visit.page.evaluate("order") == ["ready", "opened"]
    assert visit.complaints == []


@pytest.mark.parametrize("tag", ["site", "shared"])
def test_a_frame_without_an_origin_gets_no_form_and_no_exception(visit: Visit, host: Host, tag: str):
    """Nobody can say whose it is, and without an origin each touch of storage throws."""
    frame = visit.page.frame_locator("iframe")
    launcher = frame.get_by_role("button", name="Feedback")
    with visit.page.expect_console_message(lambda said: said.text.startswith("lukewarm:")):
        visit.page.goto(host.address("frame.html", framed=tag))
        if tag == "shared":
            launcher.click()
    expect(launcher).to_have_count(0)
    expect(frame.get_by_role("heading", name="Plans and prices")).to_be_visible()
    assert not [said for said in visit.complaints if "Uncaught" in said or "SecurityError" in said]


def test_nothing_of_the_widget_is_printed(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.goto(host.address())
    form.open()
    visit.page.emulate_media(media="print")
    expect(form.dialog).to_be_hidden()
    expect(form.launcher).to_be_hidden()
    visit.page.emulate_media(media="screen")
    expect(form.dialog).to_be_visible()


@pytest.mark.parametrize("tag", ["site", "shared"])
def test_the_owners_colour_is_worn(visit: Visit, host: Host, tag: str):
    form = Form(visit.page)
    key = host.site(f"Violet {tag}", {"look": {"accent": "#7c3aed"}})
    visit.page.goto(host.address(tag=tag, key=key))
    form.launcher.hover()
    expect(form.launcher).to_have_css("background-color", "rgb(124, 58, 237)")
