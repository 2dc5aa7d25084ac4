"""A server that takes what is posted to it and answers as it is told: the other end of an incoming webhook."""

import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.servers.faulty import Asked

#: Writes an answer of its own, byte by byte if it likes.
Act = Callable[[BaseHTTPRequestHandler], None]


class Hook:
    """Listens on a free port of 127.0.0.1. `answers` are statuses, or acts, one for each request; then it says 200. `asked`
    holds all requests."""

    def __init__(self, *answers: int | Act, certificate: Path | None = None) -> None:
        self.answers = list(answers)
        self.asked: list[Asked] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.asked.append(Asked(0, "POST", self.path, dict(self.headers.items()), body))
                answer = hook.answers.pop(0) if hook.answers else 200
                if callable(answer):
                    answer(self)
                    self.close_connection = True
                    return
                self.send_response(answer)
                self.send_header("Content-Length", "2")
                self.send_header("Location", f"http://127.0.0.1:{hook.port}/elsewhere")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, certificate.with_suffix(".key"))
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self) -> "Hook":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
