"""What a visitor sends, holds or is stands in the database and nowhere else: not in the process's output, whatever fails."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.make import ORIGIN, submission
from tests.servers.live import Live
from tests.servers.raw import connect, exchange, json_of, request, status_of

CANARY = "kanarie"
MARKS = {
    "comment": f"{CANARY}comment",
    "answer": f"{CANARY}answer",
    "page": f"{CANARY}page",
    "query": f"{CANARY}query",
    "address": f"{CANARY}.person@mail.example",
    "agent": f"{CANARY}agent",
    "referrer": f"{CANARY}referrer",
    "cookie": f"{CANARY}cookie",
    "token": f"{CANARY}token1234567890",
    "key": f"lwk_{CANARY}key12345678901234567890",
    "name": f"{CANARY}name",
    "origin": f"https://{CANARY}origin.example",
}
IP = "203.0.113.77"
IDENTITY = {
    "User_Agent": MARKS["agent"],
    "Referer": f"https://{MARKS['referrer']}.example/",
    "Cookie": f"session={MARKS['cookie']}",
    "X_Forwarded_For": IP,
    "Forwarded": f"for={IP}",
}

#: A database that names the comment, and all else of the row, when it refuses it.
TELLTALE = {
    "sqlite": ["create trigger t before insert on response begin select raise(abort, 'no: ' || new.comment); end"],
    "postgresql": [
        "create function no() returns trigger language plpgsql as $$ begin raise exception 'no: %', new.comment; end $$",
        "create trigger t before insert on response for each row execute function no()",
    ],
}


def program(live: Live, method: str, path: str, body: object = None, **headers: str) -> bytes:
    """Asks as a visitor who can be recognised by everything about them."""
    sent = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    given: dict[str, str] = {"Origin": ORIGIN, "Content_Type": "text/plain", **IDENTITY, **headers}
    return exchange(live.port, request(method, path, sent, **given))


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_nothing_of_a_visitor_is_in_the_output_whatever_fails(tmp_path: Path, database, log_format):
    url = database.url.render_as_string(hide_password=False).replace("+psycopg", "")
    live = Live(
        tmp_path,
        LUKEWARM_DATABASE_URL=url,
        LUKEWARM_SECRET_KEY="a key for tests that is long enough to be one",
        LUKEWARM_LOG_LEVEL="debug",
        LUKEWARM_LOG_FORMAT=log_format,
    )
    try:
        site = live.command("site", "add", "Shop", "--origin", ORIGIN).strip()
        key = live.command("key", "add", "x", "--scope", "responses:read", "--scope", "exports:read").strip()
        token = all_paths(live, site, key)
        secrets = [token, key, site]
        for breaking in (tell, drop_follow_ups, drop_responses):
            breaking(database)
            failures(live, site, key, token)
        assert live.stop() == 0
    finally:
        live.kill()
    output = "".join(live.lines)
    assert output.count("request.failed") + output.count("database.unavailable") >= 6
    assert not [
        mark for mark in [*secrets, *MARKS.values(), CANARY, IP, "127.0.0.1:"] if mark in listening_apart(output)
    ]


def listening_apart(output: str) -> str:
    """The output without the lines that say where the process listens and how the first owner comes in."""
    said = ("listening on", "Set up the team")
    return "".join(line for line in output.splitlines(keepends=True) if not any(word in line for word in said))


def all_paths(live: Live, site: str, key: str) -> str:
    """Everything that can be asked, rightly and wrongly. Returns a follow-up's token."""
    path, bearer = f"/v1/sites/{site}/responses", {"Authorization": f"Bearer {key}"}
    honest = submission(
        1,
        score=7,
        comment=f"{MARKS['comment']} {MARKS['address']}",
        page=f"{ORIGIN}/{MARKS['page']}?q={MARKS['query']}",
    )
    receipt = json_of(program(live, "POST", path, honest))
    token = str(receipt["follow_up"]["token"])
    answer = {"text": f"{MARKS['answer']} {MARKS['address']}"}
    expected: list[tuple[str, str, Any, dict[str, str], int]] = [
        ("POST", path, honest, {}, 201),
        ("POST", path, honest | {"score": 3}, {}, 422),
        ("POST", path, honest | {"id": MARKS["name"]}, {}, 422),
        ("POST", path, honest | {MARKS["name"]: 1}, {}, 422),
        ("POST", path, honest, {"Origin": MARKS["origin"]}, 403),
        ("POST", path, f"{{{MARKS['comment']}".encode(), {}, 400),
        ("POST", path, MARKS["comment"].encode() * 2000, {}, 413),
        ("POST", path, honest, {"Content_Type": f"text/{MARKS['name']}"}, 415),
        ("POST", f"/v1/sites/{MARKS['name']}/responses", honest, {}, 404),
        ("PUT", f"{path}?{MARKS['query']}", honest, {}, 405),
        ("POST", f"/v1/follow-ups/{token}", answer, {}, 200),
        ("POST", f"/v1/follow-ups/{token}", {"areas": [MARKS["answer"]]}, {}, 422),
        ("POST", f"/v1/follow-ups/{MARKS['token']}", answer, {}, 404),
        ("GET", f"/v1/sites/{site}/survey?language={MARKS['query']}", None, {}, 200),
        ("GET", f"/{MARKS['page']}?{MARKS['query']}", None, {}, 404),
        ("GET", f"/problems/{MARKS['page']}", None, {}, 404),
        ("GET", f"/api/responses?category={MARKS['query']}", None, bearer, 200),
        ("GET", f"/api/responses?cursor={MARKS['query']}", None, bearer, 422),
        ("GET", "/api/responses", None, {"Authorization": f"Bearer {MARKS['key']}"}, 401),
        ("GET", "/api/exports/responses.jsonl", None, bearer, 200),
        ("GET", f"/api/exports/responses.{MARKS['name']}", None, bearer, 404),
    ]
    for method, address, body, headers, status in expected:
        assert (address, status_of(program(live, method, address, body, **headers))) == (address, status)
    for broken in (f"GET /{MARKS['page']}\r\n\r\n", f"GET http://[{MARKS['page']} HTTP/1.1\r\nHost: x\r\n\r\n"):
        assert status_of(exchange(live.port, broken.encode())) == 400
    with connect(live.port) as leaving:
        leaving.sendall(request("POST", path, b"", Origin=ORIGIN, Content_Length="500") + MARKS["comment"].encode())
    return token


