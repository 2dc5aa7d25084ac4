"""What the widget tells: the page, what happens, and the collector, what became of the form. Never the visitor's words."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.host import Form, Host, until
from tests.servers.faulty import Faulty

pytestmark = pytest.mark.usefixtures("probed")

SECRET = "nobody else shall read this"


def answer(form: Form, words: str) -> None:
    """The whole way from the launcher to the thanks."""
    form.open()
    form.fill(8, words)
    form.send.click()
    form.dialog.get_by_label("Your answer").fill(words)
    form.dialog.get_by_role("button", name="Send answer").click()
    expect(form.page.get_by_role("status")).to_contain_text("Thank you")


def test_the_page_is_told_what_happens_and_never_the_words(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.add_init_script("window.dataLayer = []")
    visit.page.goto(host.address())
    expect(form.launcher).to_be_visible()
    visit.page.evaluate(
        """() => {
            window.heard = [];
            window.listen = (event) => heard.push(event.type ?? event);
            lukewarm('on', 'scored', listen);
            lukewarm('on', 'opened', () => { throw new Error('the page has a fault') });
        }"""
    )
    answer(form, SECRET)
    visit.page.evaluate("lukewarm('off', 'scored', listen)")
    visit.page.keyboard.press("Escape")
    expect(form.dialog).to_be_hidden()
    told = form.seen("events")
    assert [event["name"] for event in told] == ["ready", "opened", "scored", "sent", "offered", "answered", "closed"]
    assert next(event["detail"]["score"] for event in told if event["name"] == "scored") == 8
    layer = visit.page.evaluate("dataLayer")
    assert [pushed["event"] for pushed in layer] == [f"lukewarm_{event['name']}" for event in told]
    assert SECRET not in json.dumps([told, layer])
    assert len(visit.page.evaluate("heard")) == 1


def test_what_became_of_the_form_is_told_once_when_the_page_goes(visit: Visit, host: Host, line: Faulty):
    form = Form(visit.page)
    visit.page.goto(host.address(collector=line.root))
    answer(form, SECRET)
    assert line.requests("/outcomes") == []
    visit.page.goto(host.address("second.html"))
    (told,) = until(lambda: line.requests("/outcomes"))
    said = json.loads(told.body)
    assert set(said["outcomes"]) == {"opened", "scored", "commented", "offered", "answered"}
    assert said["page"] == host.address(collector=line.root)
    assert SECRET not in told.body.decode()
    assert "Cookie" not in told.headers


@pytest.mark.parametrize("route", ["history.back()", "location.hash = 'next'"])
def test_where_no_navigations_are_told_a_route_begins_another_view_too(
    visit: Visit, host: Host, line: Faulty, route: str
):
    """Browsers before 2026 have no Navigation API; nothing of a page's is patched instead."""
    form = Form(visit.page)
    visit.page.add_init_script("Object.defineProperty(window, 'navigation', {value: undefined})")
    visit.page.goto(host.address(collector=line.root))
    visit.page.evaluate("history.pushState(null, '', '/elsewhere')")
    answer(form, SECRET)
    visit.page.evaluate(route)
    (told,) = until(lambda: line.requests("/outcomes"))
    assert "opened" in json.loads(told.body)["outcomes"]
    visit.page.keyboard.press("Escape")
    form.open()
    visit.page.goto(host.address("second.html"))
    _, after = until(lambda: len(line.requests("/outcomes")) == 2 and line.requests("/outcomes"))
    assert json.loads(after.body)["outcomes"] == ["opened"]


def test_a_page_on_which_nothing_happened_tells_nothing(visit: Visit, host: Host, line: Faulty):
    form = Form(visit.page)
    visit.page.goto(host.address(collector=line.root))
    expect(form.launcher).to_be_visible()
    visit.page.goto(host.address("second.html"))
    assert [asked.path for asked in line.asked] == [f"/w/1/{host.key}.js"]


def test_a_trial_shows_everything_and_records_nothing(visit: Visit, host: Host, line: Faulty):
    form = Form(visit.page)
    visit.page.goto(host.address(collector=line.root, tag="trial"))
    form.open()
    form.fill(8, "only tried")
    form.send.click()
    expect(form.question.or_(form.dialog.get_by_text("Thank you"))).to_be_visible()
    visit.page.goto(host.address("second.html"))
    assert {asked.method for asked in line.asked} == {"GET"}
    assert host.stored(comment="only tried") == []
