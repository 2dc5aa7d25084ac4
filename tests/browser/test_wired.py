"""Nothing runs in the form, whatever its owner, its page and its collector say; and no message of another window is heard."""

import json
from html import escape
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from collector.db import Database
from collector.sites.models import SiteRow
from collector.surveys.models import SurveyRow
from tests.browser.conftest import Visit
from tests.browser.host import Form, Host
from tests.browser.test_bad_answers import settings
from tests.browser.tripwire import ALL, PAYLOADS, Tripwire
from tests.servers.faulty import Fault, Faulty
from tests.servers.live import Live

#: Sends each payload, in many shapes, to the window as a frame or an opener could.
BOMBARD = """(payloads) => payloads.forEach((said) => [said, {type: said, event: said, data: said}, ['open', said],
    {lukewarm: said, name: 'open', method: 'destroy'}, JSON.stringify({lukewarm: {open: said}})]
    .forEach((shape) => window.postMessage(shape, '*')))"""
#: Keeps the names of all events that scripts listen to.
LISTENING = """window.heard = []
const add = EventTarget.prototype.addEventListener
EventTarget.prototype.addEventListener = function (name, ...rest) { heard.push(name); return add.call(this, name, ...rest) }"""


def spoiled(value: Any) -> Any:
    """JSON in which every text says the payloads."""
    if isinstance(value, dict):
        return {name: spoiled(part) for name, part in value.items()}
    if isinstance(value, list):
        return [spoiled(part) for part in value]
    return ALL if isinstance(value, str) else value


def tried(page: Page) -> Tripwire:
    """A wire around a page of the host, on which every listener is noted."""
    page.add_init_script(LISTENING)
    return Tripwire(page, "http://127.0.0.1:", "data:", "blob:", known=("lukewarm:",))


def bombarded(page: Page, wire: Tripwire) -> None:
    """Messages of any shape change nothing and are not even heard."""
    before = page.locator("[data-lukewarm]").evaluate("(node) => node.shadowRoot.innerHTML")
    page.evaluate(BOMBARD, PAYLOADS)
    page.evaluate("new Promise((done) => setTimeout(done))")
    assert page.locator("[data-lukewarm]").evaluate("(node) => node.shadowRoot.innerHTML") == before
    assert "message" not in page.evaluate("heard")
    wire.check("messages")


@pytest.fixture
def tagged(host: Host) -> Host:
    """The host with tags in whose every attribute the payloads stand."""
    said = " ".join(f'data-{name}="{{{{said}}}}"' for name in ("position", "theme", "other"))
    tag = '<script crossorigin src="{{collector}}/w/1/%s.js" %s></script>'
    host.pages.words["said"] = escape(ALL)
    host.pages.tags["wired"] = tag % ("{{key}}", f'{said} data-language="{{{{said}}}}"')
    host.pages.tags["wired shared"] = tag % ("widget", f'{said} data-site="{{{{key}}}}"')
    return host


def test_a57_a60_a78_nothing_runs_in_the_form_on_a_page_of_payloads_and_of_names_that_scripts_look_for(
    visit: Visit, tagged: Host, live: Live
):
    key = tagged.site("Wired")
    database = Database(f"sqlite:///{Path(live.environ['LUKEWARM_DATA_DIR']) / 'lukewarm.db'}")
    with database.writing() as tx:
        tx.execute(update(SiteRow).where(SiteRow.key == key).values(name=ALL))
        surveys = SurveyRow.site_id.in_(select(SiteRow.id).where(SiteRow.key == key))
        labels = [{"key": "own", "label": {"en": ALL}, "hidden": False}]
        tx.execute(update(SurveyRow).where(surveys).values(prompt={"en": ALL}, categories=labels))
    database.dispose()
    form, wire = Form(visit.page), tried(visit.page)
    visit.page.goto(tagged.address("wired.html", tag="wired", key=key))
    form.open()
    form.fill(8, ALL[:4000])
    assert "window.ran" in form.dialog.inner_text()
    bombarded(visit.page, wire)
    form.send.click()
    expect(form.question).to_be_focused()
    wire.check("sent")
    assert [row["page"] for row in tagged.stored() if "wired.html" in str(row["page"])], "and it was sent"
    assert visit.page.title().startswith("<script>")


def test_a57_a78_nothing_runs_when_every_word_that_the_collector_says_is_a_payload_under_a_strict_policy(
    visit: Visit, tagged: Host, line: Faulty
):
    told = settings(tagged)
    texts = ("prompt", "categories", "text", "faces", "contact", "language", "direction")
    told |= {name: spoiled(told[name]) for name in texts if name in told}
    told["look"] = {**told["look"], **spoiled({"position": "", "theme": ""})}
    told["scale"] |= {"lowest_label": ALL, "highest_label": ALL}
    areas = [{"key": said, "label": said} for said in PAYLOADS]
    receipt = {"id": ALL, "token": ALL, "follow_up": {"token": ALL, "question": ALL, "kind": "both", "areas": areas}}
    line.fail("/survey", Fault(200, json.dumps(told).encode()))
    line.fail("/responses", Fault(201, json.dumps(receipt).encode()), times=9)
    wire = tried(visit.page)
    visit.page.goto(tagged.address("wired.html", tag="wired shared", policy="no types", collector=line.root))
    form = visit.page.locator("[data-lukewarm]")
    form.get_by_role("button").first.click()
    form.get_by_role("radio", name="8", exact=True).check()
    bombarded(visit.page, wire)
    form.locator("form button").last.click()
    expect(form.locator("#question")).to_be_focused()
    assert form.locator("#question").inner_text().startswith("<script>")
    wire.check("asked")
