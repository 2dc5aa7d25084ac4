"""An installation with many nodes as its operators run it: two collectors and two workers on one PostgreSQL behind PgBouncer,
Redis for the limits, HAProxy in front with the settings that the documents give. All are processes; some are killed."""

import json
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from collector import clock
from collector.db import Database
from collector.migrations import upgrade
from collector.worker import Worker
from tests.conftest import _create
from tests.make import ORIGIN, make_site, submission
from tests.servers.live import Live
from tests.servers.neighbours import PgBouncer, Proxy, Redis, free_ports
from tests.servers.postgres import Postgres

SECRET = "a key for tests that is long enough to be one"
#: Seconds until something counts as never coming about, also on a busy machine.
PATIENCE = 120
HAPROXY = Path(__file__).parents[2] / "docs" / "scale" / "haproxy.cfg"


class Node:
    """A collector's place: its port stays, the process on it comes and goes."""

    def __init__(self, folder: Path, port: int, **settings: str) -> None:
        self.port = port
        self._folder = folder
        self._settings = settings
        self.live = self.start()

    def start(self) -> Live:
        """Starts the process."""
        self.live = Live(self._folder, "--port", str(self.port), **self._settings)
        return self.live


@dataclass
class Installation:
    """All that runs. `site` is a site's key, `direct` the way to PostgreSQL that passes PgBouncer by."""

    nodes: list[Node]
    workers: list["subprocess.Popen[bytes]"]
    proxy: Proxy
    redis: Redis
    direct: Database
    site: str


@pytest.fixture
def direct(postgres: Postgres) -> Iterator[Database]:
    _create(postgres, "create database nodes")
    opened = Database(postgres.url("nodes"))
    yield opened
    opened.dispose()
    _create(postgres, "drop database nodes with (force)")


@pytest.fixture
def bouncer(postgres: Postgres) -> Iterator[PgBouncer]:
    running = PgBouncer(postgres)
    yield running
    running.remove()


@pytest.fixture
def redis() -> Iterator[Redis]:
    running = Redis()
    yield running
    running.remove()


@contextmanager
def installation(
    folder: Path, direct: Database, bouncer: PgBouncer, redis: Redis, **settings: str
) -> Iterator[Installation]:
    """Everything, started."""
    pooled = Database(bouncer.url("nodes"))
    upgrade(pooled)
    with pooled.writing() as tx:
        site = make_site(tx).key
    pooled.dispose()
    settings = {
        "LUKEWARM_DATABASE_URL": bouncer.url("nodes").replace("+psycopg", ""),
        "LUKEWARM_SECRET_KEY": SECRET,
        "LUKEWARM_REDIS_URL": redis.url,
        "LUKEWARM_TRUSTED_PROXIES": "1",
        "LUKEWARM_WORKER": "off",
        "LUKEWARM_CONFIGURATION_MAX_AGE": "2",
        **settings,
    }
    nodes: list[Node] = []
    workers: list[subprocess.Popen[bytes]] = []
    proxy: Proxy | None = None
    try:
        for port in free_ports(2):
            nodes.append(Node(folder, port, **settings))
        for _ in range(2):
            command = [sys.executable, "-m", "collector", "work"]
            quiet = subprocess.DEVNULL
            workers.append(subprocess.Popen(command, env=nodes[0].live.environ, stdin=quiet, stdout=quiet))
        proxy = Proxy(HAPROXY.read_text(), [node.port for node in nodes])
        yield Installation(nodes, workers, proxy, redis, direct, site)
    finally:
        if proxy is not None:
            proxy.remove()
        for worker in workers:
            worker.kill()
            worker.wait(30)
        for node in nodes:
            node.live.kill()


