"""The move as an operator makes it: real processes, one of them killed again and again, and visitors on both sides."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from collector.db import Database
from collector.migrations import upgrade
from collector.migrations.tables import METADATA
from collector.moving.queries import BATCH, marks
from tests.conftest import _create
from tests.journeys.test_serve import add_site, post
from tests.make import NOW, make_site
from tests.moving.conftest import everything
from tests.servers.live import Live
from tests.servers.postgres import Postgres
from tests.servers.raw import exchange, json_of, request, status_of

ENTRIES = 8 * BATCH


@pytest.fixture
def address(postgres: Postgres, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty PostgreSQL database, as an operator writes it."""
    name = f"p{abs(hash(request.node.nodeid))}"
    _create(postgres, f"create database {name}")
    yield postgres.url(name).replace("+psycopg", "")
    _create(postgres, f"drop database {name} with (force)")


def environ(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LUKEWARM_")}
    return kept | {"LUKEWARM_DATA_DIR": str(folder)} | more


def copying(folder: Path, address: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "collector", "db", "copy", "--to", address],
        env=environ(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def rows_there(target: Database) -> int:
    with target.connection() as tx:
        return sum(mark.tally.rows for mark in (marks(tx) or {}).values())


def test_a_copy_that_is_killed_again_and_again_ends_whole(tmp_path: Path, address: str):
    source = Database(f"sqlite:///{tmp_path / 'lukewarm.db'}")
    upgrade(source)
    with source.writing() as tx:
        make_site(tx)
    entry = {"kind": "a.b", "due_at": NOW, "state": "waiting", "attempts": 0, "crashes": 0}
    with source.connection() as tx:
        table = METADATA.tables["outbox_entry"]
        tx.execute(insert(table), [entry | {"payload": {"n": [number, "ü"]}} for number in range(ENTRIES)])
    before = everything(source)
    source.dispose()
    target = Database(address.replace("postgresql:", "postgresql+psycopg:"))
    killed_at = []
    for _ in range(30):
        start = rows_there(target)
        process = copying(tmp_path, address)
        while len(killed_at) < 3 and process.poll() is None:
            if rows_there(target) > start:
                process.send_signal(signal.SIGKILL)
                break
            time.sleep(0.02)  # the copy has need of the processor, too
        told = process.communicate(timeout=60)
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL, told
        killed_at.append(rows_there(target))
    assert process.returncode == 0
    assert any(0 < count < ENTRIES for count in killed_at)
    assert killed_at == sorted(killed_at)
    assert "counts and checksums agree" in told[0]
    assert everything(target) == before == everything(source)
    source.dispose()
    target.dispose()


def test_visitors_go_on_where_they_were_after_the_move(tmp_path: Path, address: str):
    old = Live(tmp_path)
    site = add_site(old)
    receipts = [exchange(old.port, post(old, site, number, score=8)) for number in range(1, 6)]
    tokens = [json_of(receipt)["follow_up"]["token"] for receipt in receipts]
    answer = json.dumps({"text": "The form"}).encode()

    def send(live: Live, token: str) -> bytes:
        return exchange(live.port, request("POST", f"/v1/follow-ups/{token}", answer, Content_Type="text/plain"))

    assert status_of(send(old, tokens[0])) == 200

    noticed = copying(tmp_path, address)
    _, told = noticed.communicate(timeout=60)
    assert noticed.returncode == 1
    assert "Stop the collector" in told
    assert status_of(exchange(old.port, post(old, site, 6))) == 201
    assert old.stop() == 0

    done = copying(tmp_path, address)
    said, told = done.communicate(timeout=60)
    assert done.returncode == 0, told
    assert (tmp_path / "secret.key").read_text() not in said + told

    new = Live(
        tmp_path / "elsewhere",
        LUKEWARM_DATABASE_URL=address,
        LUKEWARM_SECRET_KEY_FILE=str(tmp_path / "secret.key"),
    )
    try:
        assert json_of(exchange(new.port, post(new, site, 1, score=8))) == json_of(receipts[0])
        assert [status_of(send(new, token)) for token in tokens] == [200] * 5
        assert status_of(exchange(new.port, post(new, site, 7))) == 201
        lines = new.command("export", "--site", site, "--format", "jsonl").splitlines()
        states = [json.loads(line)["follow_up_state"] for line in lines]
        assert states == ["answered"] * 5 + ["offered"] * 2
    finally:
        new.kill()


def test_a_collector_that_is_started_meanwhile_finds_the_database_locked(tmp_path: Path):
    source = Database(f"sqlite:///{tmp_path / 'lukewarm.db'}")
    upgrade(source)
    with source.alone() as here:
        assert here.execute(text("select count(*) from team")).scalar_one() == 0
        started = subprocess.run(
            [sys.executable, "-m", "collector", "serve", "--port", "0"],
            env=environ(tmp_path),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert started.returncode == 1
    assert "The database cannot be used: database is locked" in started.stderr
    source.dispose()


def test_progress_is_one_line_that_changes_on_a_terminal(tmp_path: Path, address: str):
    """A pseudo-terminal stands for a person's."""
    pty = pytest.importorskip("pty")
    source = Database(f"sqlite:///{tmp_path / 'lukewarm.db'}")
    upgrade(source)
    with source.writing() as tx:
        make_site(tx)
    source.dispose()
    outer, inner = pty.openpty()
    command = [sys.executable, "-m", "collector", "db", "copy", "--to", address]
    with subprocess.Popen(command, env=environ(tmp_path), stdout=subprocess.PIPE, stderr=inner) as process:
        process.communicate(timeout=60)
    os.close(inner)
    shown = os.read(outer, 65536)
    os.close(outer)
    assert b"\r\x1b[Ksite: 1 of 1 rows copied\r\n" in shown
