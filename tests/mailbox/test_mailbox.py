"""The demo's mails: listed and shown, harmless, and there with the demo only."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from collector.app import create_app
from collector.config import Settings
from collector.db import Database
from collector.mailbox.pages import MAIL_POLICY
from tests.conftest import Clock
from tests.reaching.conftest import ROOT, SENDER, Installation
from tests.reaching.conftest import here as here
from tests.reaching.conftest import mails as mails
from tests.reaching.test_reach import DUE


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is stored is tested where it is stored; here is what is shown of it."""
    return sqlite_url


@pytest.fixture
def app(settings: Settings, database: Database, clock: Clock, mails, site) -> Flask:
    told = replace(settings, mail_folder=mails, mail_from=SENDER, public_url=ROOT)
    return create_app(told, database, now=clock, demo_site=site.key)


def test_mails_are_listed_with_what_was_decided_and_shown_in_a_frame_they_cannot_leave(here: Installation):
    assert "No mail yet" in here.client.get("/demo/mail").text
    here.person(1)
    here.clock.time = DUE
    here.work()
    here.clock.move(timedelta(hours=1))
    listed = here.client.get("/demo/mail").text
    assert "One question from Shop" in listed
    assert "No answer 5 days after the question: one reminder" in listed
    (path,) = {part.partition('"')[0] for part in listed.split('href="') if part.startswith("/demo/mail/")}
    shown = here.client.get(path)
    assert "List-Unsubscribe-Post" in shown.text
    assert f'src="{path}/html" sandbox=' in shown.text
    html = here.client.get(f"{path}/html")
    assert html.headers["Content-Security-Policy"] == MAIL_POLICY
    assert html.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert '<head><base target="_blank">' in html.text


def test_no_other_file_is_shown(here: Installation):
    here.mails.mkdir()
    (here.mails / ".none.part").write_text("secret")
    (here.mails.parent / "secret.eml").write_text("secret")
    for name in ("none", "..", "%2e%2e%2fsecret", ".none.part"):
        for path in (f"/demo/mail/{name}", f"/demo/mail/{name}/html"):
            assert here.client.get(path).status_code == 404, path


def test_without_the_demo_nobody_sees_a_mail(here: Installation, settings: Settings, database: Database, mails):
    client = create_app(replace(settings, mail_folder=mails), database).test_client()
    assert client.get("/demo/mail").status_code == 404
