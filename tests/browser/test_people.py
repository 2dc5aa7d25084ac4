"""The team's people in a real browser: the way in, and every page for everybody."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from collector import clock
from tests.browser.conftest import new_context
from tests.browser.looks import look_at
from tests.make import PASSWORD
from tests.servers.live import Live


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A collector of its own, whose members are these tests'."""
    collector = Live(tmp_path_factory.mktemp("team"))
    yield collector
    collector.stop()


def added(team: Live, name: str, role: str = "owner") -> str:
    """The address of a new member's link for a password."""
    printed = team.command("member", "add", f"{name}@home.example", "--name", name.title(), "--role", role)
    return f"{team.root}/reset/{printed.strip().rpartition('/')[2]}"


def choose_and_sign_in(page: Page, team: Live, link: str, name: str) -> None:
    """From the link to the account."""
    page.goto(link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_text("Your new password is in force.")).to_be_visible()
    sign_in(page, team, name)


def sign_in(page: Page, team: Live, name: str) -> None:
    """Address and password, on the way to the own account."""
    page.goto(f"{team.root}/you")
    page.get_by_label("E-mail").fill(f"{name}@home.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page.get_by_role("button", name="Sign in", exact=True))


def press(what: Locator) -> None:
    """Presses what leads to a page, and waits for that."""
    with what.page.expect_navigation():
        what.click()


def test_an_owner_invites_and_the_invited_joins_with_a_second_step(browser: Browser, team: Live):
    owner, guest = new_context(browser), new_context(browser)
    page, theirs = owner.new_page(), guest.new_page()
    complaints: list[str] = []
    for one in (page, theirs):
        one.on("console", lambda message: complaints.append(message.text))
    choose_and_sign_in(page, team, added(team, "ann"), "ann")
    page.goto(f"{team.root}/team")
    page.get_by_label("E-mail").fill("guest@home.example")
    page.get_by_role("radio", name="viewer").check()
    page.get_by_role("button", name="Make the link").click()
    theirs.goto(page.locator("#once").inner_text())
    theirs.get_by_label("Your name").fill("Gu Est")
    theirs.get_by_label("Choose a password").fill(PASSWORD)
    theirs.get_by_role("button", name="Join").click()
    expect(theirs.get_by_role("status")).to_have_text("Welcome to the team.")
    theirs.goto(f"{team.root}/you")
    theirs.get_by_label("Your password").fill(PASSWORD)
    theirs.get_by_role("button", name="Set it up").click()
    theirs.get_by_text("It cannot be read?").click()
    secret = theirs.locator("details code").inner_text().replace(" ", "")
    theirs.get_by_label("Type the code").fill(pyotp.TOTP(secret).at(clock.now()))
    theirs.get_by_role("button", name="Turn it on").click()
    codes = theirs.locator("#codes").inner_text().split()
    guest.clear_cookies()
    sign_in(theirs, team, "guest")
    theirs.get_by_label("Code").fill(codes[0])
    theirs.get_by_role("button", name="Sign in").click()
    expect(theirs).to_have_url(f"{team.root}/you")
    expect(theirs.get_by_text("9 recovery codes left")).to_be_visible()
    page.goto(f"{team.root}/team")
    page.get_by_label("Role of Gu Est").select_option("analyst")
    press(page.get_by_role("button", name="Set the role of Gu Est"))
    theirs.reload()
    expect(theirs).to_have_url(f"{team.root}/login?next=/you")
    assert complaints == []
    owner.close()
    guest.close()


def test_every_page_of_people_is_accessible_and_fits(browser: Browser, team: Live, shots: Path | None):
    name, other = "cleo", "dan"
    link = added(team, name)
    added(team, other, "viewer")
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    steps = count(1)

    def looked_at() -> None:
        look_at(page, shots, f"people-{next(steps):02}")

    page.goto(link)
    looked_at()
    choose_and_sign_in(page, team, link, name)
    looked_at()
    page.get_by_label("Your password").fill(PASSWORD)
    press(page.get_by_role("button", name="Set it up"))
    looked_at()
    page.get_by_text("It cannot be read?").click()
    secret = page.locator("details code").inner_text().replace(" ", "")
    page.get_by_label("Type the code").fill(pyotp.TOTP(secret).at(clock.now()))
    press(page.get_by_role("button", name="Turn it on"))
    looked_at()
    page.goto(f"{team.root}/team/keys")
    page.get_by_label("For which program?").fill("Warehouse")
    press(page.get_by_role("button", name="Make the key"))
    looked_at()
    page.get_by_role("checkbox").first.check()
    press(page.get_by_role("button", name="Make the key"))
    looked_at()
    page.goto(f"{team.root}/team")
    page.get_by_label("E-mail").fill(f"{name}@away.example")
    press(page.get_by_role("button", name="Make the link"))
    looked_at()
    invitation = page.locator("#once").inner_text()
    for path in ("/team", "/team/keys", "/team/log", "/you"):
        page.goto(f"{team.root}{path}")
        looked_at()
    page.goto(f"{team.root}/team")
    page.get_by_text(f"for {other.title()}").locator("..").click()
    looked_at()
    press(page.get_by_role("link", name="Remove from the team").locator("visible=true"))
    looked_at()
    context.clear_cookies()
    page.goto(invitation)
    looked_at()
    sign_in(page, team, name)
    looked_at()
    context.close()
