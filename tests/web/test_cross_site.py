"""What pages of other sites can do with ours: lead somebody here, and nothing else."""

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.app import create_app
from collector.config import Settings
from collector.db import Database
from collector.sites.site import Site
from collector.web.guards import Role
from tests.conftest import Clock
from tests.make import ORIGIN, let_in, make_key, make_member, submission
from tests.web.test_policies import ways_in

#: The two pages that stand in a frame, and only in one of ours.
FRAMED = {"/sites/<key>/survey/look/preview", "/demo/mail/<name>/html"}
#: What browsers say when a page of another site asks for something to put into itself or to learn from the answer.
EMBEDDINGS = [
    {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": destination}
    for site in ("cross-site", "same-site")
    for mode, destination in (
        ("no-cors", "image"),
        ("no-cors", "script"),
        ("cors", "empty"),
        ("navigate", "iframe"),
        ("navigate", "object"),
    )
]
LED_HERE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
#: Origins that look like the one that is allowed.
LOOK_ALIKE = [
    "null",
    "http://shop.example",
    "https://shop.example:8443",
    "https://shop.example.evil.example",
    "https://evil-shop.example",
    "https://shopxexample",
    "https://www.shop.example",
    "https://user@shop.example",
    "https://shop.example/",
    "file://",
    "*",
]


@pytest.fixture
def database_url(empty_sqlite: Path, tmp_path: Path) -> str:
    """None of this depends on the database."""
    return f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'lukewarm.db')}"


@pytest.fixture
def app(settings: Settings, database: Database, clock: Clock, site: Site) -> Flask:
    """With the demo, whose pages are looked at too."""
    return create_app(settings, database, now=clock, demo_site=site.key)


@pytest.fixture
def owner(client: FlaskClient, database: Database) -> FlaskClient:
    """Somebody signed in."""
    with database.writing() as tx:
        let_in(client, tx, make_member(tx))
    return client


def test_a76_no_page_can_be_put_into_a_frame_of_another_site(app: Flask, owner: FlaskClient, site: Site):
    seen = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()):
            continue
        path = re.sub(r"<(\w+:)?(\w+)>", lambda part: site.key if part[2] == "key" else "1", rule.rule)
        with owner.get(path) as reply:
            if reply.mimetype == "text/html":
                ours = rule.rule in FRAMED and reply.status_code == 200
                allowed = re.findall(r"frame-ancestors ([^;]+)", reply.headers["Content-Security-Policy"])
                assert allowed == ["'self'" if ours else "'none'"], rule.rule
                seen += reply.status_code == 200
    assert seen > 30


def test_a77_no_answer_lets_credentials_cross_and_only_the_exact_origin_reads(
    app: Flask, owner: FlaskClient, database: Database, site: Site
):
    with database.writing() as tx:
        key = make_key(tx, "responses:read", "exports:read", "outcomes:read")
    settings, store = f"/v1/sites/{site.key}/survey", f"/v1/sites/{site.key}/responses"
    paths = [path for path, method, _ in ways_in(app, "member") if method == "GET"]
    paths += [settings, "/api/responses", "/api/exports/responses.csv", "/", "/login", "/demo"]
    for origin in [*LOOK_ALIKE, ORIGIN]:
        headers = {"Origin": origin, "Authorization": f"Bearer {key}"}
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Private-Network": "true"}
        replies = [owner.get(path, headers=headers) for path in (paths if origin in ("null", ORIGIN) else [])]
        replies += [
            owner.options(store, headers=headers | asked),
            owner.post(store, json=submission(), headers=headers),
        ]
        for reply in replies:
            assert "Access-Control-Allow-Credentials" not in reply.headers, reply.request.path
            assert reply.headers.get("Access-Control-Allow-Private-Network") != "true", reply.request.path
            allowed = reply.headers.get("Access-Control-Allow-Origin")
            expected = {(ORIGIN, store): ORIGIN, (ORIGIN, settings): "*", ("null", settings): "*"}.get(
                (origin, reply.request.path)
            )
            assert allowed == expected, (origin, reply.request.path)
            reply.close()
        assert replies[-1].status_code == (201 if origin == ORIGIN else 403), origin


def test_a79_what_another_page_embeds_is_refused_alike_whoever_is_signed_in(
    app: Flask, owner: FlaskClient, database: Database
):
    stranger, viewer = app.test_client(), app.test_client()
    with database.writing() as tx:
        let_in(viewer, tx, make_member(tx, Role.viewer))
    del owner.environ_base["HTTP_SEC_FETCH_SITE"], viewer.environ_base["HTTP_SEC_FETCH_SITE"]
    paths = [path for path, method, _ in ways_in(app, "member") if method == "GET"]
    for path, headers in [(path, EMBEDDINGS[0]) for path in paths] + [("/inbox", headers) for headers in EMBEDDINGS]:
        told = set()
        for browser in (owner, viewer, stranger):
            with browser.get(path, headers=headers) as reply:
                text = re.sub(r"urn:uuid:[\w-]+", "", reply.text)
                kept = tuple(sorted((name, value) for name, value in reply.headers if name != "Date"))
                told.add((reply.status_code, text, kept))
        assert len(told) == 1, (path, headers)
        assert told.pop()[0] == 403, (path, headers)


def test_a79_who_is_led_here_by_a_link_comes_in_and_the_page_that_led_loses_sight(
    app: Flask, owner: FlaskClient, site: Site
):
    del owner.environ_base["HTTP_SEC_FETCH_SITE"]
    seen = set()
    for path in ("/inbox", "/responses/999", "/sites", "/logout", "/x", f"/f/{site.key}", "/demo", "/team", "/login"):
        for browser in (owner, app.test_client()):
            reply = browser.get(path, headers=LED_HERE)
            assert reply.headers["Cross-Origin-Opener-Policy"] == "same-origin", path
            assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin", path
            seen.add(reply.status_code)
    assert {200, 303, 404} <= seen


def test_a79_a_file_is_fetched_from_a_page_of_ours_only(app: Flask, owner: FlaskClient):
    assert owner.get("/exports/responses.csv").mimetype == "text/csv"
    reply = owner.get("/exports/responses.csv", headers=LED_HERE)
    assert (reply.status_code, reply.mimetype) == (403, "text/html")
