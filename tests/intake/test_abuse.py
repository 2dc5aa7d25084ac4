"""Abuse at the front door, numbered as in the survey of attacks (A-22 to A-34), against the real server. A-27, forms
that no person filled in, stands in test_attacks.py, A-28, proof of work, in test_proof.py, A-30, made-up scores, in
tests/waves."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.make import ORIGIN, submission
from tests.servers.live import Live
from tests.servers.raw import connect, exchange, json_of, request, status_of

LIMITS = {
    "LUKEWARM_NETWORK_LIMIT": "10",
    "LUKEWARM_SITE_LIMIT": "30",
    "LUKEWARM_PROOF_OF_WORK": "off",
    "LUKEWARM_CONFIGURATION_MAX_AGE": "2",
}


@pytest.fixture(scope="module", params=["on", "off"], ids=["short way", "Flask alone"])
def live(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    running = Live(
        tmp_path_factory.mktemp("abuse"), LUKEWARM_FAST_DOOR=request.param, LUKEWARM_TRUSTED_PROXIES="1", **LIMITS
    )
    yield running
    running.stop()


@pytest.fixture
def site(live: Live, request: pytest.FixtureRequest) -> str:
    return add(live, request.node.name)


def add(live: Live, name: str) -> str:
    """The key of a new site, which was asked for once."""
    key = live.command("site", "add", name[:100], "--origin", ORIGIN).strip()
    assert status_of(exchange(live.port, request("GET", f"/v1/sites/{key}/survey"))) == 200
    return key


def send(live: Live, site: str, number: int, address: str, **headers: str) -> int:
    """The status of a submission that a proxy passes on from an address."""
    body = json.dumps(submission(number)).encode()
    named = {"Origin": ORIGIN, "Content_Type": "text/plain", "X_Forwarded_For": address} | headers
    return status_of(exchange(live.port, request("POST", f"/v1/sites/{site}/responses", body, **named)))


def rows(live: Live, site: str) -> int:
    return len(live.command("export", "--site", site, "--format", "jsonl").splitlines())


def test_a22_a_flood_from_one_network_is_cut_off_and_others_come_in(live, site):
    other = add(live, f"other of {site}")
    statuses = [send(live, site, number, "203.0.113.7") for number in range(1, 30)]
    assert (statuses.count(201), statuses.count(429)) == (10, 19)
    assert send(live, site, 50, "203.0.113.8") == 201
    assert send(live, other, 51, "203.0.113.7") == 201
    assert rows(live, site) == 11


def test_a22_a_flood_from_everywhere_is_cut_off_for_one_site_only(live, site):
    other = add(live, f"other of {site}")
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda number: send(live, site, number, f"198.51.100.{number}"), range(1, 100)))
    assert set(statuses) == {201, 429}
    assert 30 <= statuses.count(201) <= 45
    assert rows(live, site) == statuses.count(201)
    assert send(live, other, 200, "198.51.100.1") == 201


def test_a22_a_refusal_says_when_to_come_again_and_any_page_may_read_it(live, site):
    for number in range(1, 12):
        send(live, site, number, "203.0.113.9")
    body = json.dumps(submission(20)).encode()
    reply = exchange(
        live.port,
        request(
            "POST", f"/v1/sites/{site}/responses", body, Origin="https://evil.example", X_Forwarded_For="203.0.113.9"
        ),
    )
    assert (status_of(reply), json_of(reply)["type"]) == (429, "/problems/too-many-requests")
    head = reply.partition(b"\r\n\r\n")[0].lower().decode()
    assert "access-control-allow-origin: *" in head
    assert "access-control-expose-headers: retry-after" in head
    assert "\r\nretry-after: " in head


def test_a23_no_header_of_the_senders_own_makes_another_network(live, site):
    statuses = [
        send(
            live, site, number, f"10.0.0.{number}, 203.0.113.10",
            X_Real_IP=f"10.0.1.{number}", Forwarded=f"for=10.0.2.{number}", CF_Connecting_IP=f"10.0.3.{number}",
            True_Client_IP=f"10.0.4.{number}", X_Client_IP=f"10.0.5.{number}",
        )
        for number in range(1, 20)
    ]  # fmt: skip
    assert statuses.count(201) == 10


@pytest.mark.parametrize(
    "spelling", ["/v1/sites/{}/%72esponses", "/v1/sites/{}/responses?x={}", "//v1/sites/{}/responses"]
)
def test_a22_no_spelling_of_the_address_leads_past_the_limit(live, site, spelling):
    statuses = []
    for number in range(1, 20):
        body = json.dumps(submission(number)).encode()
        path = spelling.format(site, number)
        sent = request("POST", path, body, Origin=ORIGIN, Content_Type="text/plain", X_Forwarded_For="203.0.113.11")
        statuses.append(status_of(exchange(live.port, sent)))
    assert statuses.count(201) <= 10


def test_a22_tokens_cannot_be_tried_out(live):
    statuses = [
        status_of(
            exchange(
                live.port,
                request("POST", f"/v1/follow-ups/{'x' * 22}{number}", b'{"text": "x"}', X_Forwarded_For="203.0.113.12",
                        Content_Type="application/json"),
            )
        )
        for number in range(40)
    ]  # fmt: skip
    assert (statuses.count(404), statuses.count(429)) == (10, 30)


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "file://", ""])
def test_a25_an_origin_that_is_not_the_sites_is_refused(live, site, origin):
    assert send(live, site, 1, f"192.0.2.{len(origin)}", Origin=origin) == 403
    assert rows(live, site) == 0


def test_a26_the_sites_key_gives_the_right_to_submit_and_no_other(live, site):
    for path in ("/api/responses", "/api/exports/responses.csv"):
        reply = exchange(live.port, request("GET", path, Authorization=f"Bearer {site}"))
        assert status_of(reply) == 401
    settings = exchange(live.port, request("GET", f"/v1/sites/{site}/survey"))
    assert not [word for word in (b"secret", b"lwk_", b"token", b"api") if word in settings.lower()]


def test_a29_recorded_submissions_with_new_ids_are_held_up_by_the_limits(live, site):
    statuses = [send(live, site, number, f"2001:db8:5:{number % 3}::{number:x}") for number in range(1, 80)]
    assert statuses.count(201) <= 30


def test_a31_a_hundred_posts_of_one_id_are_one_row(tmp_path: Path):
    for way in ("on", "off"):
        live = Live(tmp_path / way, LUKEWARM_FAST_DOOR=way, LUKEWARM_CONFIGURATION_MAX_AGE="60")
        try:
            site = add(live, "Shop")
            body = json.dumps(submission(1, comment="Slow")).encode()
            sent = request("POST", f"/v1/sites/{site}/responses", body, Origin=ORIGIN, Content_Type="text/plain")
            sent = sent.replace(b"Connection: close\r\n", b"")

            def post(_: int, live: Live = live, sent: bytes = sent) -> bytes:
                with connect(live.port) as connection:
                    connection.sendall(sent)
                    reply = b""
                    while b"\r\n\r\n" not in reply or not reply.endswith(b"}"):
                        reply += connection.recv(65536)
                return reply

            with ThreadPoolExecutor(16) as pool:
                replies = list(pool.map(post, range(100)))
            assert {status_of(reply) for reply in replies} == {201}
            assert len({reply.partition(b"\r\n\r\n")[2] for reply in replies}) == 1
            assert rows(live, site) == 1
        finally:
            live.stop()


def test_a32_a_crowd_that_says_nothing_keeps_nobody_out(live, site):
    crowd: list[socket.socket] = []
    try:
        for number in range(600):
            silent = connect(live.port)
            crowd.append(silent)
            silent.sendall((b"", b"POST /v1/", b"GET / HTTP/1.1\r\nX: ", b"GET / HTTP/1.1\r\nHost: x\r\n")[number % 4])
        assert status_of(exchange(live.port, request("GET", "/livez"))) == 200
        assert send(live, site, 1, "203.0.113.13") == 201
    finally:
        for silent in crowd:
            silent.close()


def test_a33_no_header_changes_what_a_public_address_says(live, site):
    for path in (f"/v1/sites/{site}/survey", "/w/1/widget.js"):
        plain = exchange(live.port, request("GET", path)).partition(b"\r\n\r\n")
        for headers in (
            {"Host": "evil.example"}, {"X_Forwarded_Host": "evil.example"}, {"X_Forwarded_Proto": "gopher"},
            {"X_Original_URL": "/livez"}, {"X_Rewrite_URL": "/livez"}, {"Accept": "text/html"}, {"Forwarded": "host=evil"},
        ):  # fmt: skip
            sent = request("GET", path, **headers)
            if "Host" in headers:
                sent = sent.replace(b"Host: collector\r\n", b"")
            reply = exchange(live.port, sent).partition(b"\r\n\r\n")
            assert b"evil" not in reply[0] + reply[2]
            assert reply[2] == plain[2]


def test_a34_nothing_public_sets_a_cookie_and_nothing_private_may_be_kept(live, site):
    for path in ("/", "/livez", f"/v1/sites/{site}/survey", "/w/1/widget.js", "/api/responses", "/openapi.json"):
        head = exchange(live.port, request("GET", path, Cookie="session=x")).partition(b"\r\n\r\n")[0].lower()
        assert b"set-cookie" not in head
        public = path.startswith(("/v1/", "/w/"))
        assert (b"cache-control: no-store" in head) is not public
