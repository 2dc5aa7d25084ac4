"""Exports: every column, every filter, both formats, over HTTP and as a file."""

import csv
import io
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from collector.db import Database
from collector.exports.columns import COLUMNS
from collector.exports.formats import FORMATS
from collector.exports.formats.csv import cell
from collector.exports.walk import BATCH, walk
from collector.responses.models import ResponseRow
from collector.sites.site import Site
from tests.conftest import Clock, on_postgresql, on_sqlite
from tests.intake.test_submit import send
from tests.make import ORIGIN, make_key, make_site, submission

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "＝1",
    "  =1",
    '=HYPERLINK("https://evil.example")',
    "|=x",
    "-",
    "@",
]


@pytest.fixture
def key(database: Database) -> dict[str, str]:
    with database.writing() as tx:
        return {"Authorization": f"Bearer {make_key(tx, 'responses:read', 'exports:read')}"}


@pytest.fixture
def told(client: FlaskClient, site: Site, clock: Clock) -> None:
    """Three responses, an hour apart: an answered silent Passive, a Detractor on price, a Promoter in German."""
    token = send(client, site, submission(1, score=7)).json["follow_up"]["token"]
    clock.move(timedelta(minutes=1))
    client.post(f"/v1/follow-ups/{token}", json={"text": "=cmd|' /C calc'!A0"})
    clock.move(timedelta(minutes=59))
    send(client, site, submission(2, score=0, category="price", comment='Too "dear",\nreally'))
    clock.move(timedelta(hours=1))
    send(client, site, submission(3, score=10, language="de", comment="Schön 🙂", page=f"{ORIGIN}/pay"))


def rows_of(reply: object) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(reply.data.decode("utf-8"))))


@pytest.mark.usefixtures("told")
def test_a_csv_holds_everything_in_its_documented_columns(client, site, key):
    reply = client.get("/api/exports/responses.csv", headers=key)
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert reply.headers["Content-Disposition"] == 'attachment; filename="responses.csv"'
    assert reply.data.split(b"\r\n")[0].decode() == ",".join(COLUMNS)
    first, second, third = rows_of(reply)
    assert first["site"] == site.key
    assert (first["score"], first["segment"], first["category"], first["comment"]) == ("7", "passive", "", "")
    assert first["received_at"] == "2026-11-22T09:00:00.000Z"
    assert first["answered_at"] == "2026-11-22T09:01:00.000Z"
    assert (first["follow_up_state"], first["channel"]) == ("answered", "widget")
    assert first["answer"] == "'=cmd|' /C calc'!A0"
    assert first["question"]
    assert first["offered_areas"].split()
    assert "Score 7 is passive" in first["question_why"]
    assert first["question_key"].startswith("ecommerce/")
    assert (first["answered_by"], second["answered_by"]) == ("widget", "")
    assert int(first["variant"]) >= 1
    assert 0 < float(first["probability"]) <= 1
    assert second["comment"] == 'Too "dear",\nreally'
    assert (second["score"], second["segment"], second["answer"]) == ("0", "detractor", "")
    assert (third["comment"], third["page"], third["language"]) == ("Schön 🙂", f"{ORIGIN}/pay", "de")


@pytest.mark.usefixtures("told")
def test_json_lines_hold_the_same_untouched(client, key):
    reply = client.get("/api/exports/responses.jsonl", headers=key)
    rows = [json.loads(line) for line in reply.data.decode("utf-8").splitlines()]
    assert [row["score"] for row in rows] == [7, 0, 10]
    assert rows[0]["answer"] == "=cmd|' /C calc'!A0"
    assert list(rows[0]) == list(COLUMNS)
    assert rows[0]["category"] is None
    assert isinstance(rows[0]["offered_areas"], list)


def scores_of(client: FlaskClient, key: dict[str, str], query: dict[str, str]) -> tuple[list[int], list[int]]:
    """The scores in the list and in the file."""
    listed = client.get("/api/responses", query_string=query, headers=key).json
    filed = client.get("/api/exports/responses.csv", query_string=query, headers=key)
    return [item["score"] for item in listed["items"]], [int(row["score"]) for row in rows_of(filed)]


@pytest.mark.usefixtures("told")
def test_filters_narrow_list_and_file_alike(client, key):
    for query, scores in (
        ({}, [7, 0, 10]),
        ({"segment": "passive"}, [7]),
        ({"segment": "neutral"}, []),
        ({"category": "price"}, [0]),
        ({"since": "2026-11-22T10:00:00Z"}, [0, 10]),
        ({"until": "2026-11-22T10:00:00Z"}, [7]),
        ({"since": "2026-11-22T10:30:00+00:00", "until": "2026-11-23"}, [10]),
        ({"answered": "yes"}, [7]),
        ({"answered": "no"}, [0, 10]),
        ({"segment": "detractor", "category": "price", "answered": "no"}, [0]),
        ({"site": "site_other"}, []),
    ):
        assert (query, scores_of(client, key, query)) == (query, (scores, scores))


