#!/usr/bin/env python3
"""Fills a database with responses, as visitors leave them, and measures what the team's pages cost on it.

    python -m bench.dashboard [--responses N] [--texts FILE]
    TEST_POSTGRESQL=FOLDER python -m bench.dashboard --postgresql

Times are of a whole request in this process, from the WSGI call to the compressed page; network and browser are not in them.
`cpu` is the processor time of this process, with SQLite's and without PostgreSQL's: it stays the same when others are at work.
`--texts` names JSON lines with a `comment` each. Each kind of page is asked for with many different queries, in turn."""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, insert, literal, select, text

from collector.app import create_app
from collector.cases.models import CaseRow
from collector.config import Settings
from collector.db import Database
from collector.db.bulk import BulkWriter
from collector.followups.actions import offer
from collector.followups.follow_up import NewFollowUp
from collector.followups.models import FollowUpRow
from collector.inbox.actions import fill
from collector.logs import set_up
from collector.migrations import upgrade
from collector.responses.actions import record
from collector.responses.models import ResponseRow
from collector.responses.response import NewResponse
from collector.scales import SCALES
from collector.sites.site import Site
from collector.surveys.queries import surveys_of
from tests.make import let_in, make_member, make_site
from tests.servers.postgres import Postgres

BEGIN = datetime(2025, 11, 22, tzinfo=UTC)
YEAR = timedelta(days=365)
NOW = BEGIN + YEAR
CATEGORIES = (None, None, "bug", "suggestion", "content", "usability", "performance", "price", "other")
PATHS = (
    "/",
    "/pricing",
    "/checkout",
    "/checkout/payment",
    "/account/orders",
    "/docs/start",
    *(f"/p/{n}" for n in range(500)),
)
AT_ONCE = 5000
ROUNDS = 100


