"""Outcomes: counted by page and day, nobody in them, readable by the team alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from collector.cli import main
from collector.config import Settings
from collector.db import Database
from collector.outcomes.actions import LONGEST_PAGE, count
from collector.outcomes.models import OutcomeRow
from collector.outcomes.names import OUTCOMES
from collector.outcomes.queries import Span, by_page, outcomes
from collector.outcomes.table import MOST, lines
from collector.sites.site import Site
from collector.surveys.queries import surveys_of
from tests.conftest import Clock
from tests.make import NOW, ORIGIN, make_key, make_site

PRICING = f"{ORIGIN}/pricing"


def tell(client: FlaskClient, site: Site, *names: str, page: str | None = PRICING, origin: str = ORIGIN) -> Any:
    body = {"outcomes": list(names)} | ({"page": page} if page else {})
    return client.post(f"/v1/sites/{site.key}/outcomes", json=body, headers={"Origin": origin})


def counted(database: Database, site: Site) -> dict[str | None, dict[str, int]]:
    with database.reading() as tx:
        return {page: dict(names) for page, names in by_page(tx, site.id, "2000-01-01").items()}


def test_what_pages_tell_is_counted_by_page(client, site, database):
    assert tell(client, site, "shown", "opened").status_code == 204
    assert tell(client, site, "shown", "dismissed", "shown", page=f"{PRICING}?token=x#y").status_code == 204
    assert tell(client, site, "opened", page=None).status_code == 204
    assert counted(database, site) == {PRICING: {"shown": 2, "opened": 1, "dismissed": 1}, None: {"opened": 1}}


def test_another_day_another_survey_and_another_site_are_counted_by_themselves(client, site, database, clock: Clock):
    with database.writing() as tx:
        other = make_site(tx, name="Other")
    tell(client, site, "shown")
    tell(client, other, "shown")
    clock.move(timedelta(days=1))
    tell(client, site, "shown")
    with database.reading() as tx:
        found = outcomes(tx, site.team, Span(), 0, 10)
        days = outcomes(tx, site.team, Span(site.key, "2026-11-23", "2026-11-23"), 0, 10)
    assert [(one.day, one.site, one.count) for one in found] == [
        ("2026-11-22", site.key, 1),
        ("2026-11-22", other.key, 1),
        ("2026-11-23", site.key, 1),
    ]
    assert [one.day for one in days] == ["2026-11-23"]


def test_nothing_is_stored_that_tells_people_apart(client, site, database):
    tell(client, site, *OUTCOMES)
    with database.reading() as tx:
        columns = set(tx.execute(text("select * from outcome")).keys())
    assert columns == {"id", "team_id", "site_id", "survey_id", "day", "page", "name", "count"}


def test_what_is_no_outcome_is_refused_and_not_counted(client, site, database):
    for body, pointer in (
        ({}, "/outcomes"),
        ({"outcomes": []}, "/outcomes"),
        ({"outcomes": ["seen"]}, "/outcomes/0"),
        ({"outcomes": [None]}, "/outcomes/0"),
        ({"outcomes": ["shown"] * 10}, "/outcomes"),
        ({"outcomes": ["shown"], "page": "https://evil.example/"}, "/page"),
        ({"outcomes": ["shown"], "page": "a\0"}, "/page"),
        ({"outcomes": ["shown"], "visitor": "me"}, "/visitor"),
    ):
        reply = client.post(f"/v1/sites/{site.key}/outcomes", json=body, headers={"Origin": ORIGIN})
        assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, pointer)
    assert counted(database, site) == {}


def test_a_foreign_page_an_unknown_survey_and_an_unknown_site_are_refused(client, site, database):
    assert tell(client, site, "shown", origin="https://evil.example").status_code == 403
    body = {"outcomes": ["shown"], "survey": "sv_none"}
    assert client.post(f"/v1/sites/{site.key}/outcomes", json=body, headers={"Origin": ORIGIN}).status_code == 404
    assert client.post("/v1/sites/site_none/outcomes", json=body, headers={"Origin": ORIGIN}).status_code == 404
    assert counted(database, site) == {}


def test_many_at_once_are_all_counted(app: Flask, site, database):
    def once(number: int) -> int:
        names = ["shown", "opened", "scored"] if number % 2 else ["scored", "opened", "shown"]
        return int(tell(app.test_client(), site, *names, page=f"{ORIGIN}/{number % 2}").status_code)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(once, range(64))) == {204}
    each = {"shown": 32, "opened": 32, "scored": 32}
    assert counted(database, site) == {f"{ORIGIN}/0": each, f"{ORIGIN}/1": each}


def test_made_up_pages_are_counted_together_once_there_are_too_many(site, database):
    with database.writing() as tx:
        survey = surveys_of(tx, site.id)[0]
        for number in (1, 2, 3, 4, 3, 1):
            count(tx, site, survey, f"{ORIGIN}/{number}", ["shown"], NOW, most=2)
        count(tx, site, survey, f"{ORIGIN}/{'x' * LONGEST_PAGE}", ["shown"], NOW + timedelta(days=1), most=2)
        count(tx, site, survey, f"{ORIGIN}/5", ["shown"], NOW + timedelta(days=1), most=2)
    assert counted(database, site) == {
        f"{ORIGIN}/1": {"shown": 2},
        f"{ORIGIN}/2": {"shown": 1},
        f"{ORIGIN}/5": {"shown": 1},
        None: {"shown": 4},
    }


def test_the_longest_page_that_is_counted_fits_into_the_index(site, database):
    page = (f"{ORIGIN}/" + "".join(f"{number:x}" for number in range(500)))[:LONGEST_PAGE].ljust(LONGEST_PAGE, "y")
    with database.writing() as tx:
        count(tx, site, surveys_of(tx, site.id)[0], page, ["shown"], NOW)
    assert counted(database, site) == {page: {"shown": 1}}


def test_a_request_is_counted_in_one_statement(client, site, database):
    written: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "outcome" in statement:
            written.append(statement.split()[0].lower())

    tell(client, site, *OUTCOMES)
    tell(client, site, *OUTCOMES)
    assert written == ["insert", "insert"]


def test_the_team_reads_its_own_counts_page_by_page(client, site, database):
    with database.writing() as tx:
        key = {"Authorization": f"Bearer {make_key(tx, 'outcomes:read')}"}
        foreign = make_site(tx, name="Foreign", team="Others")
    tell(client, site, *OUTCOMES)
    tell(client, foreign, "shown")
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/api/outcomes?limit=4{cursor and f'&cursor={cursor}'}", headers=key).json
        seen += page["items"]
        cursor = page["next"]
    assert [(item["outcome"], item["count"], item["page"], item["site"]) for item in seen] == [
        (name, 1, PRICING, site.key) for name in sorted(OUTCOMES)
    ]
    assert client.get("/api/outcomes?site=site_other", headers=key).json["items"] == []
    assert client.get("/api/outcomes?since=2026-11-23", headers=key).json["items"] == []
    assert client.get("/api/outcomes?since=yesterday", headers=key).json["errors"][0]["parameter"] == "since"


def test_the_command_shows_the_busiest_pages_and_all_together(client, site, database, settings: Settings):
    tell(client, site, "shown", "dismissed", page=f"{ORIGIN}/quiet")
    for _ in range(3):
        tell(client, site, "shown", "opened")
    with database.writing() as tx:
        tx.execute(OutcomeRow.__table__.update().values(day="2999-01-01"))
    database.dispose()
    env = {"LUKEWARM_DATA_DIR": settings.data_dir, "LUKEWARM_DATABASE_URL": settings.database_url}
    env = {name: str(value) for name, value in env.items()} | {"LUKEWARM_SECRET_KEY": settings.secret_key}
    done = CliRunner().invoke(main, ["survey", "outcomes", "Shop"], env=env, catch_exceptions=False)
    head, *rows = [line.split() for line in done.output.splitlines() if not line.startswith("20")]
    assert head == ["page", *OUTCOMES]
    assert [(row[0], row[-9:][:2]) for row in rows] == [
        (PRICING, ["3", "3"]),
        (f"{ORIGIN}/quiet", ["1", "0"]),
        ("all", ["4", "3"]),
    ]


def test_a_table_of_many_pages_shows_the_busiest_and_counts_all():
    counts = {f"/{number:03}": {"shown": number} for number in range(100)} | {None: {"opened": 1000}}
    shown = list(lines(counts))
    assert len(shown) == MOST + 2
    assert shown[1].startswith("(other pages)")
    assert shown[2].startswith("/099")
    assert "4,950" in shown[-1]