@dataclass
class Load:
    """Visitors who send one submission after the other on connections that stay open, each again until it is acknowledged.
    `seen` counts what came back; `broken` what broke on a connection that had answered before and did not say good-bye."""

    port: int
    site: str
    acknowledged: Counter[str] = field(default_factory=Counter)
    seen: Counter[int | str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._visitors = [threading.Thread(target=self._visit) for _ in range(6)]
        for visitor in self._visitors:
            visitor.start()

    def stop(self) -> None:
        """Lets every visitor finish what it began."""
        self._stop.set()
        for visitor in self._visitors:
            visitor.join(30)
            assert not visitor.is_alive()

    def until(self, more: int) -> None:
        """Waits until `more` further submissions were acknowledged."""
        wanted = self.seen[201] + more
        wait_until(lambda: self.seen[201] >= wanted)

    def _visit(self) -> None:
        connection, answers = self._connection(), 0
        while not self._stop.is_set():
            with self._lock:
                number = next(self._numbers)
            sent = json.dumps(submission(number, category="price", comment=f"It is number {number}."))
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end:
                status, receipt, goes_on = self._send(connection, sent, answers)
                answers = answers + 1 if goes_on else 0
                if not goes_on:
                    connection.close()
                if status == 201:
                    with self._lock:
                        self.acknowledged[receipt["id"]] += 1
                    break
                time.sleep(0.05)
            else:
                raise AssertionError("never acknowledged")
        connection.close()

    def _send(self, connection: HTTPConnection, sent: str, answers: int) -> tuple[int | str, Any, bool]:
        headers = {"Origin": ORIGIN, "Content-Type": "text/plain", "X-Forwarded-For": "203.0.113.9"}
        status: int | str
        receipt: Any = None
        goes_on = False
        try:
            connection.request("POST", f"/v1/sites/{self.site}/responses", sent, headers)
            reply = connection.getresponse()
            with reply:
                said = reply.read()
                status, goes_on = reply.status, not reply.will_close
            # The proxy's own 503, when it takes both for dead, is a page.
            receipt = json.loads(said) if status == 201 else None
        except (OSError, HTTPException, ValueError) as error:
            status = type(error).__name__
            if answers:
                self.broken.append(status)
        with self._lock:
            self.seen[status] += 1
        return status, receipt, goes_on

    def _connection(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=20)


def wait_until(done: Callable[[], bool]) -> None:
    """Waits until something is so."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "it does not come about"
        time.sleep(0.05)


#: What workers carried out, written down by the database itself when an entry goes.
CARRIED_OUT = """
create table carried_out (entry bigint, payload jsonb);
create function note() returns trigger language plpgsql as
    $$ begin insert into carried_out values (old.id, old.payload); return old; end $$;
create trigger note after delete on outbox_entry for each row execute function note();
"""


def test_a_killed_collector_and_a_killed_worker_cost_nothing(tmp_path, direct, bouncer, redis):
    upgrade(direct)
    with direct.engine.begin() as connection:
        connection.exec_driver_sql(CARRIED_OUT)
    with installation(tmp_path, direct, bouncer, redis) as here:
        load = Load(here.proxy.port, here.site)
        load.until(300)
        assert here.nodes[0].live.kill() == -9
        here.workers[0].kill()
        load.until(300)
        here.nodes[0].start()
        load.until(300)
        load.stop()
        wait_until(lambda: _entries(direct, "state = 'waiting' or owner = any (select owner from alive)") == 0)
        rows = here.nodes[1].live.command("export", "--site", here.site, "--format", "jsonl").splitlines()
    # Visitors saw nothing but receipts and what says: come again.
    assert set(load.seen) <= {201, 503, "RemoteDisconnected", "ConnectionResetError", "ConnectionRefusedError"}, (
        load.seen
    )
    assert load.seen[201] >= 900
    # Every submission was acknowledged in the end, and stands in the export once.
    exported = Counter(json.loads(row)["id"] for row in rows)
    assert exported.keys() == load.acknowledged.keys()
    assert set(exported.values()) == {1}
    # What the killed worker held is carried out when its lease is over, by whoever comes then.
    later = Worker(direct, lambda: clock.now() + timedelta(minutes=6))
    while later.run_once():
        pass
    with direct.reading() as tx:
        entries = tx.scalars(text("select entry from carried_out")).all()
        facts = tx.scalars(
            text("select fact ->> 'submission' from carried_out, jsonb_array_elements(payload -> 'facts') fact")
        ).all()
        offered = tx.scalar(text("select count(*) from follow_up"))
        left = tx.scalar(text("select count(*) from outbox_entry"))
    assert Counter(facts) == exported
    assert len(entries) == len(set(entries))
    assert (offered, left) == (len(exported), 0)


def _entries(direct: Database, which: str) -> int:
    # Held by somebody who took or gave back an entry within the last seconds is held by the living.
    alive = "with alive as (select owner from outbox_entry where lease_until > now() + interval '4 minutes 57 seconds')"
    with direct.reading() as tx:
        return int(tx.scalar(text(f"{alive} select count(*) from outbox_entry where {which}")) or 0)


def test_collectors_are_restarted_one_after_the_other_and_nobody_notices(tmp_path, direct, bouncer, redis):
    with installation(tmp_path, direct, bouncer, redis) as here:
        load = Load(here.proxy.port, here.site)
        load.until(200)
        for node in here.nodes:
            assert node.live.stop() == 0
            load.until(100)
            node.start()
            # HAProxy, which asks every second, has found it when visitors come to it.
            wait_until(lambda node=node: any("/responses" in line for line in node.live.lines))
            load.until(100)
        load.stop()
        with direct.reading() as tx:
            stored = set(map(str, tx.scalars(text("select submission_id from response")).all()))
    assert set(load.seen) == {201}, load.seen
    assert load.acknowledged.keys() == stored


@pytest.mark.parametrize("max_age", ["0", "2"], ids=["the long way", "the short way"])
def test_a_collector_alone_says_good_bye_to_those_who_keep_their_connection(tmp_path, empty_sqlite, max_age):
    file = tmp_path / "lukewarm.db"
    shutil.copy(empty_sqlite, file)
    settings = {
        "LUKEWARM_DATABASE_URL": f"sqlite:///{file}",
        "LUKEWARM_CONFIGURATION_MAX_AGE": max_age,
    }
    node = Node(tmp_path, free_ports(1)[0], **settings)
    site = node.live.command("site", "add", "Shop", "--origin", ORIGIN).strip()
    load = Load(node.port, site)
    for _ in range(3):
        load.until(150)
        assert node.live.stop() == 0
        node.start()
    load.until(100)
    load.stop()
    rows = node.live.command("export", "--site", site, "--format", "jsonl").splitlines()
    assert node.live.stop() == 0
    # Whoever comes while nobody is there is refused; nobody who was being served is cut off.
    assert load.broken == [], load.seen
    assert set(load.seen) <= {201, "ConnectionRefusedError", "ConnectionResetError", "RemoteDisconnected"}, load.seen
    assert Counter(json.loads(row)["id"] for row in rows) == load.acknowledged


def test_nodes_share_a_visitors_limit_whatever_it_says_of_itself(tmp_path, direct, bouncer, redis):
    limits = {"LUKEWARM_NETWORK_LIMIT": "20", "LUKEWARM_PROOF_OF_WORK": "off"}
    with installation(tmp_path, direct, bouncer, redis, **limits) as here:
        seen: Counter[int] = Counter()
        began = time.monotonic()
        for number in range(1, 61):
            connection = HTTPConnection("127.0.0.1", here.proxy.port, timeout=20)
            headers = {"Origin": ORIGIN, "Content-Type": "text/plain", "X-Forwarded-For": f"198.51.100.{number}"}
            connection.request("POST", f"/v1/sites/{here.site}/responses", json.dumps(submission(number)), headers)
            reply = connection.getresponse()
            reply.read()
            seen[reply.status] += 1
            connection.close()
            time.sleep(0.1)
        passed = time.monotonic() - began
    assert set(seen) == {201, 429}
    # In the time of two rounds each node may give out what the other gave; every three seconds one more comes in.
    assert 20 <= seen[201] <= 32 + passed / 3, seen
