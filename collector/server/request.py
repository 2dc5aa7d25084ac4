"""A request that is there as a whole, whichever way it goes."""

from typing import Any

Lines = list[tuple[bytes, bytes]]


class Request:
    """A request that is there as a whole. On the short way uvicorn asks of it what it asks of its own: whether the answer is
    complete."""

    def __init__(
        self, parser: Any, url: bytes, headers: Lines, head: dict[bytes, bytes], body: bytes, admitted: bool
    ) -> None:
        self.url, self.headers, self.head, self.body, self.admitted = url, headers, head, body, admitted
        self.method: bytes = parser.get_method()
        self.version: str = parser.get_http_version()
        self.keep_alive = self.version == "1.1" and parser.should_keep_alive()
        self.response_started = self.response_complete = False
        self.disconnected = False
        self.message_event = self

    def set(self) -> None:
        """Nobody waits to hear more of this request: it is there as a whole."""


def as_whole(request: Request) -> Lines:
    """The lines of a request whose body is there: with its length, however it came."""
    if not any(name == b"transfer-encoding" for name, _ in request.headers):
        return request.headers
    kept = [(name, value) for name, value in request.headers if name != b"transfer-encoding"]
    return [*kept, (b"content-length", b"%d" % len(request.body))]