def failures(live: Live, site: str, key: str, token: str) -> None:
    """With a broken database an answer is a refusal in the one form, and says nothing of what is broken."""
    path = f"/v1/sites/{site}/responses"
    body = submission(50, comment=MARKS["comment"], page=f"{ORIGIN}/{MARKS['page']}")
    bearer = {"Authorization": f"Bearer {key}"}
    for method, address, sent, headers in (
        ("POST", path, body, {}),
        ("POST", f"/v1/follow-ups/{token}", {"text": MARKS["answer"]}, {}),
        ("GET", f"/api/responses?category={MARKS['query']}", None, bearer),
        ("GET", f"/api/exports/responses.jsonl?category={MARKS['query']}", None, bearer),
    ):
        reply = program(live, method, address, sent, **headers)
        if reply and status_of(reply) >= 500:
            assert status_of(reply) in (500, 503)
            if b"problem+json" in reply:
                assert json_of(reply)["type"] in ("/problems/internal-error", "/problems/unavailable")
            assert CANARY.encode() not in reply
    assert status_of(program(live, "POST", path, body)) in (500, 503)
    assert status_of(program(live, "GET", "/livez")) == 200


def tell(database) -> None:
    """From now on the database refuses responses, and its error repeats the comment."""
    with database.connection() as connection:
        for statement in TELLTALE[database.url.get_backend_name()]:
            connection.exec_driver_sql(statement.replace("%", "%%") if not database.embedded else statement)


def drop_follow_ups(database) -> None:
    """The table of follow-ups is gone."""
    with database.connection() as connection:
        connection.execute(text(f"drop table follow_up{'' if database.embedded else ' cascade'}"))


def drop_responses(database) -> None:
    """The table of responses is gone too."""
    with database.connection() as connection:
        connection.execute(text(f"drop table response{'' if database.embedded else ' cascade'}"))
