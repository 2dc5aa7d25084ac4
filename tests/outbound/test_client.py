"""The one HTTP client against real servers that misbehave, and against names that lie."""

import ssl
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_network
from pathlib import Path
from threading import Event

import pytest

from collector.outbound.client import Answer, Client
from tests.servers.hook import Hook
from tests.servers.mail import certificate

HERE = (ip_network("127.0.0.0/8"),)
LOCAL = Client(HERE)


def url(hook: Hook, path: str = "/hook") -> str:
    return f"http://127.0.0.1:{hook.port}{path}"


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for hooks.example.com."""
    return certificate(tmp_path_factory.mktemp("papers"), "DNS:hooks.example.com")


@pytest.fixture
def secure(papers: Path) -> Iterator[Hook]:
    with Hook(certificate=papers) as hook:
        yield hook


def trusting(papers: Path) -> Callable[[], ssl.SSLContext]:
    return lambda: ssl.create_default_context(cafile=papers)


def leading_to(*numbers: str) -> Callable[[str, int], Sequence[str]]:
    return lambda _host, _port: numbers


@pytest.mark.parametrize("status", [200, 204, 404, 410, 429, 500])
def test_it_tells_the_status(status: int):
    with Hook(status) as hook:
        assert LOCAL.post(url(hook, "/a?b=c"), b'{"x": 1}', {"Content-Type": "application/json"}) == Answer(status)
    (asked,) = hook.asked
    assert (asked.path, asked.body) == ("/a?b=c", b'{"x": 1}')
    assert asked.headers["Host"] == f"127.0.0.1:{hook.port}"
    assert asked.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a91_a_redirection_is_not_followed(status: int):
    with Hook(status) as hook:
        assert LOCAL.post(url(hook), b"{}", {}) == Answer(status)
        assert len(hook.asked) == 1


def test_a96_no_proxy_of_the_environment_has_a_say(monkeypatch: pytest.MonkeyPatch):
    for name in ("http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with Hook() as hook:
        assert LOCAL.post(url(hook), b"{}", {}) == Answer(200)


def test_the_name_goes_into_tls_and_host_while_the_checked_number_is_connected_to(secure: Hook, papers: Path):
    client = Client(HERE, resolve=leading_to("127.0.0.1"), trust=trusting(papers))
    assert client.post(f"https://hooks.example.com:{secure.port}/x", b"{}", {}) == Answer(200)
    assert secure.asked[0].headers["Host"] == f"hooks.example.com:{secure.port}"


def test_a_certificate_of_another_name_or_of_nobody_known_ends_it(secure: Hook, papers: Path):
    client = Client(HERE, resolve=leading_to("127.0.0.1"), trust=trusting(papers))
    assert client.post(f"https://other.example.com:{secure.port}/", b"{}", {}) == Answer(fault="tls")
    stranger = Client(HERE, resolve=leading_to("127.0.0.1"))
    assert stranger.post(f"https://hooks.example.com:{secure.port}/", b"{}", {}) == Answer(fault="tls")
    assert secure.asked == []


@pytest.mark.parametrize(
    "numbers",
    [
        ("127.0.0.1",),
        ("::1",),
        ("::ffff:127.0.0.1",),
        ("64:ff9b::7f00:1",),
        ("fe80::1%lo",),
        ("169.254.169.254",),
        ("8.8.8.8", "127.0.0.1"),
        ("127.0.0.1", "8.8.8.8"),
    ],
    ids=str,
)
def test_a90_a_name_that_leads_inside_is_refused_before_anything_is_connected(secure: Hook, numbers: tuple[str, ...]):
    client = Client(resolve=leading_to(*numbers))
    assert client.post(f"https://hooks.example.com:{secure.port}/", b"{}", {}) == Answer(fault="refused")
    assert secure.asked == []


def test_a90_a_name_that_changes_its_mind_is_asked_only_once(secure: Hook, papers: Path):
    answers = [("127.0.0.1",), ("10.0.0.1",)]
    client = Client(HERE, resolve=lambda _host, _port: answers.pop(0), trust=trusting(papers))
    assert client.post(f"https://hooks.example.com:{secure.port}/", b"{}", {}) == Answer(200)
    assert answers == [("10.0.0.1",)]


def test_numbers_written_as_a_name_are_looked_up_by_nobody():
    assert Client(resolve=lambda _host, _port: pytest.fail("looked up")).post("https://0x7f.1/", b"", {}) == Answer(
        fault="refused"
    )


def no_name(_host: str, _port: int) -> Sequence[str]:
    raise OSError


def test_what_is_not_there_is_told_apart():
    assert Client(resolve=no_name).post("https://hooks.example.com/", b"{}", {}) == Answer(fault="name")
    assert Client(resolve=leading_to()).post("https://hooks.example.com/", b"{}", {}) == Answer(fault="name")
    assert LOCAL.post("https://hooks..example.com/", b"{}", {}) == Answer(fault="name")
    with Hook() as hook:
        pass
    assert LOCAL.post(url(hook), b"{}", {}) == Answer(fault="connect")


def hold(_request: BaseHTTPRequestHandler) -> None:
    _request.connection.recv(1)  # until the caller goes


def drip(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    try:
        while True:
            request.wfile.write(b"X-Drip: 1\r\n")
            request.connection.settimeout(0.05)
            try:
                request.connection.recv(1)
                return
            except TimeoutError:
                continue
    except OSError:
        return


def endless(request: BaseHTTPRequestHandler) -> None:
    try:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            request.wfile.write(b"x" * 65536)
    except OSError:
        return


def nonsense(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"220 mail.example ESMTP\r\n")


def silence(request: BaseHTTPRequestHandler) -> None:
    request.connection.close()


@pytest.mark.parametrize(
    ("act", "fault"),
    [(hold, "late"), (drip, "late"), (endless, "broken"), (nonsense, "broken"), (silence, "broken")],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a94_however_the_other_side_behaves_it_ends(act: Callable[[BaseHTTPRequestHandler], None], fault: str):
    with Hook(act) as hook:
        assert Client(HERE, seconds=0.5).post(url(hook), b"{}", {}) == Answer(fault=fault)


def test_a_look_up_that_does_not_end_is_left_behind():
    over = Event()

    def slow(_host: str, _port: int) -> Sequence[str]:
        over.wait()
        return ()

    try:
        assert Client(seconds=0.2, resolve=slow).post("https://hooks.example.com/", b"{}", {}) == Answer(fault="late")
    finally:
        over.set()


def bomb(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99999999999\r\n\r\n" + b"\x1f\x8b" * 8
    )


def test_a94_a_body_is_not_read_however_long_it_says_it_is():
    with Hook(bomb) as hook:
        assert LOCAL.post(url(hook), b"{}", {}) == Answer(200)
