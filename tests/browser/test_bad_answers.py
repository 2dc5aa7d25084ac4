"""Collectors that are closed, wrong, broken, newer than the script or no collectors at all: the visitor meets one calm sentence
or nothing, and the page is as it was."""

import json
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.host import Form, Host
from tests.servers.faulty import Fault, Faulty

pytestmark = pytest.mark.usefixtures("probed")

HOTEL = b"<!doctype html><title>Welcome to the hotel</title><p>Please log in."
CLOSED = json.dumps({"title": "The survey is closed", "detail": "Nothing is taken.", "status": 409}).encode()


def settings(host: Host) -> dict:
    """The settings of the site's survey as the collector gives them."""
    with urllib.request.urlopen(f"{host.live.root}/v1/sites/{host.key}/survey?language=en", timeout=20) as answer:
        return json.load(answer)


def untouched(visit: Visit) -> None:
    """The page is there and works, nothing was thrown, nothing lies over it."""
    expect(visit.page.get_by_role("heading", name="Plans and prices")).to_be_visible()
    visit.page.locator("#search").fill("still works")
    visit.page.get_by_role("link", name="How we count people").click(trial=True)
    assert not [said for said in visit.complaints if "Uncaught" in said or "Unhandled" in said]


@pytest.mark.parametrize(
    "fault",
    {
        "a login page": Fault(200, HOTEL, {"Content-Type": "text/html"}),
        "nothing": Fault(),
        "half of it": Fault(200, b'{"survey": "sv_1", "open": tr', cut=True),
        "half of it, announced so": Fault(200, b'{"survey": "sv_1", "open": tr'),
        "another document": Fault(200, b'["not", "settings"]'),
        "null": Fault(200, b"null"),
        "settings without a scale": Fault(200, b'{"survey": "sv_1", "open": true, "language": "en"}'),
        "ten megabytes": Fault(200, b'{"survey": "' + b"x" * 10_000_000 + b'", "open": true}'),
        "too many": Fault(429, b"{}", {"Retry-After": "60"}),
        "broken": Fault(500, HOTEL, {"Content-Type": "text/html"}),
        "forbidden": Fault(403, json.dumps({"title": "This origin may not submit", "status": 403}).encode()),
        "forbidden by a wall": Fault(403, HOTEL, {"Content-Type": "text/html"}),
        "another site": Fault(404, b"{}"),
    }.items(),
    ids=lambda named: named[0],
)
def test_settings_that_are_none_leave_the_page_alone_and_tell_the_console(
    visit: Visit, host: Host, line: Faulty, fault: tuple[str, Fault]
):
    form = Form(visit.page)
    line.fail("/survey", fault[1], times=9)
    visit.page.goto(host.address(tag="shared", collector=line.root))
    with visit.page.expect_console_message(lambda said: said.text.startswith("lukewarm:")):
        form.press()
    expect(form.dialog).to_be_hidden()
    untouched(visit)


def test_settings_of_a_newer_collector_are_read_as_far_as_they_are_known(visit: Visit, host: Host, line: Faulty):
    newer = settings(host)
    newer |= {"mood": {"of": ["the", "day"]}, "contact": None, "keep_partial": True}
    newer["look"] = {**newer.get("look", {}), "launcher": "hologram", "theme": "sepia", "depth": 3}
    newer["scale"] |= {"midpoint_label": "So so"}
    newer["categories"] = [{**category, "colour": "#f0f"} for category in newer["categories"]]
    newer["text"] = {**newer.get("text", {}), "new_word": "?"}
    form, words = Form(visit.page), "asked by a newer collector"
    line.fail("/survey", Fault(200, json.dumps(newer).encode()))
    visit.page.goto(host.address(tag="shared", collector=line.root))
    # A launcher of a kind that it does not know is none, which would be gone when the pointer has come to it.
    expect(form.launcher).to_be_visible()
    visit.page.evaluate("lukewarm('open')")
    form.fill(8, words)
    form.send.click()
    expect(form.question).to_be_visible()
    assert len(host.stored(comment=words)) == 1
    assert not [said for said in visit.complaints if "Uncaught" in said]


@pytest.mark.parametrize("tag", ["site", "shared"])
def test_a_wrong_key_leaves_the_page_alone(visit: Visit, host: Host, tag: str):
    form = Form(visit.page)
    visit.page.goto(host.address(tag=tag, key="site_nowhere"))
    if tag == "shared":
        form.press()
    expect(form.launcher).to_have_count(0)
    untouched(visit)
    assert visit.complaints


@pytest.mark.parametrize("tag", ["site", "shared"])
def test_a_page_of_another_origin_gets_no_form_and_its_owner_a_reason(visit: Visit, host: Host, tag: str):
    form = Form(visit.page)
    key = host.site(f"Elsewhere {tag}", origins=("https://www.example.com",))
    with visit.page.expect_console_message(lambda said: said.text.startswith("lukewarm:") and "origin" in said.text):
        visit.page.goto(host.address(tag=tag, key=key))
        if tag == "shared":
            form.press()
    expect(form.launcher).to_have_count(0)
    untouched(visit)


@pytest.mark.parametrize("tag", ["site", "shared"])
def test_a_closed_survey_puts_no_form_on_the_page(visit: Visit, host: Host, tag: str):
    key = host.site(f"Closed {tag}")
    host.close(key)
    form = Form(visit.page)
    with visit.page.expect_console_message(lambda said: said.text.startswith("lukewarm:")):
        visit.page.goto(host.address(tag=tag, key=key))
        if tag == "shared":
            form.press()
    expect(form.launcher).to_have_count(0)
    untouched(visit)


def test_a_survey_that_is_closed_while_somebody_writes_says_so_and_keeps_the_words(visit: Visit, host: Host):
    key = host.site("Closing")
    form, words = Form(visit.page), "half a minute too late"
    visit.page.goto(host.address(key=key))
    form.open()
    form.fill(8, words)
    host.close(key)
    form.send.click()
    expect(form.alert).to_contain_text("Your words are still here")
    expect(form.comment).to_have_value(words)
    untouched(visit)
    assert host.stored(comment=words) == []


@pytest.mark.parametrize(
    "fault",
    {
        "a login page": Fault(200, HOTEL, {"Content-Type": "text/html"}),
        "half a receipt": Fault(201, b'{"id": "0190', cut=True),
        "null": Fault(201, b"null"),
        "a wall": Fault(403, HOTEL, {"Content-Type": "text/html"}),
    }.items(),
    ids=lambda named: named[0],
)
def test_a_receipt_that_is_none_is_never_thanked_for(visit: Visit, host: Host, line: Faulty, fault: tuple[str, Fault]):
    name, answer = fault
    form, words = Form(visit.page), f"met {name}"
    line.fail("/responses", answer, times=99)
    visit.page.goto(host.address(collector=line.root))
    form.open()
    form.fill(8, words)
    form.send.click()
    expect(form.alert).not_to_be_empty()
    expect(form.dialog.get_by_text("Thank you")).to_have_count(0)
    expect(form.comment).to_have_value(words)
    untouched(visit)


def test_a_script_that_does_not_come_leaves_nothing(visit: Visit, host: Host, line: Faulty):
    line.fail("/w/1/", Fault(200, HOTEL, {"Content-Type": "text/html"}))
    visit.page.goto(host.address(collector=line.root))
    expect(visit.page.locator("[data-lukewarm]")).to_have_count(0)
    expect(visit.page.get_by_role("heading", name="Plans and prices")).to_be_visible()
