"""The collector under a WSGI server that is not its own: the standard library's."""

import json
import os
import subprocess
import sys
import time

from tests.make import ORIGIN, submission
from tests.servers.live import UNLIMITED
from tests.servers.raw import connect, exchange, json_of, request, status_of

SERVER = (
    "from wsgiref.simple_server import make_server; import sys; from collector.wsgi import application; "
    "server = make_server('127.0.0.1', 0, application()); print(server.server_port, flush=True); server.serve_forever()"
)


def test_any_wsgi_server_serves_the_collector(tmp_path):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LUKEWARM_")}
    environ |= {"LUKEWARM_DATA_DIR": str(tmp_path), **UNLIMITED}
    added = subprocess.run(
        [sys.executable, "-m", "collector", "site", "add", "Shop", "--origin", ORIGIN],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    key = added.stdout.strip()
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        until = time.monotonic() + 60
        while True:
            try:
                connect(port).close()
                break
            except OSError:
                assert time.monotonic() < until
        body = json.dumps(submission(1, score=7)).encode()
        sent = request("POST", f"/v1/sites/{key}/responses", body, Origin=ORIGIN, Content_Type="text/plain")
        first, again = (exchange(port, sent) for _ in range(2))
        assert (status_of(first), json_of(first)) == (201, json_of(again))
        token = json_of(first)["follow_up"]["token"]
        answer = request("POST", f"/v1/follow-ups/{token}", b'{"text": "The form"}', Content_Type="text/plain")
        assert status_of(exchange(port, answer)) == 200
    finally:
        server.kill()
        server.wait(10)
        server.stdout.close()
