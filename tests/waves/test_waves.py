"""Waves of scores and copies: found by the worker, judged by the team, never on a visitor's time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import parse_qsl
from uuid import uuid4

from sqlalchemy import func, select

from collector.channels.providers.folder import Folder, written
from collector.inbox.asking import asking
from collector.notices.waves.jobs import send_wave
from collector.reaching.outward import Outward
from collector.responses.models import ResponseRow
from collector.waves.jobs import look_for_waves
from collector.waves.models import HourRow, PrintRow
from collector.web.guards import Role
from collector.worker import Worker
from tests.conftest import on_sqlite
from tests.make import let_in, make_member
from tests.waves.conftest import Watched

WORDS = "The export of last month's invoices stops at page three"


def test_a30_a_wave_of_scores_is_found_and_said_with_what_is_usual(watched: Watched):
    watched.past()
    watched.burst(500, score=0)
    (wave,) = watched.waves()
    assert (wave.kind, wave.number, wave.verdict) == ("detractor", 500, None)
    assert wave.headline == "500 Detractors in 10 minutes"
    assert wave.usually == "usually one an hour or fewer"


def test_a30_a_slow_wave_is_found_within_the_hour_and_grows_while_it_lasts(watched: Watched):
    watched.past()
    for _ in range(12):
        watched.burst(8, score=0)
    (wave,) = watched.waves()
    assert (wave.kind, wave.number) == ("detractor", 96)


@on_sqlite
def test_what_is_usual_or_has_no_past_is_no_wave(watched: Watched):
    watched.past(days=2)
    watched.burst(500, score=0)
    assert watched.waves() == []
    watched.clock.move(timedelta(days=10))
    watched.past(days=6, hourly=60)
    watched.burst(14)
    assert watched.waves() == []


def test_a29_what_is_sent_again_with_new_ids_is_marked_and_short_words_are_not(watched: Watched):
    watched.past()
    said = [f"{WORDS} and case {number} of mine is still open" for number in range(40)]
    watched.clock.move(timedelta(minutes=1))
    for text in (*said, *said, "ok", "ok", ""):
        watched.come([watched.clock()], comment=text, score=7)
        watched.clock.move(timedelta(seconds=1))
    watched.look()
    assert watched.marked()[-83:] == [None] * 40 + ["copy"] * 40 + [None] * 3
    assert {wave.kind: wave.number for wave in watched.waves()}["copy"] == 40


@on_sqlite
def test_what_came_long_before_the_first_look_is_counted_and_not_marked(watched: Watched):
    watched.come([watched.clock() - timedelta(days=2, minutes=number) for number in range(2)], comment=WORDS)
    watched.look()
    assert watched.marked() == [None, None]
    with watched.database.reading() as tx:
        assert tx.scalar(select(func.sum(HourRow.number))) == 2


@on_sqlite
def test_a_response_is_forgotten_after_a_day_and_no_words_are_kept_meanwhile(watched: Watched):
    for days in (0, 2, 0):
        watched.clock.move(timedelta(days=days))
        watched.come([watched.clock()], comment=WORDS)
        watched.look()
    assert watched.marked() == [None, None, "copy"]
    watched.clock.move(timedelta(days=1))
    watched.look()
    with watched.database.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(PrintRow)) == 0


def test_each_response_is_counted_once_however_many_workers_look(watched: Watched):
    watched.past()
    watched.come([watched.clock() + timedelta(seconds=number) for number in range(50)])
    watched.clock.move(timedelta(minutes=3))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: look_for_waves(watched.database, watched.clock()), range(4)))
    with watched.database.reading() as tx:
        assert tx.scalar(select(func.sum(HourRow.number))) == watched.count


def judge(watched: Watched, verdict: str, was: str = "") -> str:
    """What the page says after a press."""
    client = watched.app.test_client()
    with watched.database.writing() as tx:
        let_in(client, tx, make_member(tx, Role.analyst, email=f"{uuid4().hex}@home.example"))
    (wave, *_) = watched.waves()
    reply = client.post(f"/waves/{wave.id}/verdict", data={"verdict": verdict, "was": was})
    assert reply.status_code == 303
    return client.get(reply.headers["Location"]).text


def counted(watched: Watched) -> tuple[int, int]:
    """How many responses are set aside, and how many are not."""
    with watched.database.reading() as tx:
        rows = tx.execute(
            select(ResponseRow.set_aside_at.is_not(None), func.count()).group_by(ResponseRow.set_aside_at)
        )
        found = [(bool(aside), number) for aside, number in rows]
    return sum(n for aside, n in found if aside), sum(n for aside, n in found if not aside)


def test_a30_a_wave_is_set_aside_with_one_press_and_taken_back_with_another_and_both_counts_are_shown(watched: Watched):
    watched.past()
    watched.burst(700, score=0)
    page = judge(watched, "aside")
    assert counted(watched) == (700, 360)
    assert "700 of 700 responses are left out" in page
    assert '<th scope="row">NPS</th><td class="figures">−66</td><td class="figures">0</td>' in page
    for verdict, was in (("aside", ""), ("fine", "fine"), ("opened", "\0"), ("nonsense", "aside")):
        assert "Somebody was quicker" in judge(watched, verdict, was), (verdict, was)
    assert "is open again" in judge(watched, "opened", "aside")
    assert counted(watched) == (0, 1060)


def test_a_wave_that_is_all_right_grows_in_silence_and_what_comes_after_one_that_was_set_aside_is_another(
    watched: Watched,
):
    watched.past()
    watched.burst(100, score=0)
    judge(watched, "fine")
    watched.burst(100, score=0)
    (wave,) = watched.waves()
    assert (wave.number, wave.verdict) == (200, "fine")
    judge(watched, "opened", "fine")
    judge(watched, "aside")
    watched.look()
    assert [wave.verdict for wave in watched.waves()] == ["aside"]
    watched.burst(100, score=0)
    assert [(wave.number, wave.verdict) for wave in watched.waves()] == [(100, None), (200, "aside")]


@on_sqlite
def test_owners_and_editors_are_told_once_by_mail_and_nobody_after_it_was_judged(watched: Watched, tmp_path: Path):
    with watched.database.writing() as tx:
        for role in Role:
            make_member(tx, role)
    outward = Outward({"email": Folder(tmp_path)}, "ask@example.com", "http://ask.example.com", b"k" * 32)
    watched.past()
    for score in (0, 9):
        watched.burst(100, score=score)
        if score:
            judge(watched, "fine")
        watched.clock.move(timedelta(seconds=10))
        while Worker(watched.database, watched.clock, outward).run_once():
            pass
    letters = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in tmp_path.glob("*.eml")]
    assert sorted(letter["To"] for letter in letters) == ["editor@home.example", "owner@home.example"]
    for letter in letters:
        assert letter["Subject"] == "Unusual: 100 Detractors in 10 minutes"
        assert "http://ask.example.com/waves/1" in letter.get_body(("plain",)).get_content()


@on_sqlite
def test_a_letter_about_a_wave_that_is_sent_again_has_the_same_message_id(watched: Watched, tmp_path: Path):
    with watched.database.writing() as tx:
        member = make_member(tx)
    watched.past()
    watched.burst(100, score=0)
    (wave,) = watched.waves()
    order = {"team": wave.team, "wave": wave.id, "member": member}
    sent = []
    for number in ("first", "second"):
        outward = Outward({"email": Folder(tmp_path / number)}, "ask@example.com", "http://ask.example.com", b"k" * 32)
        send_wave(watched.database, outward, order, watched.clock())
        sent += [letter["Message-ID"] for _, letter in written(tmp_path / number)]
    assert len(sent) == 2
    assert len(set(sent)) == 1


@on_sqlite
def test_the_inbox_shows_a_wave_until_somebody_judges_it_and_leads_to_its_responses(watched: Watched):
    viewer = watched.app.test_client()
    with watched.database.writing() as tx:
        let_in(viewer, tx, make_member(tx, Role.viewer))
    watched.past()
    watched.burst(100, score=0)
    page = viewer.get("/inbox").text
    assert "Unusual: 100 Detractors in 10 minutes" in page
    assert "Set aside all" not in page, "viewers look"
    (wave,) = watched.waves()
    whole = viewer.get(f"/waves/{wave.id}").text
    query = whole.partition('href="/inbox?')[2].partition('"')[0].replace("&amp;", "&")
    assert not asking(dict(parse_qsl(query)), watched.clock()).faults
    assert "100 responses" in viewer.get(f"/inbox/count?{query}").text
    judge(watched, "aside")
    assert "Unusual" not in viewer.get("/inbox").text
    assert "Set aside" in viewer.get("/waves").text
