"""What Flask is told of a request, and how its answers come back."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from collector.server.long_way import LongWay
from collector.server.shelf import Shelf

ASKED = {
    "path": "/v1/größe",
    "raw_path": b"/v1/gr%C3%B6%C3%9Fe",
    "query_string": b"a=b",
    "http_version": "1.1",
    "scheme": "http",
    "server": ("127.0.0.1", 8000),
    "client": ("127.0.0.1", 50000),
    "headers": [(b"x-forwarded-for", b"192.0.2.1"), (b"x_forwarded_for", b"203.0.113.7"), (b"content-length", b"4")],
}


def answered(
    app: Any,
    said: dict[str, Any] | None = None,
    on_sent: Callable[[dict[str, Any]], None] = lambda _: None,
    method: str = "POST",
) -> list[dict[str, Any]]:
    """What goes out when `said` came in; `on_sent` is told of each part as it goes."""
    out: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return said or {"type": "http.request", "body": b"body", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        out.append(message)
        on_sent(message)

    asyncio.run(Shelf(LongWay(app, 1), 60)({**ASKED, "method": method}, receive, send))
    return out


def test_a_name_with_an_underscore_is_not_taken_for_the_one_that_a_proxy_writes():
    told = {}

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        told.update(environ, body=environ["wsgi.input"].read())
        start_response("204 No Content", [("Content-Length", "0")])
        return []

    answered(app)
    assert told["HTTP_X_FORWARDED_FOR"] == "192.0.2.1"
    assert (told["body"], told["CONTENT_LENGTH"], told["QUERY_STRING"]) == (b"body", "4", "a=b")
    assert told["PATH_INFO"].encode("latin-1").decode() == "/v1/größe"


def test_the_date_is_left_to_the_server_which_says_it_of_every_answer():
    def app(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Length", "4"), ("Date", "Mon, 23 Nov 2026 00:00:00 GMT")])
        return [b"once"]

    head, _ = answered(app)
    assert [name for name, _ in head["headers"]] == [b"content-length"]


def test_an_answer_that_says_its_length_goes_out_at_once():
    def app(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Length", "4"), ("X-Word", "one")])
        return [b"on", b"ce"]

    head, body = answered(app)
    assert (head["status"], dict(head["headers"])[b"x-word"]) == (200, b"one")
    assert body == {"type": "http.response.body", "body": b"once"}


def test_an_answer_without_a_length_goes_out_as_it_is_made_and_is_closed():
    steps: list[str] = []

    class Pieces:
        def __iter__(self) -> Iterator[bytes]:
            for piece in (b"one", b"two"):
                steps.append(f"made {piece.decode()}")
                yield piece

        def close(self) -> None:
            steps.append("closed")

    def app(_environ: dict[str, Any], start_response: Any) -> Pieces:
        start_response("200 OK", [])
        return Pieces()

    answered(app, on_sent=lambda message: steps.append(f"sent {message.get('body', b'head').decode()}"))
    assert steps == ["made one", "sent head", "sent one", "made two", "sent two", "closed", "sent "]


def test_nothing_is_done_for_somebody_who_has_left():
    def app(_environ: dict[str, Any], _start_response: Any) -> list[bytes]:
        raise AssertionError

    assert answered(app, {"type": "http.disconnect"}) == []
    assert answered(app, {"type": "http.disconnect"}, method="GET") == []
