"""Nothing that anybody typed runs, loads or breaks out: on the team's pages, on visitors' pages and in mails."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser
from sqlalchemy import String, Text, cast, literal, select, update
from sqlalchemy.orm import Session

from collector.accounts.actions import sign_in
from collector.accounts.people.actions import invite
from collector.app import create_app
from collector.cases.actions import make_case, put_tag
from collector.channels.actions import begin
from collector.channels.delivery import NewDelivery
from collector.channels.providers.folder import Folder
from collector.config import Settings
from collector.config.secret_file import signing_key
from collector.contacts.actions import keep_address
from collector.contacts.address import digest_of, read_address
from collector.contacts.contact import Consent
from collector.followups.models import FollowUpRow
from collector.ids import public_id
from collector.migrations.tables import METADATA
from collector.notices.digests.digest import Digest
from collector.notices.letter import compose_digest, compose_notice
from collector.notices.notice import Item, Notice
from collector.reaching.letter import Letter, compose
from collector.responses.models import ResponseRow
from collector.signing import token_for
from collector.surveys.models import SurveyRow
from collector.web.guards import Role
from tests.browser.test_inbox import Room, hostile
from tests.browser.tripwire import ALL, PAYLOADS, Tripwire
from tests.make import make_member
from tests.servers.live import Live
from tests.web.test_tenancy import made, ways

#: Columns of text that hold what the program itself says: names that are looked up, states, times, secrets.
KEPT = set(
    """channel day every event folded how industry key kind language mark off_why only_channel pack password prefix press
    purpose query question scale segment state totp_secret verb version way zone""".split()
)


def say(tx: Session, team: int) -> None:
    """Has everything that somebody in a team typed, named or sent along say all payloads at once."""
    for table in METADATA.sorted_tables:
        whose = {"team": "id", "member": "id"}.get(table.name, "team_id")
        if whose not in table.c:
            continue
        members = select(METADATA.tables["membership"].c.member_id).where(
            METADATA.tables["membership"].c.team_id == team
        )
        here = table.c[whose].in_(members) if table.name == "member" else table.c[whose] == team
        number = cast(table.c["id"], String) if "id" in table.c else literal("")
        for column in table.c:
            if isinstance(column.type, String | Text) and column.name not in KEPT and not column.primary_key:
                tx.execute(update(table).where(here, column.is_not(None)).values({column: literal(f"{ALL} ") + number}))
    change = METADATA.tables["change"]
    tx.execute(update(change).where(change.c.team_id == team).values(detail={ALL: ALL, "list": PAYLOADS}))
    labels = [
        {"key": "price", "label": {"en": ALL}, "hidden": False},
        {"key": "own", "label": {"en": ALL}, "hidden": False},
    ]
    own = [
        {"key": f"q{number}", "frame": "open", "kind": "text", "text": {"en": said}, "segment": ["passive"]}
        for number, said in enumerate(PAYLOADS)
        if "{" not in said  # else it is a placeholder that nobody knows, and refused
    ]
    values = {"prompt": {"en": ALL}, "categories": labels, "questions": {"question": own}}
    tx.execute(update(SurveyRow).where(SurveyRow.team_id == team).values(**values))


@pytest.fixture(scope="module")
def key(live: Live) -> bytes:
    """What the collector makes its tokens with."""
    return signing_key(Settings(data_dir=Path(live.environ["LUKEWARM_DATA_DIR"])))


@pytest.fixture(scope="module")
def room(live: Live) -> Iterator[Room]:
    """A team in which everything says the payloads, with one response in which everything does too."""
    made = Room(live, "Named")
    yield made
    made.database.dispose()


def test_a57_to_a64_nothing_that_a_member_named_runs_on_any_page_of_the_team(
    live: Live, browser: Browser, room: Room, key: bytes
):
    rich = hostile(room, ALL)
    app = create_app(Settings(secret_key="a key that only makes the list of routes"), room.database)
    with room.database.writing() as tx:
        owner = make_member(tx, Role.owner, team="Named", email="named@named.example")
        case = make_case(tx, room.site.team, rich, owner, public_id("p"), room.now)
        put_tag(tx, room.site.team, case, owner, public_id("p"), "tag", room.now)
        nonce = invite(tx, room.site.team, "guest@named.example", Role.viewer, owner, room.now)
        room.token = sign_in(tx, owner, room.site.team, "agent", room.now)
    named = [(way, made(room.database, way, "Named", owner)) for way in ways(app) if way.method == "GET"]
    with room.database.writing() as tx:
        say(tx, room.site.team)
    site, survey = f"/sites/{room.site.key}", f"/sites/{room.site.key}/survey"
    typed = urlencode({"language": "en", "prompt": ALL, "accent": ALL, "launcher": ALL, "page": ALL, "comment": ALL})
    paths = [way.path(values) for way, values in named if not way.rule.startswith("/exports/")]
    paths = [path for path in paths if not path.endswith("/seen")]  # answers without a page
    paths += [
        f"/cases/{case}",
        f"/responses/{rich}",
        site,
        survey,
        f"{survey}/look",
        f"{survey}/questions?score=8&{typed}",
    ]
    paths += [f"{survey}/look/preview?{typed}", f"{survey}/look/sample?{typed}", f"{survey}/why?{typed}"]
    paths += [f"/cases?view={quote(PAYLOADS[1])}", f"/team/log?after={quote(PAYLOADS[1])}", f"/login?next={quote(ALL)}"]
    paths.append(f"/invitations/{token_for(key, 'invitation', room.site.team, nonce)}")
    page = room.open(browser)
    wire = Tripwire(page, f"{live.root}/", known=("status of 4", "lukewarm:"))
    shown = []
    for path in paths:
        reply = page.goto(live.root + path)
        assert reply is not None
        assert reply.status < 500, path
        wire.check(path)
        shown += [path] if "window.ran" in page.content() else []
    assert len(shown) > 30, "the pages do show what was typed"
    page.context.close()


def test_a56_to_a64_nothing_that_anybody_wrote_runs_on_the_pages_of_visitors(
    live: Live, browser: Browser, room: Room, key: bytes
):
    number = hostile(room, ALL)
    with room.database.writing() as tx:
        (place,) = tx.execute(select(ResponseRow.site_id, ResponseRow.submission_id).where(ResponseRow.id == number))
        tx.execute(
            update(FollowUpRow)
            .where(FollowUpRow.site_id == place[0], FollowUpRow.submission_id == place[1])
            .values(state="offered", language="en", answered_at=None)
        )
        tx.execute(update(ResponseRow).where(ResponseRow.id == number).values(language="en"))
        address = read_address("email", "somebody@mail.example")
        keep_address(tx, room.site, place[1], address, Consent(ALL, "1", "en", room.now, "form"), None)
        begin(tx, NewDelivery(room.site.team, *place, "link", "email", digest_of(address)), room.now)
        say(tx, room.site.team)
    tokens = {name: token_for(key, name, *place) for name in ("response", "answer", "unsubscribe", "own", "decoy")}
    form, own, asked = f"/f/{room.site.key}", f"/r/{tokens['response']}", f"/a/{tokens['answer']}"
    mine, stop = f"/m/{tokens['own']}", f"/u/{tokens['unsubscribe']}"
    pages = (
        own,
        f"{own}/question",
        f"{own}/thanks",
        f"{own}/correct",
        f"{own}/erase",
        f"{asked}/mine",
        f"{asked}/withdraw",
    )
    more = (
        mine,
        f"{mine}/erase",
        stop,
        f"/l/{tokens['decoy']}",
        f"{form}?page={quote(ALL)}",
        f"{asked}?area={quote(ALL)}",
    )
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    wire = Tripwire(page, f"{live.root}/", known=("status of 4",))
    shown = []
    for path in (*pages, *more):
        page.goto(live.root + path)
        wire.check(path)
        shown += [path] if "window.ran" in page.content() else []
    assert len(shown) > 10, "the pages do show what was typed"
    for path, send in ((form, "button.send"), (asked, "form button"), (f"{own}/question", "button.send")):
        page.goto(live.root + path)
        page.locator("textarea").first.evaluate("(node) => node.removeAttribute('maxlength')")
        page.locator("textarea").first.fill(ALL)
        with page.expect_navigation():
            page.locator(send).first.click()
        wire.check(f"sent to {path}")
        assert "window.ran" in page.content()
    context.close()


def letters(live: Live) -> list[Any]:
    """A question, a notice and a digest in which everything says the payloads."""
    now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    item = Item(1, 8, ALL, ALL, ALL, ALL, ALL, now, f"{live.root}/responses/1")
    at = f"{live.root}/x"
    question = Letter(
        ALL, "en", "demo@example.com", "a@example.com", ALL, tuple((said, said) for said in PAYLOADS), at, at, at, "ask",
        now, "question",
    )  # fmt: skip
    notice = Notice("notice", ALL, (item, item), 23, at)
    digest = Digest(ALL, "weekly", {"passive": 1}, {"passive": 2}, ((ALL, 3),), (item,), 3, (ALL,), at)
    return [
        compose(question),
        compose_notice(notice, "demo@example.com", "a@example.com", at),
        compose_digest(digest, "demo@example.com", "a@example.com", "digest", at, at),
    ]


def test_a36_a61_nothing_in_a_mail_runs_or_loads_and_the_demos_mailbox_keeps_every_mail_in_its_frame(
    live: Live, browser: Browser
):
    folder = Path(live.environ["LUKEWARM_DATA_DIR"]) / "demo-mails"
    context = browser.new_context()
    page = context.new_page()
    # Without any policy of ours: how a mail program might show it.
    wire = Tripwire(page, "about:", "data:")
    for letter in letters(live):
        html = letter.get_body(("html",)).get_content()
        page.set_content(html)
        wire.check(letter["Subject"][:40])
        assert "window.ran" in page.content()
        Folder(folder).send(letter, "a@example.com")
    raw = letters(live)[0]
    del raw["Message-ID"]
    raw["Message-ID"] = "<raw@example.com>"
    raw.get_body(("html",)).set_content(f"<html><head></head><body>{ALL}</body></html>", subtype="html")
    Folder(folder).send(raw, "a@example.com")
    shown = context.new_page()
    ours = Tripwire(
        shown, f"{live.root}/", known=("Blocked script execution", "Content Security Policy", "status of 4")
    )
    for path in ("/demo/mail", "/demo/mail/notice", "/demo/mail/raw", "/demo/mail/raw/html"):
        shown.goto(live.root + path)
        ours.check(path)
    context.close()
    for name in ("question", "notice", "digest", "raw"):
        (folder / f"{name}.eml").unlink()
