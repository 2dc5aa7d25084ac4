"""`lukewarm serve` as its operators meet it: a process that starts, says where it listens, stops politely, loses nothing
when it is killed, and says in one line what is wrong when it cannot start."""

import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from collector.server.house import Patience
from tests.make import ORIGIN, submission
from tests.servers.live import Live
from tests.servers.raw import connect, exchange, json_of, request, status_of, until_closed

SECRET = "a key for tests that is long enough to be one"


def settings_for(database_url: str) -> dict[str, str]:
    """The variables that lead a process to this database."""
    url = database_url.replace("postgresql+psycopg:", "postgresql:")
    return {"LUKEWARM_DATABASE_URL": url, "LUKEWARM_SECRET_KEY": SECRET}


@pytest.fixture
def live(tmp_path: Path, database_url: str) -> Iterator[Live]:
    running = Live(tmp_path, **settings_for(database_url))
    yield running
    running.kill()


def add_site(live: Live) -> str:
    """The key of a new site."""
    return live.command("site", "add", "Shop", "--origin", ORIGIN).strip()


def post(live: Live, site: str, number: int, **parts: Any) -> bytes:
    """The bytes of an honest submission."""
    body = json.dumps(submission(number, **parts)).encode()
    return request("POST", f"/v1/sites/{site}/responses", body, Origin=ORIGIN, Content_Type="text/plain")


def test_a_collector_starts_says_where_and_answers(live):
    assert live.root.startswith("http://127.0.0.1:")
    assert live.port > 0
    assert json_of(exchange(live.port, request("GET", "/livez"))) == {"status": "ok"}
    ready = json_of(exchange(live.port, request("GET", "/readyz")))
    assert ready["status"] == "ok"
    assert ready["database"] in live.environ["LUKEWARM_DATABASE_URL"]
    assert ready["outbox"] == {"due": 0, "parked": 0}
    assert live.stop() == 0


def test_a_collector_without_settings_makes_its_own_database_and_secret(tmp_path):
    live = Live(tmp_path / "new" / "folder")
    assert status_of(exchange(live.port, post(live, add_site(live), 1))) == 201
    secret = tmp_path / "new" / "folder" / "secret.key"
    assert secret.stat().st_mode & 0o777 == 0o600
    assert len(secret.read_text()) == 64
    assert secret.read_text() not in "".join(live.lines)
    assert live.stop() == 0


def test_a_request_that_was_read_is_answered_before_the_process_ends(live, database):
    """The request waits for a row or a file that somebody else holds; meanwhile the process is told to stop."""
    site = add_site(live)
    holder = database.engine.connect()
    with connect(live.port) as waiting:
        if database.embedded:
            holder.exec_driver_sql("select 1")  # a transaction on SQLite begins as a writing one
        else:
            holder.execute(text("lock table response in exclusive mode"))
        waiting.sendall(post(live, site, 1))
        # A later request on another connection is answered after the first was read. The worker's own transactions wait
        # like the submission does.
        assert status_of(exchange(live.port, request("GET", "/livez"))) == 200
        stopped: queue.Queue[int] = queue.Queue()
        thread = threading.Thread(target=lambda: stopped.put(live.stop()))
        thread.start()
        while _takes_connections(live.port):
            assert thread.is_alive()
        holder.rollback()
        holder.close()
        assert status_of(until_closed(waiting)) == 201
    thread.join(30)
    assert stopped.get(timeout=30) == 0
    assert len(live.command("export", "--site", site, "--format", "jsonl").splitlines()) == 1


def _takes_connections(port: int) -> bool:
    # Once told to stop, nobody takes what is connected any more: an honest question is not answered.
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.2) as connection:
            connection.settimeout(0.2)
            connection.sendall(request("GET", "/livez"))
            return bool(connection.recv(1))
    except OSError:
        return False


def test_nothing_that_was_acknowledged_is_lost_when_the_process_is_killed(live):
    site = add_site(live)
    acknowledged: list[str] = []
    refused: list[int] = []
    enough = threading.Event()
    numbers: queue.Queue[int] = queue.Queue()
    for number in range(1, 2000):
        numbers.put(number)

    def visit() -> None:
        connection = HTTPConnection("127.0.0.1", live.port, timeout=20)
        headers = {"Origin": ORIGIN, "Content-Type": "text/plain"}
        while True:
            body = json.dumps(submission(numbers.get(), comment="w" * 500, category="price"))
            try:
                connection.request("POST", f"/v1/sites/{site}/responses", body, headers)
                reply = connection.getresponse()
                with reply:
                    receipt = json.loads(reply.read())
            except (OSError, HTTPException, ValueError):
                connection.close()
                return  # killed
            if reply.status == 201:
                acknowledged.append(receipt["id"])
            else:
                refused.append(reply.status)
            if len(acknowledged) >= 200:
                enough.set()

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    assert enough.wait(60)
    assert live.kill() == -9
    for visitor in visitors:
        visitor.join(30)
    rows = [json.loads(line) for line in live.command("export", "--site", site, "--format", "jsonl").splitlines()]
    assert refused == []
    assert set(acknowledged) <= {row["id"] for row in rows}
    assert len(rows) - len(acknowledged) <= 4
    assert all(row["follow_up_state"] == "offered" for row in rows)


