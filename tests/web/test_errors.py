"""Every failure in one form: problem+json for programs, a page for people, and nothing of what was sent in either."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, g
from sqlalchemy import text
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from collector import problems
from collector.app import create_app
from collector.config import Settings
from collector.db import Database
from collector.problems import PROBLEMS, Fault, Problem
from collector.web.errors import render
from tests.make import ORIGIN, submission

MEMBERS = {"type", "title", "status", "detail", "instance"}
PAGE = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@pytest.fixture(scope="module")
def plain(empty_sqlite: Path) -> Iterator[Flask]:
    """An application for what has nothing to do with a database."""
    database = Database(f"sqlite:///{empty_sqlite}")
    yield create_app(Settings(secret_key="a key for tests that is long enough to be one"), database)
    database.dispose()


def test_every_problem_is_in_the_list_with_words_of_its_own():
    classes = [
        item
        for _, item in inspect.getmembers(problems, inspect.isclass)
        if issubclass(item, Problem) and item is not Problem
    ]
    assert set(classes) == set(PROBLEMS)
    assert len({problem.slug for problem in PROBLEMS}) == len({problem.title for problem in PROBLEMS}) == len(PROBLEMS)
    for problem in PROBLEMS:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", problem.slug)
        assert 400 <= problem.status < 600
        assert problem.advice.endswith(".")
        assert not problem.title.endswith(".")


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_problem_is_problem_json_for_programs(plain: Flask, problem):
    with plain.test_request_context("/v1/anything"):
        plain.preprocess_request()
        reply = plain.process_response(render(problem()))
        assert (reply.status_code, reply.mimetype) == (problem.status, "application/problem+json")
        assert reply.json == {
            "type": f"/problems/{problem.slug}",
            "title": problem.title,
            "status": problem.status,
            "detail": problem.advice,
            "instance": f"urn:uuid:{g.request_id}",
        }
        assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_problem_is_a_page_for_people(plain: Flask, problem):
    with plain.test_request_context("/a/page?<script>alert(1)</script>"):
        plain.preprocess_request()
        reply = plain.process_response(render(problem("<b>what</b> & why")))
        assert (reply.status_code, reply.mimetype) == (problem.status, "text/html")
        shown = reply.get_data(as_text=True)
        assert f"<h1>{problem.title}</h1>" in re.sub(r"&#(\d+);", lambda sign: chr(int(sign[1])), shown)
        assert "&lt;b&gt;what&lt;/b&gt; &amp; why" in shown
        assert "alert(1)" not in shown
        assert reply.headers["Content-Security-Policy"] == PAGE


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_problem_is_explained_under_its_type(plain: Flask, problem):
    reply = plain.test_client().get(f"/problems/{problem.slug}")
    assert (reply.status_code, reply.mimetype) == (200, "text/html")
    shown = re.sub(r"&#(\d+);", lambda sign: chr(int(sign[1])), reply.text)
    assert f"<h1>{problem.title}</h1>" in shown
    assert problem.advice in shown


def test_the_faults_stand_with_what_each_has(plain: Flask):
    faults = [Fault("One.", pointer="/a"), Fault("Two.", parameter="b"), Fault("Three.", pointer="")]
    with plain.test_request_context("/v1/anything"):
        plain.preprocess_request()
        assert render(problems.ValidationFailed(faults=faults)).json["errors"] == [
            {"detail": "One.", "pointer": "/a"},
            {"detail": "Two.", "parameter": "b"},
            {"detail": "Three.", "pointer": ""},
        ]


def test_headers_of_a_problem_are_sent(plain: Flask):
    with plain.test_request_context("/v1/anything"):
        plain.preprocess_request()
        assert render(problems.Unavailable()).headers["Retry-After"] == "2"
        assert render(problems.KeyRequired()).headers["WWW-Authenticate"] == 'Bearer realm="lukewarm"'


@pytest.mark.parametrize("path", ["/livez", "/"])
def test_another_method_is_told_what_is_allowed(plain: Flask, path: str):
    reply = plain.test_client().delete(path)
    assert reply.status_code == 405
    assert sorted(reply.headers["Allow"].split(", ")) == ["GET", "HEAD", "OPTIONS"]


def test_an_address_that_is_not_there_is_not_repeated(plain: Flask):
    for path in ("/Kanarienwort", "/v1/Kanarienwort", "/problems/Kanarienwort", "/static/Kanarienwort"):
        reply = plain.test_client().get(f"{path}?Kanarienwort")
        assert reply.status_code == 404
        assert "Kanarienwort" not in reply.text


def test_every_answer_has_an_instance_of_its_own(plain: Flask):
    client = plain.test_client()
    assert client.get("/v1/none").json["instance"] != client.get("/v1/none").json["instance"]


def break_table(database, name: str) -> None:
    """As if somebody had changed the schema under a running collector."""
    with database.connection() as connection:
        connection.execute(text(f"alter table {name} rename to gone"))


def test_a_table_that_is_gone_is_a_failure_and_not_a_crash(client, site, database):
    break_table(database, "response")
    reply = client.post(f"/v1/sites/{site.key}/responses", json=submission(), headers={"Origin": ORIGIN})
    assert reply.status_code in (500, 503)
    assert reply.mimetype == "application/problem+json"
    assert set(reply.json) == MEMBERS
    assert "table" not in reply.text.lower().replace("acceptable", "")
    assert "select" not in reply.text.lower()
    assert reply.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert client.get("/livez").status_code == 200


def test_a_row_that_the_database_refuses_is_an_error_without_its_text(client, site, database):
    with database.connection() as connection:
        raising = (
            "create trigger t before insert on response begin select raise(abort, 'no: ' || new.comment); end"
            if database.embedded
            else "create function no() returns trigger language plpgsql as "
            "$$ begin raise exception 'no: %', new.comment; end $$"
        )
        connection.exec_driver_sql(raising.replace("%", "%%") if not database.embedded else raising)
        if not database.embedded:
            connection.execute(text("create trigger t before insert on response for each row execute function no()"))
    body = submission(comment="Kanarienwort")
    with capture_logs([merge_contextvars]) as lines:
        reply = client.post(f"/v1/sites/{site.key}/responses", json=body, headers={"Origin": ORIGIN})
    assert (reply.status_code, reply.json["type"]) == (500, "/problems/internal-error")
    assert set(reply.json) == MEMBERS
    assert "Kanarienwort" not in reply.text + str(lines)
    # psycopg may say that it gave up a pipeline.
    assert [line["event"] for line in lines if line["event"] != "library"] == ["request.failed", "request"]
    assert {f"urn:uuid:{line['request']}" for line in lines} == {reply.json["instance"]}


def test_a_database_that_is_away_is_unavailable_until_it_is_back(client, site, database, tmp_path, request):
    path, headers = f"/v1/sites/{site.key}/responses", {"Origin": ORIGIN}
    database.dispose()
    if database.embedded:
        file = Path(database.url.database)
        file.rename(tmp_path / "moved")
        file.mkdir()
    else:
        request.getfixturevalue("postgres").stop()
    try:
        for reply in (
            client.get(path.replace("responses", "survey")),
            client.post(path, json=submission(), headers=headers),
        ):
            assert (reply.status_code, reply.json["type"]) == (503, "/problems/unavailable")
            assert reply.headers["Retry-After"] == "2"
        assert client.get("/readyz").status_code == 503
        assert client.get("/livez").status_code == 200
    finally:
        if database.embedded:
            file.rmdir()
            (tmp_path / "moved").rename(file)
        else:
            request.getfixturevalue("postgres").start()
    assert client.get("/readyz").status_code == 200
    assert client.post(path, json=submission(), headers=headers).status_code == 201