def test_what_is_unfinished_suspect_or_said_by_the_page_narrows_too(client, site, key):
    send(client, site, submission(1, score=1, partial=True))
    send(client, site, submission(2, score=2, trap="x"))
    send(client, site, submission(3, score=3, attributes={"plan": "pro “é”", "seats": 3, "trial": True}))
    reply = send(client, site, submission(4, score=4, attributes={"rate": 1}))
    amended = {"score": 4, "attributes": {"plan": "free", "seats": "3", "rate": 2.5}}
    assert client.post(f"/v1/responses/{reply.json['token']}", json=amended).status_code == 200
    for query, scores in (
        ({"partial": "yes"}, [1]),
        ({"partial": "no"}, [2, 3, 4]),
        ({"suspect": "yes"}, [2]),
        ({"suspect": "no"}, [1, 3, 4]),
        ({"attribute": "plan:pro “é”"}, [3]),
        ({"attribute": "seats:3"}, [3, 4]),
        ({"attribute": "trial:true"}, [3]),
        ({"attribute": "trial:yes"}, []),
        ({"attribute": "rate:2.5"}, [4]),
        ({"attribute": "plan:%"}, []),
        ({}, [1, 2, 3, 4]),
    ):
        assert (query, scores_of(client, key, query)) == (query, (scores, scores))


def test_marks_and_attributes_stand_in_both_formats(client, site, key, clock: Clock):
    said = {"plan": "=1+1", "seats": 3}
    token = send(client, site, submission(1, partial=True, attributes=said)).json["token"]
    send(client, site, submission(2, seconds=0.05))
    clock.move(timedelta(hours=1))
    assert client.post(f"/v1/responses/{token}", json={"score": 9, "attributes": said}).status_code == 200
    filed = rows_of(client.get("/api/exports/responses.csv", headers=key))
    names = ("partial", "attributes", "suspect", "amended_at")
    assert [tuple(row[name] for name in names) for row in filed] == [
        ("false", '{"plan": "=1+1", "seats": 3}', "", "2026-11-22T10:00:00.000Z"),
        ("false", "", "fast", ""),
    ]
    first, second = client.get("/api/responses", headers=key).json["items"]
    assert [first[name] for name in names] == [False, said, None, "2026-11-22T10:00:00.000Z"]
    assert [second[name] for name in names] == [False, {}, "fast", None]


def test_the_list_goes_on_page_by_page_without_gap_or_repeat(client, site, key):
    for number in range(1, 8):
        send(client, site, submission(number))
    seen, address = [], "/api/responses?limit=3&segment=passive"
    while address:
        reply = client.get(address, headers=key)
        seen += [item["id"] for item in reply.json["items"]]
        link = reply.headers.get("Link")
        assert (link is None) == (reply.json["next"] is None)
        address = link.split(">")[0].lstrip("<") if link else ""
        assert not address or address.startswith("/api/responses?limit=3&segment=passive&cursor=")
        if len(seen) == 3:
            send(client, site, submission(8))  # what comes meanwhile shifts nothing
    assert seen == [submission(number)["id"] for number in range(1, 9)]


@on_sqlite
def test_a_parameter_that_is_not_valid_is_named(client, key):
    for query in (
        "limit=0", "limit=201", "limit=1e9", "limit=ten", "limit=-1", "limit=", "limit=%207", "limit=1_0",
        "limit=%D9%A7", "limit=1&limit=2", "cursor=x", "cursor=zz", "cursor=", "cursor=cjA", "segment=x", "colour=red",
        "since=now",
    ):  # fmt: skip
        reply = client.get(f"/api/responses?{query}", headers=key)
        assert (query, reply.status_code, reply.mimetype) == (query, 422, "application/problem+json")
        assert [error["parameter"] for error in reply.json["errors"]] == [query.partition("=")[0]]


@on_sqlite
def test_an_unknown_format_is_404(client, key):
    reply = client.get("/api/exports/responses.exe", headers=key)
    assert (reply.status_code, reply.json["type"]) == (404, "/problems/format-not-found")


@on_sqlite
def test_a_byte_order_mark_is_there_on_demand_and_never_in_json(client, key):
    assert client.get("/api/exports/responses.csv?bom=yes", headers=key).data.startswith(b"\xef\xbb\xbfid,")
    assert client.get("/api/exports/responses.csv", headers=key).data.startswith(b"id,")
    assert client.get("/api/exports/responses.jsonl?bom=yes", headers=key).data == b""


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_that_might_run_is_defused(text):
    shown = cell(text)
    assert shown == (f"'{text}" if text != "|=x" else text)