def test_a_repeat_after_a_crash_gets_the_same_receipt(live, tmp_path):
    site = add_site(live)
    sent = post(live, site, 1, category="price")
    first = json_of(exchange(live.port, sent))
    live.kill()
    again = Live(tmp_path, **{name: live.environ[name] for name in ("LUKEWARM_DATABASE_URL", "LUKEWARM_SECRET_KEY")})
    try:
        assert json_of(exchange(again.port, sent)) == first
    finally:
        assert again.stop() == 0


# What cannot start says why


def run(*options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs `lukewarm` until it ends by itself."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LUKEWARM_")} | variables
    return subprocess.run(
        [sys.executable, "-m", "collector", *options],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_all_bad_settings_are_told_at_once(tmp_path):
    bad = {
        "LUKEWARM_PORT": "70000",
        "LUKEWARM_THREADS": "many",
        "LUKEWARM_DATABASE_URL": "mysql://x:Kanarienwort@y/z",
        "LUKEWARM_SECRET_KEY": "Kanarienwort",
        "LUKEWARM_WORKER": "maybe",
        "LUKEWARM_LOG_FORMAT": "xml",
        "LUKEWARM_REDIS_URL": "http://:Kanarienwort@y",
        "LUKEWARM_PUBLIC_URL": "ftp://x",
        "LUKEWARM_PROT": "8000",
    }
    done = run("serve", LUKEWARM_DATA_DIR=str(tmp_path / "none"), **bad)
    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert sorted(line.split()[0] for line in lines) == sorted(bad)
    assert all(line.endswith(".") for line in lines)
    assert "Kanarienwort" not in done.stderr
    assert not (tmp_path / "none").exists()


def test_an_unknown_variable_is_told_by_its_name(tmp_path):
    done = run("serve", LUKEWARM_DATA_DIR=str(tmp_path), LUKEWARM_DATABSE_URL="sqlite:///x.db")
    assert done.returncode == 2
    assert done.stderr == "LUKEWARM_DATABSE_URL is not a setting. 'lukewarm config' lists them all.\n"


def test_postgresql_without_a_secret_is_told_to_have_one(tmp_path):
    done = run(
        "serve", LUKEWARM_DATA_DIR=str(tmp_path), LUKEWARM_DATABASE_URL="postgresql://u:Kanarienwort@localhost/x"
    )
    assert done.returncode == 2
    assert done.stderr == "LUKEWARM_SECRET_KEY is needed with PostgreSQL, because all nodes must share it.\n"


def test_a_port_that_is_taken_is_one_clear_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port), LUKEWARM_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"Cannot listen on 127.0.0.1:{port}: Address already in use.",
        "Choose another port with --port, or stop the program that has this one.",
    ]


@pytest.mark.parametrize("host", ["203.0.113.1", "no-such-host.invalid"])
def test_an_address_that_is_not_ours_is_one_clear_line(tmp_path, host):
    done = run("serve", "--port", "0", "--host", host, LUKEWARM_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith(f"Cannot listen on {host}:0: ")
    assert len(done.stderr.splitlines()) == 2


def test_a_database_that_is_away_is_one_clear_line(tmp_path):
    away = "postgresql://lukewarm:Kanarienwort@127.0.0.1:1/x?connect_timeout=2"
    done = run("serve", LUKEWARM_DATA_DIR=str(tmp_path), LUKEWARM_DATABASE_URL=away, LUKEWARM_SECRET_KEY=SECRET)
    assert done.returncode == 1
    assert done.stderr.startswith("The database cannot be used: ")
    assert "Traceback" not in done.stderr
    assert "Kanarienwort" not in done.stderr + done.stdout


def test_a_secret_may_stand_in_a_file(tmp_path):
    (tmp_path / "secret").write_text(SECRET + "\n")
    live = Live(tmp_path, LUKEWARM_SECRET_KEY_FILE=str(tmp_path / "secret"))
    assert live.stop() == 0
    assert not (tmp_path / "secret.key").exists()


def test_no_slow_reader_keeps_the_process_from_stopping(live):
    with connect(live.port) as silent, connect(live.port) as half:
        half.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
        assert status_of(exchange(live.port, request("GET", "/livez"))) == 200
        began = time.monotonic()
        assert live.stop() == 0
        assert time.monotonic() - began < Patience().whole / 2
        assert until_closed(silent) == b""
        assert status_of(until_closed(half)) == 408
