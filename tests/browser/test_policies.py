"""Strict sites: nothing that the widget does is forbidden to it, and it asks for nothing but its script and its address."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.host import Form, Host
from tests.servers.pages import POLICIES

pytestmark = pytest.mark.usefixtures("probed")


@pytest.mark.parametrize("policy", POLICIES)
def test_a_strict_policy_is_kept_from_the_tag_to_the_thanks(visit: Visit, host: Host, policy: str):
    form, words = Form(visit.page), f"written under the policy {policy}"
    visit.page.goto(host.address(policy=policy))
    form.open()
    form.fill(8, words)
    form.send.click()
    expect(form.question).to_be_focused()
    form.dialog.get_by_label("Your answer").fill("a strict answer")
    form.dialog.get_by_role("button", name="Send answer").click()
    expect(visit.page.get_by_role("status")).to_contain_text("Thank you")
    assert form.seen("violations") == []
    assert visit.complaints == []
    (row,) = host.stored(comment=words)
    assert row["answer"] == "a strict answer"


def test_the_policies_of_these_tests_do_forbid(visit: Visit, host: Host):
    """The proof that the tests above could fail: what other widgets do is noticed."""
    visit.page.goto(host.address(policy="no types"))
    refused = visit.page.evaluate(
        """() => {
            document.body.append(Object.assign(document.createElement('style'), {textContent: 'p { color: red }'}));
            document.querySelector('h1').setAttribute('style', 'color: red');
            try { document.querySelector('h1').innerHTML = '<b>red</b>' } catch (why) { return why.name }
        }"""
    )
    assert refused == "TypeError"
    visit.page.wait_for_function("seen.violations.length >= 3")
