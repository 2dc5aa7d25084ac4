"""A collector that breaks its promise: it answers 201 and stores a moment later. The measurement has to notice."""

import io
import json
import os
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from collector.app import create_app
from collector.config import read_settings
from collector.db import Database

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Seconds between the answer and the write.
LATE = 0.1


class Early:
    """The application, with its submissions answered before they are stored."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST" or not environ["PATH_INFO"].endswith("/responses"):
            return self._application(environ, start_response)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        threading.Thread(target=self._store, args=(dict(environ), body), daemon=True).start()
        start_response("201 Created", [("Content-Type", "application/json")])
        return [json.dumps({"id": json.loads(body)["id"], "follow_up": None}).encode()]

    def _store(self, environ: dict[str, Any], body: bytes) -> None:
        time.sleep(LATE)
        environ["wsgi.input"] = io.BytesIO(body)

        def ignore(_status: str, _headers: object, _error: object = None) -> Any:
            return lambda _piece: None

        list(self._application(environ, ignore))


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


def main() -> None:
    """Serves on the port that `--port` names."""
    settings = read_settings(os.environ)
    server = _Server(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), _Silent)
    server.set_app(Early(create_app(settings, Database(settings.database))))
    server.serve_forever()


if __name__ == "__main__":
    main()
