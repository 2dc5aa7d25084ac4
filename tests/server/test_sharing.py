"""Limits shared by several nodes over a real Redis, which may be killed."""

import threading
import time
from collections.abc import Iterator

import pytest
from redis import Redis as Client
from structlog.testing import capture_logs

from collector.intake.limits import LONGEST_DEBT, Limits, Share
from collector.server import sharing
from collector.server.sharing import Sharing, name_of
from tests.servers.neighbours import Redis

KEY = b"a key for tests that is long enough to be one"
SHARE: Share = (("site_a", "192.0.2.7"), 20)


class Steady:
    """Seconds that the test moves by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def redis() -> Iterator[Redis]:
    running = Redis()
    yield running
    running.remove()


def node(redis: Redis, clock: Steady) -> tuple[Limits, Sharing]:
    """A node's limits with its part in the sharing."""
    limits = Limits()
    return limits, Sharing(limits, redis.url, KEY, clock)


def take_all(limits: Limits, now: float, share: Share = SHARE) -> int:
    """Takes until nothing is left; how often that went well."""
    count = 0
    while limits.take([share], now) == 0:
        count += 1
    return count


def test_what_one_node_gave_out_the_other_has_not(redis):
    clock = Steady()
    (one, tells_one), (two, tells_two) = node(redis, clock), node(redis, clock)
    assert [one.take([SHARE], clock()) for _ in range(15)] == [0] * 15
    tells_one.tell()
    assert two.take([SHARE], clock()) == 0
    tells_two.tell()
    assert take_all(two, clock()) == 4
    assert two.take([(("site_a", "192.0.2.8"), 20)], clock()) == 0


def test_what_was_given_out_twice_is_owed(redis):
    """Whoever goes on asking all nodes gets over three minutes what one node alone would have given."""
    began = time.monotonic()
    nodes = []
    clock = Steady()
    for _ in range(3):
        nodes.append(node(redis, clock))
    # Redis has a clock of its own; here a minute's share comes in within six seconds.
    share: Share = (("site_a", "192.0.2.9"), 200)
    given = 0
    while (passed := time.monotonic() - began) < 6:
        clock.seconds = 1000 + passed
        for limits, tells in nodes:
            given += take_all(limits, clock(), share)
            tells.tell()
        time.sleep(0.1)
    # At once each gives out its 200; what comes in within six seconds, 20, pays that debt first.
    assert 600 <= given <= 603


def test_redis_is_told_no_address_and_forgets_soon(redis):
    clock = Steady()
    limits, tells = node(redis, clock)
    limits.take([SHARE, (("site", "site_a"), 600)], clock())
    tells.tell()
    with Client.from_url(redis.url) as client:
        keys = client.keys()
        assert set(keys) == {name_of(KEY, SHARE).encode(), name_of(KEY, (("site", "site_a"), 600)).encode()}
        assert all(key.startswith(b"lukewarm:limit:") and b"192" not in key for key in keys)
        assert all(0 < client.ttl(key) <= LONGEST_DEBT for key in keys)
    assert name_of(b"another key", SHARE) != name_of(KEY, SHARE)


def test_without_redis_each_node_has_its_own_and_finds_back_by_itself(redis):
    clock = Steady()
    (one, tells_one), (two, tells_two) = node(redis, clock), node(redis, clock)
    redis.kill()
    with capture_logs() as lines:
        for _ in range(5):
            assert one.take([SHARE], clock()) == 0
            clock.seconds += 1
            tells_one.tell()
        assert two.take([SHARE], clock()) == 0
        tells_two.tell()
        redis.start()
        other: Share = (("site_a", "192.0.2.9"), 20)
        assert take_all(one, clock(), other) == 20
        tells_one.tell()
        two.take([other], clock())
        tells_two.tell()
        assert two.take([other], clock()) > 0
    assert [line["event"] for line in lines] == ["limits.alone"] * 2 + ["limits.shared"] * 2


def test_the_thread_tells_twice_a_second_and_ends(redis):
    stop = threading.Event()
    nodes = []
    for _ in range(2):
        limits = Limits()
        tells = Sharing(limits, redis.url, KEY, time.monotonic)
        nodes.append((limits, threading.Thread(target=tells.run, args=(stop,))))
    for _, thread in nodes:
        thread.start()
    (one, _), (two, _) = nodes
    assert take_all(one, time.monotonic()) == 20
    # The second node hears of it in the round after it was asked for the first time.
    given = 0
    while two.take([SHARE], time.monotonic()) == 0:
        given += 1
        time.sleep(sharing.PAUSE / 2)
    assert 1 <= given < 20, "of its own it would have had twenty"
    stop.set()
    for _, thread in nodes:
        thread.join(5)
        assert not thread.is_alive()