def main() -> None:
    """Prints the time and weight of each page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--responses", type=int, default=1_000_000)
    parser.add_argument("--texts", type=Path, nargs="+", default=[Path(__file__).with_name("sample.jsonl")])
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    options = parser.parse_args()
    set_up("json", "error")
    comments = [json.loads(line).get("comment", "") for file in options.texts for line in file.open(encoding="utf-8")]
    with (
        tempfile.TemporaryDirectory(prefix="dashboard-", dir="/dev/shm") as name,
        _database(Path(name), options.postgresql) as database,
    ):
        upgrade(database)
        health = database.health()
        print(f"{health.database} {health.version}, {options.responses:,} responses, {len(comments):,} comments")
        with database.writing() as tx:
            sites = [
                make_site(tx, name="Shop"),
                make_site(tx, name="Help", origins=("https://help.example",), industry="documentation"),
            ]
            owner = make_member(tx)
        _timed("responses written", options.responses, lambda: _write(database, sites, comments, options.responses))
        _timed("made searchable", options.responses, lambda: _index(database))
        settings = Settings(
            data_dir=Path(name), database_url=str(database.url), secret_key="x" * 40, log_level="critical"
        )
        client = create_app(settings, database, now=lambda: NOW).test_client()
        with database.writing() as tx:
            let_in(client, tx, owner)
        with database.writing() as tx:
            tx.execute(text("update session set created_at = :now, seen_at = :now"), {"now": NOW.replace(tzinfo=None)})
        measure(client, database)


def measure(client: FlaskClient, database: Database) -> None:
    """Prints p50 and p95 of each kind of page in milliseconds, the most statements that one made, and the weight of the
    largest, with all that it loads."""
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    rng = random.Random(7)
    first = client.get("/inbox").get_data(as_text=True)
    assert 'class="lines"' in first
    numbers = [int(part.split("?")[0].split('"')[0]) for part in first.split('href="/responses/')[1:]]
    weight = _files(client, first)
    words = ["crash", "price", "slow", "update", "friendly", "waiting", "sync", "easy", "login", "refund"]

    def day() -> str:
        return f"{BEGIN + rng.random() * YEAR:%Y-%m-%d}"

    kinds = {
        "first page": lambda: "/inbox",
        "segment and category": lambda: f"/inbox?segment=passive&category={rng.choice(['bug', 'price', 'content'])}",
        "page of one kind, answered": lambda: f"/inbox?answered=yes&page=/p/{rng.randrange(10, 50)}",
        "before a day": lambda: f"/inbox?until={day()}&segment=detractor",
        "open cases": lambda: "/inbox?state=open",
        "how many, of one segment": lambda: "/inbox/count?segment=passive&category=price",
        "search, one word": lambda: f"/inbox?text={rng.choice(words)}",
        "search, a common word": lambda: f"/inbox?text={rng.choice(['the', 'and', 'app', 'very'])}",
        "search, two words of passives": lambda: f"/inbox?text={'+'.join(rng.sample(words, 2))}&segment=passive",
        "a response": lambda: f"/responses/{rng.choice(numbers) - rng.randrange(numbers[0] // 2)}?segment=passive",
    }
    print(f"{'page':32} {'p50':>8} {'p95':>8} {'cpu p50':>8} {'cpu p95':>8} {'statements':>10} {'largest':>10}")
    for name, address in kinds.items():
        times, work, asked, largest = [], [], 0, 0
        for number in range(ROUNDS + 5):
            path = address()
            statements.clear()
            begin, used = time.perf_counter(), time.process_time()
            reply = client.get(path, headers={"Accept-Encoding": "br"})
            took, used = (time.perf_counter() - begin) * 1000, (time.process_time() - used) * 1000
            assert reply.status_code == 200, (path, reply.status_code)
            asked = max(asked, sum(not one.startswith("BEGIN") for one in statements))
            largest = max(largest, len(reply.get_data()) + weight)
            if number >= 5:
                times.append(took)
                work.append(used)
        p95, cpu = (statistics.quantiles(figures, n=20)[18] for figures in (times, work))
        middle, middle_cpu = statistics.median(times), statistics.median(work)
        print(
            f"{name:32} {middle:6.1f}ms {p95:6.1f}ms {middle_cpu:6.1f}ms {cpu:6.1f}ms {asked:10} {largest / 1000:7.1f} kB"
        )


def _files(client: FlaskClient, page: str) -> int:
    """Bytes of the files that a page loads, compressed; none comes from elsewhere."""
    found = {part.split('"')[0] for mark in ('src="', 'href="') for part in page.split(mark)[1:]}
    own = sorted(one for one in found if one.startswith("/static/"))
    assert not any(one.startswith(("http:", "https:", "//")) for one in found), "a file of somebody else's"
    return sum(len(client.get(one, headers={"Accept-Encoding": "br"}).get_data()) for one in own)


def _write(database: Database, sites: list[Site], comments: list[str], count: int) -> None:
    rng = random.Random(1)
    with database.reading() as tx:
        surveys = [surveys_of(tx, site.id)[0] for site in sites]
    writer = BulkWriter(database)
    for begin in range(0, count, AT_ONCE):
        made = []
        for number in range(begin, min(count, begin + AT_ONCE)):
            place = 0 if rng.random() < 0.8 else 1
            made.append(
                _response(rng, sites[place], surveys[place].id, comments, BEGIN + YEAR * (number / count), number)
            )
        with writer.writing() as tx, tx.together():
            record(tx, made)
            offer(tx, [_follow_up(rng, one) for one in made if one.segment != "detractor"])
    writer.close()
    with database.writing() as tx:
        answered = FollowUpRow.id % 3 == 0
        answer = {"state": "answered", "answered_at": NOW, "answer_text": "A yearly plan for small teams would do."}
        tx.execute(FollowUpRow.__table__.update().where(answered).values(**answer))
    with database.writing() as tx:
        rows = select(
            ResponseRow.team_id, ResponseRow.site_id, ResponseRow.submission_id, literal("new"),
            literal(NOW, CaseRow.due_at.type), literal(NOW, CaseRow.made_at.type), literal(0),
        ).where(ResponseRow.segment == "passive")  # fmt: skip
        columns = ["team_id", "site_id", "submission_id", "state", "due_at", "made_at", "revision"]
        tx.execute(insert(CaseRow).from_select(columns, rows))
        tx.execute(text("update response_case set state = 'done' where id % 10 <> 0"))


def _response(
    rng: random.Random, site: Site, survey: int, comments: list[str], at: datetime, number: int
) -> NewResponse:
    score = rng.choice((10, 10, 9, 9, 8, 8, 7, 7, 6, 5, 3, 0))
    return NewResponse(
        team=site.team,
        site=site.id,
        survey=survey,
        submission=UUID(int=(int(at.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | number),
        digest=bytes(32),
        scale="nps",
        score=score,
        segment=SCALES["nps"].band(score).segment,
        category=rng.choice(CATEGORIES),
        comment=rng.choice(comments) if rng.random() < 0.6 else "",
        page=site.origins[0] + rng.choice(PATHS),
        language=rng.choice(("en", "en", "en", "fr", "de")),
        configuration="0" * 16,
        attributes={"plan": rng.choice(("free", "pro"))},
        partial=rng.random() < 0.05,
        suspect=None,
        received_at=at,
    )


def _follow_up(rng: random.Random, to: NewResponse) -> NewFollowUp:
    return NewFollowUp(
        team=to.team,
        site=to.site,
        submission=to.submission,
        fingerprint=rng.randbytes(32),
        channel="widget",
        pack="neutral",
        question="plain",
        language=to.language,
        kind="text",
        text="What would have made it better for you?",
        areas=(),
        variant=1,
        probability=1.0,
        why="Score 8 is passive on NPS; the comment is plain; asked for the obstacle, from the pack “Neutral”.",
        offered_at=to.received_at,
        expires_at=to.received_at + timedelta(days=60),
    )


def _index(database: Database) -> None:
    longest, count = 0.0, 0
    while True:
        begin = time.perf_counter()
        with database.writing() as tx:
            done = fill(tx, 200)
        longest = max(longest, time.perf_counter() - begin)
        count += done
        if not done:
            break
    print(f"  {count:,} of them say something; the longest transaction of 200 took {longest * 1000:.0f} ms")
    if not database.embedded:
        # PostgreSQL does so by itself, in time. SQLite is asked without statistics, as in use; with those of an index for
        # searching that is still empty it would look through all of it whenever it puts two parts together.
        with database.connection() as connection:
            connection.execute(text("analyze"))


def _timed(what: str, count: int, do: Callable[[], None]) -> None:
    begin = time.perf_counter()
    do()
    took = time.perf_counter() - begin
    print(f"{what}: {took:.0f} s, {took / count * 1e6:.0f} µs each")


@contextmanager
def _database(folder: Path, on_postgresql: bool) -> Iterator[Database]:
    if not on_postgresql:
        database = Database(f"sqlite:///{folder}/lukewarm.db")
        yield database
        database.dispose()
        return
    cluster = Postgres(folder)
    try:
        with create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("create database dashboard"))
        database = Database(cluster.url("dashboard"))
        yield database
        database.dispose()
    finally:
        cluster.remove()


if __name__ == "__main__":
    main()
