"""A visitor in whose network many have just sent: the browser shows work, and the visitor sees nothing of it (A-28)."""

import json
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import FOLDER, Visit
from tests.browser.host import Form, Host
from tests.make import submission
from tests.servers.faulty import Fault, Faulty
from tests.servers.live import Live
from tests.servers.pages import Pages

pytestmark = pytest.mark.usefixtures("probed")


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A collector that lets one submission a network in for nothing, and a second one for work."""
    live = Live(tmp_path_factory.mktemp("strict"), LUKEWARM_NETWORK_LIMIT="2")
    pages = Pages(FOLDER / "pages")
    yield Host(live, pages)
    pages.stop()
    live.stop()


def use_up(host: Host, key: str) -> None:
    """Somebody else in the visitor's network sends what is free."""
    sent = urllib.request.Request(
        f"{host.live.root}/v1/sites/{key}/responses",
        json.dumps(submission(1, page=host.address())).encode(),
        {"Origin": host.pages.root, "Content-Type": "text/plain"},
    )
    with urllib.request.urlopen(sent, timeout=20) as answer:
        assert answer.status == 201


def test_a28_the_browser_shows_work_by_itself_and_the_visitor_goes_on(visit: Visit, host: Host):
    form, words, key = Form(visit.page), "sent from a full office", host.site("Full office")
    visit.page.goto(host.address(key=key))
    form.open()
    use_up(host, key)
    form.fill(8, words)
    with visit.page.expect_request("**/w/1/proof.*.js"), visit.page.expect_request("**/responses?proof=*"):
        form.send.click()
    expect(form.question).to_be_visible()
    assert len(host.stored(comment=words)) == 1
    assert visit.page.evaluate("localStorage.getItem('lukewarm')") is None


def test_a28_where_the_work_cannot_be_done_the_words_wait_on_the_device(visit: Visit, host: Host):
    form, words, key = Form(visit.page), "sent where no script comes through", host.site("Narrow office")
    line = Faulty(host.live.port)
    line.fail(r"/w/1/proof\.", Fault(), times=99)
    visit.page.goto(host.address(key=key, collector=line.root))
    form.open()
    use_up(host, key)
    form.fill(8, words)
    form.send.click()
    expect(visit.page.get_by_text("waits on this device")).to_be_visible()
    (waiting,) = visit.page.evaluate("JSON.parse(localStorage.getItem('lukewarm')).queue")
    assert json.loads(waiting["body"])["comment"] == words
    assert "proof" not in waiting["address"]
    line.stop()


def test_a28_who_leaves_while_the_browser_works_loses_nothing(visit: Visit, context: BrowserContext, host: Host):
    form, words, key = Form(visit.page), "left in a hurry", host.site("Hurried office")
    visit.page.goto(host.address(key=key))
    form.open()
    use_up(host, key)
    form.fill(8, words)
    visit.page.route("**/w/1/proof.*.js", lambda route: None)  # it is on its way for as long as the page is open
    with visit.page.expect_request("**/w/1/proof.*.js"):
        form.send.click()
    visit.page.close()
    assert host.stored(comment=words) == []
    later = context.new_page()
    later.goto(host.address(key=key))
    Form(later).open()
    later.wait_for_function("localStorage.getItem('lukewarm') === null")
    assert len(host.stored(comment=words)) == 1
