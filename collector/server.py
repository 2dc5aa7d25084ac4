"""The server that `lukewarm serve` runs: waitress, which no slow client can hold up, made strict about what is a request.

Whatever two programs on the way may read differently is refused and the connection is closed (RFC 9112, sections 2.2, 2.3,
3.2, 5.2, 6.1, 6.3 and 7.1): both lengths at once, any transfer coding but one `chunked`, folded lines, bare line feeds,
a missing or second host, unknown versions, chunk sizes with anything around them."""

import errno
import json
import re
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any
from uuid import uuid4

import structlog
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.receiver import ChunkedReceiver
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ErrorTask
from waitress.utilities import BadRequest as Unreadable

from collector import problems
from collector.config import Settings
from collector.web.errors import problem_json

_log = structlog.get_logger("lukewarm")

_BARE_FEED = re.compile(rb"(?<!\r)\n")
_FOLDED = re.compile(rb"\r\n[ \t]")
_LENGTHS = re.compile(rb"(?:^|\r\n)content-length[ \t]*:([^\r\n]*)", re.IGNORECASE)
_CODINGS = re.compile(rb"(?:^|\r\n)transfer-encoding[ \t]*:([^\r\n]*)", re.IGNORECASE)
_HOSTS = re.compile(rb"(?:^|\r\n)host[ \t]*:", re.IGNORECASE)
_FIRST_LINE = re.compile(rb"[^\r\n]* HTTP/1\.([01])\r\n")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})(?:;[!-~]+)?")

#: Larger bodies are refused while they arrive; the application's own limit is lower and says so politely. A thousand
#: connections of this size fit into the memory of a small machine.
_MAX_BODY = 64 * 1024
_MAX_HEAD = 16 * 1024
#: Seconds after which a connection on which nothing arrives is closed, and in which a request must be there as a whole.
_IDLE = 10
_WHOLE = 30


class StrictChunks(ChunkedReceiver):
    """A chunked body in exactly the form of the standard: no bare line feed, blank line, or trailer. A proxy that reads
    one of these in another way sees the body end elsewhere."""

    def __init__(self, buffer: Any) -> None:
        super().__init__(buffer)
        self._held = b""
        self._between = True
        self._last = False

    def received(self, data: bytes) -> int:
        """Takes bytes and says how many belong to this body."""
        rest, self._held = self._held + data, b""
        while rest and not self.completed and self.error is None:
            if self.chunk_remainder:
                piece = rest[: self.chunk_remainder]
                self.buf.append(piece)
                self.chunk_remainder -= len(piece)
                rest = rest[len(piece) :]
                continue
            end = rest.find(b"\r\n")
            if end < 0 and len(rest) < 256:
                self._held = rest
                return len(data)
            self._read_line(rest[:end] if end >= 0 else rest)
            rest = rest[end + 2 :]
        return len(data) if self.error else len(data) - len(rest)

    def _read_line(self, line: bytes) -> None:
        size = _CHUNK_SIZE.fullmatch(line) if self._between else None
        if self._between and size:
            self.chunk_remainder = int(size[1], 16)
            self._last = self.chunk_remainder == 0
            self._between = False
        elif not self._between and not line:
            self.completed = self._last
            self._between = True
        else:
            self.error = Unreadable("The chunks of the body can be read in two ways.")


class StrictParser(HTTPRequestParser):
    """Waitress's parser, without tolerance for what smuggles a second request past a proxy."""

    def received(self, data: bytes) -> int:
        """Takes bytes and says how many belong to this request."""
        if self.body_rcv is None and _BARE_FEED.search((self.header_plus + data).partition(b"\r\n\r\n")[0]):
            self.error = Unreadable("The lines of the head end in two ways.")
            self.completed = True
            return len(data)
        taken: int = super().received(data)
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Reads the request line and the header."""
        version = _FIRST_LINE.match(header_plus)
        lengths = _LENGTHS.findall(header_plus)
        codings = [coding.strip(b" \t").lower() for coding in _CODINGS.findall(header_plus)]
        hosts = len(_HOSTS.findall(header_plus))
        if (
            version is None
            or _FOLDED.search(header_plus)
            or len(lengths) + len(codings) > 1
            or any(len(length.strip()) > 20 for length in lengths)
            or codings not in ([], [b"chunked"])
            or (codings and version[1] == b"0")
            or hosts > 1
            or (not hosts and version[1] == b"1")
        ):
            raise ParsingError("The request can be read in two ways.")
        try:
            super().parse_header(header_plus)
        except ValueError:
            raise ParsingError("The address of the request cannot be read.") from None
        if self.chunked and self.body_rcv is not None:
            self.body_rcv = StrictChunks(self.body_rcv.getbuf())


class ProblemTask(ErrorTask):
    """Answers a request that never reached the application, in the application's form."""

    def execute(self) -> None:
        """Writes the answer and closes the connection."""
        request: Any = self.request
        error = request.error
        problem: problems.Problem = problems.BadRequest(error.body)
        if error.code == 413:
            problem = problems.BodyTooLarge()
        elif error.code == 500:
            problem = problems.InternalError()
        self.status = f"{problem.status} {problem.title}"
        self.response_headers = [
            ("Content-Type", "application/problem+json"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        request_id = str(uuid4())
        _log.info("refused", status=problem.status, request=request_id)
        body = json.dumps(problem_json(problem, request_id)).encode()
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class StrictChannel(HTTPChannel):
    """A connection whose requests are read strictly and may not trickle in for ever."""

    parser_class = StrictParser
    error_task_class = ProblemTask
    whole: float = _WHOLE
    _begun = 0.0

    def received(self, data: bytes) -> bool:
        """Takes what arrived; a request that is not there as a whole in time ends the connection."""
        before, now = self.request, monotonic()
        if before is not None and now - self._begun > self.whole:
            self.will_close = True
            return False
        taken = bool(super().received(data))
        if self.request is not before:
            self._begun = now
        return taken


def serve(
    app: Any, settings: Settings, on_ready: Callable[[str, int], None], stop: threading.Event | None = None
) -> None:
    """Serves `app` until the process is told to stop; requests that a thread has begun get five seconds to be answered.

    `on_ready` is called with the address and port as soon as connections are taken."""
    sockets: dict[int, Any] = {}
    try:
        server: Any = create_server(
            app,
            map=sockets,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            clear_untrusted_proxy_headers=True,
            max_request_body_size=_MAX_BODY,
            max_request_header_size=_MAX_HEAD,
            channel_timeout=_IDLE,
            cleanup_interval=2,
            connection_limit=1000,
            asyncore_use_poll=True,
        )
    except ValueError:
        # Waitress's word for a host name that leads to no address.
        raise OSError(errno.EADDRNOTAVAIL, "no address is known for this host") from None
    # A host name with several addresses has a listening socket, and a server, for each.
    listening: list[Any] = [one for one in sockets.values() if isinstance(one, BaseWSGIServer)]
    for one in listening:
        one.channel_class = StrictChannel
    on_ready(listening[0].effective_host, int(listening[0].effective_port))
    try:
        server.run()
    finally:
        if stop is not None:
            stop.set()
