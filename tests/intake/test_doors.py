"""Both doors give one answer: the same status, the same headers, the same bytes."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.app import create_app
from collector.config import Settings
from collector.db import Database
from collector.intake.quick.schemas import read_quickly
from collector.intake.schemas import ReceiptSchema, SubmissionSchema, receipt_json
from collector.intake.submission import Content, OfferedQuestion, Receipt
from collector.migrations import upgrade
from collector.problems import Problem
from collector.web.body import load, parse_json
from tests.intake.conftest import keep_snapshots
from tests.make import NOW, ORIGIN, make_site, submission, submission_id
from tests.servers.inside import running
from tests.servers.over_http import HttpClient

SECRET = "a key for tests that is long enough to be one"


class Twins:
    """Two installations with the same data, one behind each door."""

    def __init__(self, folder: Any, stack: ExitStack, **limits: Any) -> None:
        self.doors: list[Any] = []
        self.apps: list[Flask] = []
        for name in ("flask", "server"):
            url = f"sqlite:///{folder}/{name}.db"
            database = Database(url)
            stack.callback(database.dispose)
            upgrade(database)
            with database.writing() as tx:
                self.key = make_site(tx).key
                tx.connection().exec_driver_sql("update site set key = 'site_twin'")
                tx.connection().exec_driver_sql("update survey set key = 'sv_twin'")
            self.key = "site_twin"
            rates = {"network_limit": 0, "site_limit": 0, "total_limit": 0, "read_limit": 0} | limits
            app = create_app(
                Settings(database_url=url, secret_key=SECRET, configuration_max_age=0, **rates),
                database,
                now=lambda: NOW,
            )
            self.apps.append(app)
            if name == "flask":
                self.doors.append(app.test_client())
            else:
                keep_snapshots(app, database)
                client = HttpClient(stack.enter_context(running(app)))
                stack.callback(client.close)
                self.doors.append(client)

    def ask(self, method: str, path: str, **parts: Any) -> tuple[int, dict[str, str], Any]:
        """The one answer of both doors."""
        answers = [_plain(door.open(path, method=method, **parts)) for door in self.doors]
        assert answers[0] == answers[1]
        return answers[0]

    def post(self, body: Any, **headers: str) -> tuple[int, dict[str, str], Any]:
        """Sends a submission to both."""
        sent = body if isinstance(body, str | bytes) else json.dumps(body)
        named = {"Origin": ORIGIN, "Content-Type": "text/plain"} | headers
        return self.ask("POST", f"/v1/sites/{self.key}/responses", data=sent, headers=named)


def _plain(reply: Any) -> tuple[int, dict[str, str], bytes]:
    headers = {name.lower(): value for name, value in reply.headers if name.lower() not in ("date", "connection")}
    if headers.get("content-type") == "application/problem+json":
        # A request's id is its own, and the wait that is asked for is drawn.
        data = re.sub(rb"urn:uuid:[0-9a-f-]{36}", b"urn:uuid:", reply.data)
        headers.pop("retry-after", None)
        headers.pop("content-length")
        return reply.status_code, headers, json.loads(data)
    return reply.status_code, headers, reply.data


@pytest.fixture
def twins(tmp_path: Any) -> Iterator[Twins]:
    with ExitStack() as stack:
        yield Twins(tmp_path, stack)


BODIES: list[tuple[Any, int]] = [
    (submission(1), 201),
    (submission(1), 201),
    (submission(1, score=3), 422),
    (submission(2, score=10, category="price", comment="Too dear “for” me\n\n – schön 🐌", language="de-AT"), 201),
    (submission(3, score=0, comment='He said "no" and \\ left'), 201),
    (json.dumps(submission(4)).replace('"score": 8', '"score": 8.0'), 201),
    (json.dumps(submission(5)).replace('"score": 8', '"score": 8, "score": 9'), 400),
    (submission(6, score=11), 422),
    (submission(7, category="moon"), 422),
    (submission(8, page="https://evil.example/"), 422),
    (submission(9, comment="x" * 4001), 422),
    (submission(10, comment="a\x00b"), 422),
    (submission(11, more=1), 422),
    ({"id": submission_id(12)}, 422),
    (submission(13, survey="none"), 404),
    ("{", 400),
    ("", 400),
    ("[]", 422),
    (" " * 17_000, 413),
    (submission(14, page=None), 422),
    (submission(15, comment="\u2028 kept\r\n\ttoo \u202e"), 201),
    (submission(16, partial=True), 201),
    (submission(16, partial=True), 201),
    (submission(16), 422),
    (
        submission(17, attributes={"plan": "pro „x“", "seats": 12, "trial": False, "a": 'q"'}, seconds=12.5, trap=""),
        201,
    ),
    (submission(17, attributes={"a": 'q"', "trial": False, "seats": 12, "plan": "pro „x“"}, seconds=99), 201),
    (submission(18, attributes={"rate": 2.5}), 201),
    (submission(19, attributes={"rate": None}), 422),
    (submission(20, attributes=[]), 422),
    (submission(21, trap="spam", seconds=3), 201),
    (submission(22, seconds=0.2), 201),
    (submission(23, seconds=-1), 422),
    (submission(24, partial=1), 422),
    (json.dumps(submission(25, seconds=1)).replace('"seconds": 1', '"seconds": 7.9999999999999999'), 422),
    (json.dumps(submission(26, attributes={"a": 1})).replace('"a": 1', '"a": 1, "a": 2'), 400),
]


def test_whatever_is_sent_both_doors_say_the_same(twins: Twins):
    assert [(twins.post(body)[0], place) for place, (body, _) in enumerate(BODIES)] == [
        (status, place) for place, (_, status) in enumerate(BODIES)
    ]


def test_whoever_sends_both_doors_say_the_same(twins: Twins):
    statuses = [
        twins.post(submission(number), **headers)[0]
        for number, headers in enumerate(
            [
                {"Origin": "https://evil.example"},
                {"Origin": "null"},
                {"Content-Type": "application/json"},
                {"Content-Type": "text/plain; charset=utf-8"},
                {"Content-Type": "text/html"},
                {"Content-Encoding": "gzip"},
                {"X-Forwarded-For": "203.0.113.7"},
            ],
            start=1,
        )
    ]
    assert statuses == [403, 403, 201, 201, 415, 415, 201]
    assert twins.ask("OPTIONS", f"/v1/sites/{twins.key}/responses", headers={"Origin": ORIGIN})[0] == 204
    assert twins.ask("GET", f"/v1/sites/{twins.key}/survey?language=de", headers={"Origin": ORIGIN})[0] == 200
    assert twins.ask("GET", "/w/1/widget.js")[0] == 200
    assert twins.ask("POST", "/v1/sites/site_none/responses", data="{}", headers={"Origin": ORIGIN})[0] == 404


def test_a_receipt_of_either_door_answers_at_the_other(twins: Twins):
    token = json.loads(twins.post(submission(1, score=7))[2])["follow_up"]["token"]
    status, _, body = twins.ask("POST", f"/v1/follow-ups/{token}", json={"text": "The form"})
    assert (status, json.loads(body)["text"]) == (200, "The form")


def test_a_receipts_own_token_amends_at_either_door(twins: Twins):
    token = json.loads(twins.post(submission(1, score=7, partial=True))[2])["token"]
    for body, status in (({"score": 8, "comment": "Fair"}, 200), ({"score": 8, "comment": "Fair"}, 200), ({}, 422)):
        assert twins.ask("POST", f"/v1/responses/{token}", json=body)[0] == status
    assert twins.ask("OPTIONS", f"/v1/responses/{token}", headers={"Origin": ORIGIN})[0] == 204
    assert twins.ask("POST", f"/v1/responses/{token[:-1]}", json={"score": 8})[0] == 404


def test_whoever_comes_too_often_is_told_the_same_at_both_doors(tmp_path: Any):
    with ExitStack() as stack:
        twins = Twins(tmp_path, stack, network_limit=2, proof_of_work="off")
        for door in twins.doors:
            door.get(f"/v1/sites/{twins.key}/survey")  # a site that was never asked for counts with the unknown ones
        assert [twins.post(submission(number))[0] for number in range(1, 5)] == [201, 201, 429, 429]
        for door in twins.doors:
            reply = door.post(f"/v1/sites/{twins.key}/responses", data="", headers={"Origin": ORIGIN})
            assert 30 <= int(reply.headers["Retry-After"]) <= 45
            assert reply.headers["Access-Control-Allow-Origin"] == "*"


def test_the_short_way_is_taken(twins: Twins):
    server = twins.apps[1].extensions["lukewarm.committer"]
    assert server._thread is None
    twins.post(submission(1))
    assert server._thread is not None


def test_receipts_are_written_in_the_form_of_their_schema():
    areas = (("price", "Price “now”"), ("other", "Ä"))
    for question in (None, OfferedQuestion("t", "Why, “so”?", "both", areas)):
        receipt = Receipt(read_quickly(json.dumps(submission(1)).encode()).id, "own", question)
        shown = None if question is None else {
            "token": "t", "question": "Why, “so”?", "kind": "both",
            "areas": [{"key": key, "label": label} for key, label in areas],
        }  # fmt: skip
        assert json.loads(receipt_json(receipt)) == ReceiptSchema().dump(
            {"id": receipt.id, "token": "own", "follow_up": shown}
        )


# What the quick reader takes, the schema takes, with the same values.

texts = st.text(max_size=60) | st.from_regex(r'\A[ -~"\\]{0,40}\Z')
values = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 13), st.floats(), texts, st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["a", "plan", "Plan", "a\\"]), st.one_of(st.none(), st.booleans(), st.floats(),
        st.integers(), texts), max_size=3),
    st.sampled_from(["usability", "price", "de-AT", "en", f"{ORIGIN}/a?b", submission_id(5), submission_id(5).upper()]),
)  # fmt: skip
fields_sent = st.dictionaries(st.sampled_from([*SubmissionSchema().fields, "other", "sc\\u006fre"]), values, max_size=8)
valid = st.fixed_dictionaries(
    {"id": st.uuids().map(str), "score": st.integers(0, 10)},
    optional={
        "survey": st.text(min_size=1, max_size=40),
        "category": st.from_regex(r"\A[a-z][a-z0-9-]{0,39}\Z"),
        "comment": st.text(max_size=200),
        "page": st.text(min_size=1, max_size=100),
        "language": st.from_regex(r"\A[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}\Z"),
        "attributes": st.dictionaries(
            st.from_regex(r"\A[a-z][a-z0-9_]{0,39}\Z"),
            st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=200),
        ),
        "partial": st.booleans(),
        "trap": st.text(max_size=20),
        "seconds": st.decimals(0, 999_999_999, places=3).map(float),
    },
)


def agree(body: bytes) -> bool:
    """Whether the quick reader takes the body; then the schema takes it too, and reads the same."""
    quick = read_quickly(body)
    if quick is None:
        return False
    assert quick == load(SubmissionSchema(), parse_json(body), Content)
    return True


@settings(max_examples=400)
@given(valid, st.booleans())
def test_what_visitors_send_is_read_the_same(content, ascii_only):
    body = json.dumps(content, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    try:
        load(SubmissionSchema(), parse_json(body), Content)
    except Problem:
        assert read_quickly(body) is None
    else:
        # Two escapes are left to the schema; all else goes the short way.
        assert agree(body) or b"\\u0022" in body or b"\\u0000" in body


@settings(max_examples=600)
@given(fields_sent, fields_sent, st.sampled_from([", ", ",", " , "]), st.sampled_from([": ", ":", " :"]), st.booleans())
def test_whatever_is_sent_is_read_the_same_or_left_to_the_schema(content, again, comma, colon, ascii_only):
    parts = [
        f"{json.dumps(name).replace(chr(92) * 2, chr(92))}{colon}{json.dumps(value, ensure_ascii=ascii_only)}"
        for sent in (content, again)
        for name, value in sent.items()
    ]
    agree(("{" + comma.join(parts) + "}").encode("utf-8", "surrogatepass"))


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_no_bytes_confuse_the_quick_reader(body):
    agree(body)
    agree(json.dumps(submission(1)).encode()[:-1] + body + b"}")


def test_a_second_name_does_not_hide_behind_marks():
    """The marks of a repeated name, made up for by escaped ones."""
    whole = json.dumps(submission(1, comment="@"))
    for comment in ("", '\\"', '\\"\\"', "\\u0022", "\\u0022\\u0022", '\\u0022\\"'):
        for more in ('"score":1', '"score" : 1', '"comment":"x"', '"\\u0073core":1'):
            body = whole.replace("@", comment)[:-1] + f", {more}}}"
            assert read_quickly(body.encode()) is None
