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


def leave_address(demo: Live, number: int, address: str, language: str = "en") -> str:
    """Somebody who gives feedback on the demo and leaves an address; returns the page of the mail that they get."""
    client = HttpClient(demo.port)
    key = next(line.split()[0] for line in demo.command("site", "list").splitlines() if "  Fernweh Rail  " in line)
    origin = {"Origin": demo.root}
    asked = client.get(f"/v1/sites/{key}/survey?language={language}", headers=origin).json["contact"]
    said = submission(number, score=7, category="price", page=f"{demo.root}/demo", language=language)
    token = client.post(f"/v1/sites/{key}/responses", json=said, headers=origin).json["token"]
    given = {"channel": "email", "address": address, "consent": asked["version"], "language": language}
    assert client.post(f"/v1/responses/{token}/contact", json=given).status_code == 200
    mail = rf'href="(/demo/mail/[^"]+)"><b>[^<]*</b> <span>to {address}<'
    path = until(lambda: re.search(mail, client.get("/demo/mail").text))[1]
    client.close()
    return f"{demo.root}{path}"


def test_whoever_leaves_an_address_on_the_demo_can_read_the_mail_and_follow_it(demo: Live):
    mail = leave_address(demo, 1, "ann@example.org")
    client = HttpClient(demo.port)
    link = re.search(rf"{demo.root}(/a/[^\s?]+)", client.get(mail.removeprefix(demo.root)).text)[1]
    assert "<form" in client.get(link).text
    client.close()