@pytest.mark.parametrize("text", ["a=1", "1-2", "it's", "–5", "x@y", "", "(=1)"])
def test_an_ordinary_cell_is_left_alone(text):
    assert cell(text) == text


@on_sqlite
def test_a_formula_goes_through_the_whole_line_harmless(client, site, key):
    for number, text in enumerate(FORMULAS):
        send(client, site, submission(number, comment=text))
    rows = rows_of(client.get("/api/exports/responses.csv", headers=key))
    assert len(rows) == len(FORMULAS)
    assert [row["comment"] for row in rows if row["comment"].startswith(("=", "+", "-", "@", "\t", "＝"))] == []


def test_another_teams_responses_are_not_there(client, database, site, key):
    with database.writing() as tx:
        foreign = make_site(tx, name="Foreign", team="Others")
    send(client, foreign, submission(1))
    assert client.get("/api/responses", headers=key).json["items"] == []
    assert client.get(f"/api/responses?site={foreign.key}", headers=key).json["items"] == []
    assert rows_of(client.get("/api/exports/responses.csv", headers=key)) == []


def test_a_walk_asks_for_each_batch_once_and_ends():
    class Row:
        def __init__(self, number: int) -> None:
            self.number = number

    asked = []

    def batch_after(number: int) -> list[Row]:
        asked.append(number)
        return [Row(n) for n in range(number + 1, min(number + BATCH, 2 * BATCH + 5) + 1)]

    assert [row.number for row in walk(batch_after)] == list(range(1, 2 * BATCH + 6))
    assert asked == [0, BATCH, 2 * BATCH]


def test_formats_write_a_row_at_a_time():
    def rows():
        yield dict.fromkeys(COLUMNS, "x")
        raise AssertionError("read too far")

    for item in FORMATS.values():
        pieces = item.write(rows(), False)
        for _ in range(2 if item.name == "csv" else 1):
            next(pieces)


@on_sqlite
@pytest.mark.usefixtures("told")
def test_downloads_leave_threads_for_visitors_and_give_their_place_back(client, key):
    """Four of eight threads may be kept by readers who take their time."""

    def begin() -> object:
        return client.get("/api/exports/responses.csv", headers=key)

    under_way = [begin() for _ in range(4)]
    refused = begin()
    assert (refused.status_code, refused.json["type"]) == (503, "/problems/unavailable")
    assert refused.headers["Retry-After"]
    assert len(rows_of(under_way.pop())) == 3
    again = begin()
    assert again.status_code == 200
    for reply in (*under_way, again):
        reply.close()
    for _ in range(8):
        client.head("/api/exports/responses.csv", headers=key).close()
    assert begin().status_code == 200


def numbers(client: FlaskClient, key: dict[str, str]) -> list[str]:
    return [item["id"][-1] for item in client.get("/api/responses", headers=key).json["items"]]


def late(tx: Session, row: Mapping[str, Any]) -> None:
    """Writes a response like another one, which gets its number now and is there when `tx` commits."""
    tx.execute(insert(ResponseRow), [{**row, "submission_id": UUID(submission(9)["id"])}])


@pytest.fixture
def first(client: FlaskClient, site: Site, database: Database) -> Mapping[str, Any]:
    send(client, site, submission(1))
    with database.reading() as tx:
        row = tx.execute(select(ResponseRow.__table__)).one()
    return {name: value for name, value in row._mapping.items() if name != "id"}


@on_postgresql
def test_the_list_tells_nothing_while_a_smaller_number_may_still_appear(client, site, database, key, first):
    with database.writing() as tx:
        late(tx, first)
        send(client, site, submission(2))
        reply = client.get("/api/responses", headers=key)
        assert (reply.status_code, reply.json["type"]) == (503, "/problems/unavailable")
    assert numbers(client, key) == ["1", "9", "2"]


@on_postgresql
def test_the_list_waits_for_who_is_writing_and_passes_over_nothing(client, site, database, key, first):
    looking = sql(
        "select count(*) from pg_stat_activity where query like '%from pg_locks%' and pid <> pg_backend_pid()"
    )
    with ThreadPoolExecutor(1) as pool:
        with database.writing() as tx:
            late(tx, first)
            send(client, site, submission(2))
            listed = pool.submit(numbers, client, key)
            while not listed.done():
                with database.reading() as watching:
                    if watching.scalar(looking):
                        break
        assert listed.result() == ["1", "9", "2"]
