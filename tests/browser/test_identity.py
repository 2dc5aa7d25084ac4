"""Who the visitor is, signed by the site's server: from the page to the contact, and what a signature that is none costs."""

import json
import time
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from collector.contacts.identity import Identity, sign, signed_text
from tests.browser.conftest import Visit
from tests.browser.host import Form, Host
from tests.browser.test_left import NOTHING_LEFT, press, ready

pytestmark = pytest.mark.usefixtures("probed")


def signed(host: Host, name: str, key: str, person: str, **other: Any) -> dict[str, Any]:
    """What the site's server would hand to its page for a person who has logged in; `other` is changed afterwards."""
    email, expires = f"{person}@example.com", int(time.time()) + 3600
    secret = host.live.command("site", "secret", name).split()[-1]
    text = signed_text(key, Identity(person, email, None, expires, ""))
    return {"id": person, "email": email, "expires": expires, "signature": sign(secret, text)} | other


def sent_as(visit: Visit, host: Host, key: str, identity: dict[str, Any], words: str) -> str:
    """The id of the response of a visitor whom the page has named."""
    form = Form(visit.page)
    visit.page.goto(host.address("stub.html", key=key))
    visit.page.evaluate("(who) => lukewarm('identify', who)", identity)
    expect(form.score(0)).to_be_visible()
    form.fill(8, words)
    form.send.click()
    expect(form.question).to_be_visible()
    (row,) = host.stored(comment=words)
    return str(row["id"])


def test_a_visitor_whom_the_site_has_named_is_a_contact_and_is_not_asked_for_an_address(visit: Visit, host: Host):
    name = "Signed"
    key = host.site(name, {"contact": True})
    identity = signed(host, name, key, "ann")
    response = sent_as(visit, host, key, identity, "said by Ann")
    assert "ann  ann@example.com" in host.live.command("contact", "list", name)
    (contact,) = json.loads(host.live.command("contact", "export", "ann@example.com"))["contacts"]
    assert contact["responses"] == [response]
    Form(visit.page).dialog.get_by_role("button", name="No, thanks").click()
    expect(visit.page.get_by_role("status")).to_contain_text("Thank you")
    assert visit.complaints == []


@pytest.mark.parametrize(
    ("person", "other"),
    [("bob", {"signature": "0" * 64}), ("cleo", {"email": "ann@example.com"}), ("dora", {"expires": 1})],
    ids=["wrong signature", "another's address", "expired"],
)
def test_a_name_that_was_not_signed_so_costs_the_name_and_never_the_words(
    visit: Visit, host: Host, person: str, other: dict[str, Any]
):
    name = f"Badly signed {person}"
    key = host.site(name)
    sent_as(visit, host, key, signed(host, name, key, person, **other), f"said by {person}, perhaps")
    assert host.live.command("contact", "list", name) == ""


@pytest.mark.parametrize(("person", "private"), [("eve", False), ("fay", True)])
def test_a_name_goes_with_words_that_were_left_without_a_connection_unless_the_browser_wants_privacy_by_then(
    context: BrowserContext, host: Host, person: str, private: bool
):
    name, words = f"Left by {person}", f"left by {person}"
    key = host.site(name)
    page = ready(context, host.address(key=key))
    page.evaluate("(who) => lukewarm('identify', who)", signed(host, name, key, person))
    page.evaluate("lukewarm('set', {plan: 'pro'})")
    context.set_offline(True)
    press(page, words).close()
    context.set_offline(False)
    if private:
        context.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})")
    later = context.new_page()
    later.goto(host.address(key=key))
    later.wait_for_function(NOTHING_LEFT)
    (row,) = host.stored(comment=words)
    listed = host.live.command("contact", "list", name)
    assert (f"{person}@example.com" in listed, "plan" in json.dumps(row)) == (not private, not private)
