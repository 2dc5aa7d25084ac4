"""Digests: at the member's own hour, of whole days, with something to tell or not at all, and stopped with one press."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select, update

from collector.accounts.actions import note_change
from collector.accounts.models import MemberRow, MembershipRow
from collector.channels.delivery import Outcome
from collector.channels.providers import providers_for
from collector.notices.digests.actions import choose
from collector.notices.digests.digest import Digest, line
from collector.notices.digests.jobs import order_digests
from collector.notices.digests.period import latest, next_moment, told_of
from collector.notices.models import DigestRow
from collector.reaching.outward import Outward
from collector.web.guards import Role
from tests.conftest import on_sqlite
from tests.make import NOW, let_in, make_member
from tests.notices.conftest import KEY, ROOT, SENDER, Team
from tests.notices.test_rules import Server, by, plain
from tests.servers.mail import MailServer

#: The Monday after the tests' Sunday, and the one after that.
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NEXT = MONDAY + timedelta(days=7)

HELSINKI, SAO_PAULO = ZoneInfo("Europe/Helsinki"), ZoneInfo("America/Sao_Paulo")


def at(here: Team, moment: datetime, server: Server | None = None) -> None:
    """Does what is due at a moment."""
    here.work(moment - here.clock(), by(server) if server else None)


def html(letter: EmailMessage) -> str:
    body = letter.get_body(("html",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize(
    ("every", "hour", "zone", "after", "wanted"),
    [
        ("weekly", 8, "UTC", "2026-11-22T09:00", "2026-11-23T08:00"),
        ("weekly", 8, "UTC", "2026-11-23T08:00", "2026-11-30T08:00"),
        ("daily", 8, "UTC", "2026-11-22T07:59", "2026-11-22T08:00"),
        ("daily", 8, "Europe/Helsinki", "2026-11-22T06:00", "2026-11-23T06:00"),
        ("weekly", 0, "Pacific/Auckland", "2026-11-22T10:00", "2026-11-22T11:00"),
        # Clocks go from 03:00 to 04:00 on 29 March 2026 in Helsinki, from 04:00 back to 03:00 on 25 October.
        ("daily", 3, "Europe/Helsinki", "2026-03-28T12:00", "2026-03-29T01:00"),
        ("daily", 8, "Europe/Helsinki", "2026-03-28T12:00", "2026-03-29T05:00"),
        ("daily", 3, "Europe/Helsinki", "2026-10-24T12:00", "2026-10-25T00:00"),
        ("daily", 3, "Europe/Helsinki", "2026-10-25T00:00", "2026-10-26T01:00"),
    ],
)
def test_the_hour_is_the_members_own_also_when_clocks_change(every: str, hour: int, zone: str, after: str, wanted: str):
    moment = datetime.fromisoformat(f"{after}+00:00")
    assert next_moment(every, hour, ZoneInfo(zone), moment) == datetime.fromisoformat(f"{wanted}+00:00")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Helsinki", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia"])
@pytest.mark.parametrize("hour", [0, 2, 3, 23])
def test_over_a_year_there_is_one_for_each_day_and_none_twice(zone: str, hour: int):
    there = ZoneInfo(zone)
    moment = datetime(2025, 12, 31, 12, tzinfo=there).astimezone(UTC)
    days = []
    for _ in range(365):
        following = next_moment("daily", hour, there, moment)
        assert following is not None
        moment = following
        days.append(moment.astimezone(there).date())
    assert days == sorted(set(days))
    assert (days[-1] - days[0]).days == 364


def test_what_is_told_of_is_whole_days_on_the_members_clocks():
    due = datetime(2026, 10, 26, 6, 0, tzinfo=UTC)  # Monday 08:00, a day after the clocks went back
    before, since, until = told_of("weekly", HELSINKI, due)
    assert (until - since, since - before) == (timedelta(days=7, hours=1), timedelta(days=7))
    assert since.astimezone(HELSINKI).hour == before.astimezone(HELSINKI).hour == 8


def test_after_a_pause_there_is_one_digest_and_it_is_the_newest():
    assert latest("weekly", 8, ZoneInfo("UTC"), MONDAY, NEXT + timedelta(days=15)) == NEXT + timedelta(days=14)
    assert latest("daily", 8, SAO_PAULO, MONDAY, MONDAY) == MONDAY


def test_whoever_chose_nothing_hears_on_mondays_what_came_and_what_changed(here: Team):
    here.work()
    for number in range(1, 4):
        here.says(number, score=7, category="price", comment=f"Words of {number}.")
    here.says(4, score=10)
    here.says(5, score=3, category="bug", comment="It <b>broke</b>.")
    with here.database.writing() as tx:
        note_change(tx, here.site.team, here.member, "site.renamed", "Shop", here.clock())
    at(here, MONDAY - timedelta(seconds=1))
    assert here.letters() == []
    at(here, MONDAY)
    (letter,) = here.letters()
    text = " ".join(plain(letter).split())
    assert letter["Subject"] == "Home: 5 responses in a week, 5 more than the week before"
    assert letter["To"] == "owner@home.example"
    assert "Passive: 3 (before: 0) Promoter: 1 (before: 0)" in text
    assert "Price 3, Something is broken 1" in text
    assert "3 · Detractor · Something is broken · shop.example" in text
    assert "Owner: site renamed, Shop" in text
    assert re.findall(r"Words of \d|It <b>", text) == ["Words of 3", "Words of 2", "Words of 1", "It <b>"]
    assert "It &lt;b&gt;broke" in html(letter)
    assert not re.search(r"(?i)<img|<script|<link|@import|url\(|src=", html(letter))
    here.says(6)
    at(here, NEXT)
    assert here.letters()[1]["Subject"] == "Home: 1 response in a week, 4 fewer than the week before"


@on_sqlite
def test_when_nothing_happened_there_is_no_letter(here: Team):
    here.work()
    at(here, MONDAY)
    at(here, NEXT)
    assert here.letters() == []


@on_sqlite
def test_lines_of_the_audit_log_are_for_owners(here: Team):
    with here.database.writing() as tx:
        make_member(tx, Role.editor)
        note_change(tx, here.site.team, here.member, "site.renamed", "Shop", here.clock())
    here.work()
    at(here, MONDAY)
    assert [letter["To"] for letter in here.letters()] == ["owner@home.example"]


@on_sqlite
def test_each_choice_is_kept(here: Team):
    here.says(1)
    with here.database.writing() as tx:
        make_member(tx, Role.viewer)
        tx.execute(update(MemberRow).where(MemberRow.id == here.member).values(zone="Europe/Helsinki"))
        choose(tx, here.member, here.site.team, "daily", 12, "Europe/Helsinki", here.clock())
    at(here, datetime(2026, 11, 22, 9, 59, tzinfo=UTC))
    assert here.letters() == []
    at(here, datetime(2026, 11, 22, 10, 0, tzinfo=UTC))
    assert [letter["To"] for letter in here.letters()] == ["owner@home.example"]
    with here.database.writing() as tx:
        choose(tx, here.member, here.site.team, "never", 12, "Europe/Helsinki", here.clock())
    at(here, MONDAY)
    assert [letter["To"] for letter in here.letters()][1:] == ["viewer@home.example"]


def test_whoever_left_gets_none_and_of_another_team_nobody_hears(here: Team):
    here.says(1)
    with here.database.writing() as tx:
        make_member(tx, team="Other")
        gone = make_member(tx, Role.viewer)
    here.work()
    with here.database.writing() as tx:
        tx.delete(tx.get_one(MembershipRow, (gone, here.site.team)))
    at(here, MONDAY)
    assert [letter["To"] for letter in here.letters()] == ["owner@home.example"]


@on_sqlite
def test_one_press_stops_it_also_a_mail_programs(here: Team, app: Flask):
    here.says(1)
    here.work()
    at(here, MONDAY)
    (letter,) = here.letters()
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = letter["List-Unsubscribe"].strip("<>").removeprefix(ROOT)
    stranger = app.test_client()
    page = stranger.get(path)
    assert (page.status_code, "Stop the digest" in page.text) == (200, True)
    here.says(2)
    at(here, NEXT)
    assert len(here.letters()) == 2  # looking changed nothing
    for _ in range(2):
        assert stranger.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    here.says(3)
    at(here, NEXT + timedelta(days=7))
    assert len(here.letters()) == 2
    for other in (path[:-1] + ("A" if path[-1] != "A" else "B"), "/digest/x"):
        assert stranger.post(other).status_code == 404


@on_sqlite
def test_a_mail_server_that_is_away_is_tried_again_under_the_same_name(here: Team):
    here.says(1)
    here.work()
    server = Server(Outcome("deferred", "connect lost"))
    at(here, MONDAY, server)
    at(here, MONDAY + timedelta(seconds=10), server)
    assert len(server.names) == 2
    assert len(set(server.names)) == 1


def test_two_workers_order_one(here: Team):
    here.says(1)
    here.work()
    here.clock.move(MONDAY - here.clock())
    server = Server()
    for worker in (here.worker(by(server)), here.worker(by(server))):
        worker.run_once()
    assert order_digests(here.database, here.clock()) == 0
    assert len(server.names) == 1


def test_a_newcomer_is_welcomed_once_by_several_workers(here: Team):
    with here.database.writing() as tx:
        for number in range(20):
            make_member(tx, Role.viewer, email=f"viewer{number}@home.example")
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: order_digests(here.database, here.clock()), range(4))) == [0] * 4
    with here.database.reading() as tx:
        rows = [(row.every, row.due_at) for row in tx.scalars(select(DigestRow))]
    assert rows == [("weekly", MONDAY)] * 21


@on_sqlite
def test_it_goes_through_a_real_mail_server(here: Team):
    here.says(1, comment="Grüße, 50 €.")
    here.work()
    with MailServer() as mails:
        url = f"smtp://127.0.0.1:{mails.port}?tls=off"
        here.work(MONDAY - here.clock(), Outward(providers_for(url, None, SENDER), SENDER, ROOT, KEY))
        ((recipient, content),) = mails.taken
    assert recipient == "owner@home.example"
    assert b"List-Unsubscribe=One-Click" in content
    assert "Grüße, 50 €.".encode() not in content  # quoted-printable: every line is ASCII
    assert max(map(len, content.splitlines())) <= 998


@on_sqlite
def test_choosing_on_the_page(here: Team):
    with here.database.writing() as tx:
        let_in(here.client, tx, make_member(tx, Role.viewer))
    assert 'value="weekly" checked' in here.client.get("/you/notices").text
    reply = here.client.post("/you/notices", data={"every": "daily", "hour": "17"})
    assert reply.location == "/you/notices?done=saved"
    page = here.client.get(reply.location).text
    assert 'value="daily" checked' in page
    assert '<option value="17" selected>17:00' in page
    for wrong in ({"every": "hourly", "hour": "8"}, {"every": "daily", "hour": "24"}, {"every": "daily"}, {}):
        assert here.client.post("/you/notices", data=wrong).status_code == 422


@pytest.mark.parametrize(
    ("came", "before", "says"),
    [
        (12, 8, "12 responses in a week, 4 more than the week before"),
        (1, 3, "1 response in a week, 2 fewer than the week before"),
        (2, 2, "2 responses in a week, as many as the week before"),
        (0, 0, "No responses in a week"),
    ],
)
def test_the_headline_compares(came: int, before: int, says: str):
    digest = Digest("Home", "weekly", {"passive": came}, {"passive": before}, (), (), 2, (), "")
    assert (digest.headline, digest.late, digest.is_news) == (says, "2 cases are overdue.", True)
    assert line(None, "notice.switched_off", "Prices") == "The program: notice switched off, Prices"
    assert NOW < MONDAY
