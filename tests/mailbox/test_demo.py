"""The demo as a newcomer meets it: feedback, an address, and the mail that comes within seconds and leads back here."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.host import until
from tests.make import submission
from tests.servers.live import Live
from tests.servers.over_http import HttpClient


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Live]:
    running = Live(tmp_path, "--demo")
    yield running
    running.stop()


def test_whoever_leaves_an_address_on_the_demo_can_read_the_mail_and_follow_it(demo: Live):
    client = HttpClient(demo.port)
    key = demo.command("site", "list").split()[0]
    origin = {"Origin": demo.root}
    asked = client.get(f"/v1/sites/{key}/survey", headers=origin).json["contact"]
    said = submission(1, score=7, page=f"{demo.root}/demo")
    token = client.post(f"/v1/sites/{key}/responses", json=said, headers=origin).json["token"]
    given = {"channel": "email", "address": "ann@example.org", "consent": asked["version"], "language": "en"}
    assert client.post(f"/v1/responses/{token}/contact", json=given).status_code == 200
    path = until(lambda: re.search(r'href="(/demo/mail/[^"]+)"', client.get("/demo/mail").text))[1]
    link = re.search(rf"{demo.root}(/a/\S+)", client.get(path).text)[1]
    assert "<form" in client.get(link).text
    client.close()
