"""Sites that carry the widget: files served from an origin that is not the collector's, under the policy a test asks for."""

import mimetypes
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

#: One for all documents, so that files and tags can name it.
NONCE = "bm9uY2Utb2YtdGVzdHM"

_BASE = "default-src 'none'; base-uri 'none'; style-src 'self'; img-src 'self'; connect-src {{collector}}; "
_HOST = "script-src 'self' {{collector}}"
_TYPES = "; require-trusted-types-for 'script'"
#: Policies of strict sites, none of them with anything unsafe: by host, by nonce, by nonce and what it loads, and by host
#: with Trusted Types, without and with the ban on every type.
POLICIES = {
    "host": _BASE + _HOST,
    "nonce": _BASE + f"script-src 'nonce-{NONCE}'",
    "dynamic": _BASE.replace("style-src 'self'", f"style-src 'nonce-{NONCE}'")
    + f"script-src 'nonce-{NONCE}' 'strict-dynamic'",
    "types": _BASE + _HOST + _TYPES,
    "no types": _BASE + _HOST + _TYPES + "; trusted-types 'none'",
}


class Pages:
    """The files of a folder on a port of their own. `{{name}}` in a file, a tag or a policy becomes the query's parameter of
    that name, or else `words[name]`; `{{tag}}` becomes the tag of `tags` that the parameter `tag` names. The parameter
    `policy` sets a Content-Security-Policy of `POLICIES`, `store=no` forbids caches to keep the document. `built` holds files
    that a test made; `reports` what pages said by asking for `/report?WORDS`, which `/reports` tells them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.words = {"nonce": NONCE, "tag": "site", "language": "en", "direction": "ltr"}
        self.tags: dict[str, str] = {}
        self.built: dict[str, bytes] = {}
        self.reports: list[str] = []
        pages = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                pages._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.root = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Ends the server."""
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        path, query = urlsplit(request.path).path, urlsplit(request.path).query
        asked = {name: values[-1] for name, values in parse_qs(query).items()}
        if path == "/report":
            self.reports.append(unquote(query))
        body = self._body(path, asked)
        request.send_response(200 if body is not None else 404)
        kind = mimetypes.guess_type(path)[0] or "text/html"
        request.send_header("Content-Type", f"{kind}; charset=utf-8")
        request.send_header("Content-Length", str(len(body or b"")))
        if asked.get("store") == "no":
            request.send_header("Cache-Control", "no-store")
        if policy := asked.get("policy"):
            request.send_header("Content-Security-Policy", _filled(POLICIES[policy], {**self.words, **asked}))
        request.end_headers()
        request.wfile.write(body or b"")

    def _body(self, path: str, asked: dict[str, str]) -> bytes | None:
        if path in ("/report", "/favicon.ico"):  # browsers ask every site for its icon
            return b""
        if path == "/reports":
            return "\n".join(self.reports).encode()
        if path in self.built:
            return self.built[path]
        file = (self.folder / path.lstrip("/")).resolve()
        if not file.is_relative_to(self.folder) or not file.is_file():
            return None
        words = {**self.words, **asked}
        return _filled(file.read_text().replace("{{tag}}", self.tags[words["tag"]]), words).encode()


def _filled(text: str, words: dict[str, str]) -> str:
    for name, word in words.items():
        text = text.replace("{{" + name + "}}", word)
    return text
