"""The pages of notices and the mails, in a real browser: what axe says of them, and that they fit."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from collector import clock
from collector.accounts.actions import sign_in
from collector.db import Database
from collector.notices.actions import add_rule, order_test, settle
from collector.notices.digests.digest import Digest
from collector.notices.letter import compose_digest, compose_notice
from collector.notices.notice import Item, Notice
from collector.notices.outcome import Result
from collector.notices.queries import messages, rule_numbered
from collector.notices.rule import Wanted
from tests.browser.looks import LOOKS, findings, fits, look_at, seen_as
from tests.make import make_member, make_site
from tests.servers.live import Live

ITEM = Item(
    number=1,
    score=7,
    segment="passive",
    category="Price",
    site="Fernweh Rail",
    page="https://rail.example/" + "checkout/" * 20,
    words="Shipping is dear for what it is, and it shows only at the very end.",
    at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    link="https://ask.example.com/responses/1",
)
NOTICE = Notice("msg_1", "Price on checkout", (ITEM, ITEM), 23, "https://ask.example.com/inbox?category=price")
DIGEST = Digest(
    team="Fernweh",
    every="weekly",
    came={"passive": 31, "promoter": 40, "detractor": 12},
    before={"passive": 28, "promoter": 44},
    categories=(("Price", 21), ("Something is broken", 9), ("Speed", 4)),
    comments=(ITEM, ITEM),
    overdue=3,
    changes=("Ann: site renamed, Fernweh Rail", "and 4 more"),
    link="https://ask.example.com/inbox",
)


@pytest.fixture(scope="module")
def paths(live: Live) -> Iterator[dict[str, str]]:
    """A signed-in member's cookie, and the pages by name: the rule's has a failed test on it."""
    folder = live.environ["LUKEWARM_DATA_DIR"]
    database, key = Database(f"sqlite:///{folder}/lukewarm.db"), Path(folder, "secret.key").read_bytes().strip()
    now = clock.now()
    with database.writing() as tx:
        site, member = make_site(tx, name="Rail", team="Notices"), make_member(tx, team="Notices")
        wanted = Wanted(
            "Price on checkout", "webhook", site=site.id, segment="passive", address="https://x.invalid/hook"
        )
        number = add_rule(tx, site.team, member, wanted, key, now)
        add_rule(tx, site.team, member, Wanted("All", "email", member=member), key, now)
        order_test(tx, rule_numbered(tx, site.team, number, key), member, now)
        (told,) = messages(tx, site.team, number, 1)
        settle(tx, told.id, Result("refused", "403"), now)
        cookie = sign_in(tx, member, site.team, "test", now)
    yield {"cookie": cookie, "list": "/team/notices", "rule": f"/team/notices/{number}", "new": "/team/notices/new"}
    database.dispose()


def opened(browser: Browser, live: Live, paths: dict[str, str]) -> Page:
    context = browser.new_context(reduced_motion="reduce")
    context.add_cookies([{"name": "lukewarm", "value": paths["cookie"], "url": live.root}])
    return context.new_page()


def test_every_page_is_accessible_and_fits(browser: Browser, live: Live, paths: dict[str, str], shots: Path | None):
    page = opened(browser, live, paths)
    for step, path in (
        ("list", paths["list"]),
        ("rule", paths["rule"]),
        ("new", paths["new"]),
        ("you", "/you/notices"),
    ):
        page.goto(live.root + path)
        look_at(page, shots, f"notices-{step}")
    page.goto(live.root + paths["rule"])
    page.get_by_role("button", name="Show the secret").click()
    expect(page.get_by_text("whsec_")).to_be_visible()
    page.locator("[name=page]").fill("https://rail.example/")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look_at(page, shots, "notices-refused")
    page.context.close()


def test_a_form_asks_only_for_what_its_way_needs(browser: Browser, live: Live, paths: dict[str, str]):
    page = opened(browser, live, paths)
    page.goto(live.root + paths["new"])
    address, who = page.get_by_label("Address of the webhook"), page.get_by_label("Who", exact=True)
    for way, shown, hidden in (("Slack", address, who), ("E-mail", who, address), ("Program", address, who)):
        page.get_by_label(way, exact=True).check()
        expect(shown).to_be_visible()
        expect(hidden).to_be_hidden()
    page.context.close()


def html(letter: EmailMessage) -> str:
    body = letter.get_body(("html",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize("kind", ["notice", "digest"])
def test_every_letter_is_accessible_and_fits(browser: Browser, tmp_path: Path, kind: str):
    stop = "https://ask.example.com/digest/x"
    letter = (
        compose_notice(NOTICE, "ask@example.com", "ann@example.com", stop)
        if kind == "notice"
        else compose_digest(DIGEST, "ask@example.com", "ann@example.com", "name", stop, stop)
    )
    file = tmp_path / "letter.html"
    file.write_text(html(letter), "utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    for look in LOOKS.values():
        with seen_as(page, look):
            # A letter is shown within a mail program, which brings the landmarks.
            assert [
                one for one in findings(page, *look.rules) if " region:" not in one and " landmark-" not in one
            ] == []
            assert fits(page)
    page.close()
