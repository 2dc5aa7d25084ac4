"""A real service for SMS that speaks as Twilio does, and fails as it is told."""

import json
import ssl
import threading
from base64 import b64decode
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

ACCOUNT, TOKEN, NUMBER = "AC0123456789abcdef", "token/of the account", "+358401000000"


@dataclass
class Answer:
    """What the service says to the next message. `drop` breaks the connection: "before" the body was read, or "after";
    `silent` keeps it open and says nothing until the service ends; `cut` ends the answer in its middle."""

    status: int = 201
    body: bytes | None = None
    drop: str = ""
    silent: bool = False
    cut: bool = False
    headers: dict[str, str] = field(default_factory=dict)


class TextService:
    """Listens on a free port. `asked` holds the form of every message that arrived whole, `logins` who sent it."""

    def __init__(self, *answers: Answer, certificate: Path | None = None) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, str]] = []
        self.logins: list[tuple[str, str]] = []
        self.over = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                service._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, certificate.with_suffix(".key"))
            # By each connection's thread, so that a handshake that fails is nobody else's.
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        scheme = "http" if certificate is None else "https"
        login = f"{ACCOUNT}:{TOKEN.replace('/', '%2F').replace(' ', '%20')}"
        self.url = f"{scheme}://{login}@127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "TextService":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        answer = self.answers.pop(0) if self.answers else Answer()
        request.close_connection = True
        if answer.drop == "before":
            return
        body = request.rfile.read(int(request.headers["Content-Length"]))
        self.asked.append(dict(parse_qsl(body.decode("ascii"), keep_blank_values=True)))
        kind, _, login = request.headers["Authorization"].partition(" ")
        assert (kind, request.path) == ("Basic", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
        name, _, password = b64decode(login).decode().partition(":")
        self.logins.append((name, password))
        if answer.silent:
            self.over.wait(30)
        if answer.silent or answer.drop:
            return
        said = answer.body
        if said is None:
            said = json.dumps({"sid": f"SM{len(self.asked):032}", "status": "queued", "error_code": None}).encode()
        request.send_response(answer.status)
        for header in {"Content-Type": "application/json", **answer.headers}.items():
            request.send_header(*header)
        request.send_header("Content-Length", str(len(said)))
        request.end_headers()
        request.wfile.write(said[: len(said) // 2] if answer.cut else said)


def refused(status: int, code: int) -> Answer:
    """An answer as the service gives it to what it does not take."""
    said = {"code": code, "message": "No.", "more_info": f"https://www.twilio.com/docs/errors/{code}", "status": status}
    return Answer(status, json.dumps(said).encode())
