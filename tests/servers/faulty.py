"""A bad line before a real collector: it passes requests on, and fails as it is told."""

import http.client
import re
import socket
import struct
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: Headers that belong to one connection and not to the message.
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@dataclass(frozen=True)
class Fault:
    """What happens instead of an answer: bytes with a status; with `cut` fewer of them than announced; `status` 0 is a
    connection that breaks. `passed_on` lets the collector have the request first, so that only its answer is lost."""

    status: int = 0
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    passed_on: bool = False


@dataclass(frozen=True)
class Asked:
    """A request as it came, with the time on a clock that only goes on, in seconds."""

    at: float
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Faulty:
    """Listens on a port of its own and passes everything on to `port`, but for what `fail` says. `asked` holds all requests."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[Asked] = []
        self._faults: list[tuple[re.Pattern[str], Fault]] = []
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                line._answer(self)

            def do_POST(self) -> None:
                line._answer(self)

            def do_OPTIONS(self) -> None:
                line._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.root = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def fail(self, path: str, fault: Fault, times: int = 1) -> None:
        """The next `times` requests whose path matches the regular expression meet the fault."""
        self._faults += [(re.compile(path), fault)] * times

    def mend(self) -> None:
        """From now on everything is passed on."""
        self._faults.clear()

    def requests(self, path: str) -> list[Asked]:
        """What was asked of paths that match."""
        return [asked for asked in self.asked if re.search(path, asked.path)]

    def stop(self) -> None:
        """Ends the server."""
        self._server.shutdown()
        self._server.server_close()

    def _fault(self, path: str) -> Fault | None:
        for at, (wanted, fault) in enumerate(self._faults):
            if wanted.search(path):
                del self._faults[at]
                return fault
        return None

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        self.asked.append(Asked(time.monotonic(), request.command, request.path, dict(request.headers.items()), body))
        fault = self._fault(request.path)
        if fault is None or fault.passed_on:
            status, headers, reply = self._pass_on(request, body)
        if fault is not None:
            if not fault.status:
                _reset(request)
                return
            given = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json", **fault.headers}
            status, headers, reply = fault.status, list(given.items()), fault.body
        request.send_response(status)
        for name, value in headers:
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(reply) + (1000 if fault and fault.cut else 0)))
        request.end_headers()
        request.wfile.write(reply)
        request.close_connection = bool(fault and fault.cut)

    def _pass_on(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        onward = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            onward.request(request.command, request.path, body or None, dict(request.headers.items()))
            answer = onward.getresponse()
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP]
            return answer.status, kept, answer.read()
        except OSError:
            return 502, [], b""
        finally:
            onward.close()


def _reset(request: BaseHTTPRequestHandler) -> None:
    """Breaks the connection so that the browser cannot take it for an answer, nor try again by itself on another one."""
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.close_connection = True
    request.connection.close()
