"""The other ways in, in a real browser: passkeys, on Chromium's own virtual device, and an OpenID provider."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.conftest import new_context
from tests.browser.looks import findings
from tests.browser.test_people import added, choose_and_sign_in, press
from tests.make import PASSWORD
from tests.servers.live import Live
from tests.servers.neighbours import free_ports
from tests.servers.openid import CLIENT, SECRET, OpenIdProvider


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    with OpenIdProvider(time.time) as running:
        yield running


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory, provider: OpenIdProvider) -> Iterator[Live]:
    """A collector with every way in, visited by name: numbers have no passkeys."""
    settings = {"ISSUER": provider.issuer, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET, "NAME": "Guild of Members"}
    port = str(free_ports(1)[0])
    collector = Live(
        tmp_path_factory.mktemp("door"),
        "--port",
        port,
        LUKEWARM_PUBLIC_URL=f"http://localhost:{port}",
        **{f"LUKEWARM_OIDC_{name}": value for name, value in settings.items()},
    )
    yield collector
    collector.stop()


def device(page: Page, **options: Any) -> CDPSession:
    """Gives the browser a device that keeps passkeys and verifies its owner."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    line.send("WebAuthn.addVirtualAuthenticator", {"options": kind | {"isUserVerified": True} | options})
    return line


def test_a_passkey_is_made_signs_in_and_is_removed(browser: Browser, team: Live):
    context = new_context(browser)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    device(page)
    choose_and_sign_in(page, team, added(team, "kay"), "kay")
    passkeys = page.get_by_role("region", name="Passkeys")
    assert findings(page) == []
    passkeys.get_by_label("Your password").fill(PASSWORD)
    passkeys.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("What shall it be called?").fill("Kay's laptop")
    assert findings(page) == []
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("status")).to_have_text("Your passkey is ready. You are signed out everywhere else.")
    expect(passkeys.get_by_role("listitem")).to_contain_text("not used yet")
    passkeys.get_by_label("Your password").fill(PASSWORD)
    passkeys.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("alert")).to_contain_text("This device keeps a passkey of yours")
    context.clear_cookies()
    page.goto(f"{team.root}/you")
    assert findings(page) == []
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{team.root}/you")
    expect(passkeys.get_by_text("last used")).to_be_visible()
    press(passkeys.get_by_role("link", name="Remove Kay's laptop"))
    assert findings(page) == []
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status")).to_contain_text("The passkey opens nothing here any more.")
    context.clear_cookies()
    page.goto(f"{team.root}/login")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("This passkey opens nothing here.")).to_be_visible()
    assert [one for one in complaints if "422" not in one] == []
    context.close()


def test_whoever_is_not_verified_by_the_device_stays_outside_and_reads_why(browser: Browser, team: Live):
    context = new_context(browser)
    page = context.new_page()
    device(page, isUserVerified=False)
    page.goto(f"{team.root}/login")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("No passkey was chosen. You can try again.")
    context.close()


def test_without_script_or_passkeys_the_button_is_not_shown(browser: Browser, team: Live):
    plain = browser.new_context(java_script_enabled=False)
    old = new_context(browser)
    old.add_init_script("delete window.PublicKeyCredential")
    for context in (plain, old):
        page = context.new_page()
        page.goto(f"{team.root}/login")
        expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
        context.close()


def test_the_button_leads_to_the_provider_and_back_to_where_one_was_going(
    browser: Browser, team: Live, provider: OpenIdProvider
):
    context = new_context(browser)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    added(team, "guildmember")
    provider.claims["email"] = "guildmember@home.example"
    page.goto(f"{team.root}/you")
    page.get_by_role("button", name="Sign in with Guild of Members").click()
    expect(page).to_have_url(f"{team.root}/you")
    link = page.get_by_role("region", name="Guild of Members")
    expect(link).to_be_visible()
    assert findings(page) == []
    context.clear_cookies()
    provider.claims |= {"sub": "2", "email": "nobody@home.example"}
    page.goto(f"{team.root}/login")
    page.get_by_role("button", name="Sign in with Guild of Members").click()
    expect(page.get_by_role("alert")).to_contain_text("Guild of Members vouches for you, but not")
    assert findings(page) == []
    assert complaints == []
    context.close()
