"""The headers that keep browsers from guessing: for every route and its usual statuses, exactly these."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.app import create_app
from collector.db import Database
from collector.web.assets import address
from collector.web.guards import policies
from collector.web.shell import POLICY
from collector.widget.built import built
from tests.conftest import on_sqlite
from tests.make import ORIGIN, make_key, submission

pytestmark = on_sqlite

CLOSED = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
PAGE = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
DEMO = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
#: What every answer has; the tables below say what is different.
EVERY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": CLOSED,
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}
READABLE = {"Access-Control-Expose-Headers": "Retry-After"}
ANYONE = {**READABLE, "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
SITE = {
    **READABLE,
    "Access-Control-Allow-Origin": ORIGIN,
    "Vary": "Origin",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
TIMED = {**ANYONE, "Timing-Allow-Origin": "*"}
SETTINGS = {**TIMED, "Cache-Control": "public, max-age=60", "Vary": "Origin"}
WIDGET = {
    **TIMED,
    "Cache-Control": "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800",
    "Vary": "Accept-Encoding",
}
SCRIPT = {
    **TIMED,
    "Cache-Control": "public, max-age=60, stale-while-revalidate=60, stale-if-error=86400",
    "Vary": "Accept-Encoding, Origin",
}
FOR_GOOD = {**TIMED, "Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
SHUT = {"Cross-Origin-Opener-Policy": "same-origin"}
PAGES = SHUT | {"Content-Security-Policy": PAGE}
ASKED = SHUT | {
    "Content-Security-Policy": PAGE.replace("form-action 'none'", "form-action 'self'"),
    "X-Robots-Tag": "noindex, nofollow",
}
HOSTED = SHUT | {
    "Content-Security-Policy": PAGE.replace("form-action 'none'", "form-action 'self'"),
    "X-Robots-Tag": "noindex",
}
FORM = HOSTED | {"Referrer-Policy": "same-origin"}
STATIC = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
MEMBERS = SHUT | {"Content-Security-Policy": POLICY, "Vary": "Cookie, Accept-Encoding"}
FILE = {"Content-Security-Policy": "sandbox; default-src 'none'"}
KEY = {"WWW-Authenticate": 'Bearer realm="lukewarm"'}

OWN, JAVASCRIPT = "/w/1/<name>.js", "text/javascript; charset=utf-8"
CORE = f"widget.{built().digest('widget')}"
JSON, PROBLEM, HTML = "application/json", "application/problem+json", "text/html; charset=utf-8"
SURVEY, SUBMIT, ANSWER = "/v1/sites/<key>/survey", "/v1/sites/<key>/responses", "/v1/follow-ups/<token>"
AMEND, COUNT, COUNTS = "/v1/responses/<token>", "/v1/sites/<key>/outcomes", "/api/outcomes"
LIST, EXPORT, ASSET = "/api/responses", "/api/exports/responses.<format>", "/static/<name>"

#: Route, method, what is sent, status, type, headers other than those that every answer has.
TABLE: list[tuple[str, str, dict[str, Any], int, str | None, dict[str, str]]] = [
    (SURVEY, "GET", {}, 200, JSON, SETTINGS),
    (SURVEY, "HEAD", {}, 200, JSON, SETTINGS),
    (SURVEY, "GET", {"headers": {"If-None-Match": "*"}}, 304, None, SETTINGS),
    (SURVEY, "GET", {"key": "site_none"}, 404, PROBLEM, ANYONE),
    (SURVEY, "GET", {"query_string": "x=1"}, 422, PROBLEM, ANYONE),
    (SURVEY, "POST", {}, 405, PROBLEM, {}),
    (SUBMIT, "POST", {"json": submission()}, 201, JSON, SITE),
    (SUBMIT, "POST", {"data": "{", "content_type": "text/plain"}, 400, PROBLEM, SITE),
    (SUBMIT, "POST", {"data": " " * 20_000, "content_type": "text/plain"}, 413, PROBLEM, SITE),
    (SUBMIT, "POST", {"data": "{}", "content_type": "text/html"}, 415, PROBLEM, SITE),
    (SUBMIT, "POST", {"json": {}}, 422, PROBLEM, SITE),
    (SUBMIT, "POST", {"json": submission(), "origin": "https://evil.example"}, 403, PROBLEM,
     {"Vary": "Origin", "Cross-Origin-Resource-Policy": "cross-origin"}),
    (SUBMIT, "POST", {"json": {}, "key": "site_none"}, 404, PROBLEM, {}),
    (SUBMIT, "GET", {}, 405, PROBLEM, {}),
    (SUBMIT, "OPTIONS", {}, 204, None, SITE),
    (ANSWER, "POST", {"json": {"text": "a"}}, 200, JSON, ANYONE),
    (ANSWER, "POST", {"json": {"text": "a"}, "token": "x"}, 404, PROBLEM, ANYONE),
    (ANSWER, "POST", {"json": {}}, 422, PROBLEM, ANYONE),
    (ANSWER, "GET", {}, 405, PROBLEM, {}),
    (ANSWER, "OPTIONS", {}, 204, None, ANYONE),
    ("/v1/responses/<token>/contact", "POST", {"json": {}}, 422, PROBLEM, ANYONE),
    ("/v1/responses/<token>/contact", "GET", {}, 405, PROBLEM, {}),
    ("/v1/responses/<token>/contact", "OPTIONS", {}, 204, None, ANYONE),
    ("/a/<token>", "GET", {}, 404, HTML, ASKED),
    ("/a/<token>", "HEAD", {}, 404, HTML, ASKED),
    ("/a/<token>", "POST", {"data": {"text": "a"}}, 404, HTML, ASKED),
    ("/a/<token>", "PUT", {}, 405, HTML, PAGES),
    ("/hooks/mail", "POST", {"json": {}}, 403, PROBLEM, {}),
    ("/hooks/mail", "GET", {}, 405, PROBLEM, {}),
    ("/a/<token>/mine", "GET", {}, 404, HTML, ASKED),
    ("/a/<token>/mine", "POST", {}, 404, HTML, ASKED),
    ("/a/<token>/link", "POST", {}, 404, HTML, ASKED),
    ("/a/<token>/link", "GET", {}, 405, HTML, PAGES),
    ("/a/<token>/withdraw", "GET", {}, 404, HTML, ASKED),
    ("/a/<token>/withdraw", "POST", {}, 404, HTML, ASKED),
    ("/m/<token>", "GET", {}, 404, HTML, ASKED),
    ("/m/<token>/erase", "GET", {}, 404, HTML, ASKED),
    ("/m/<token>/erase", "POST", {}, 404, HTML, ASKED),
    ("/l/<token>", "GET", {}, 404, HTML, ASKED),
    ("/u/<token>", "GET", {}, 404, HTML, ASKED),
    ("/u/<token>", "POST", {}, 404, HTML, ASKED),
    (AMEND, "POST", {"json": {"score": 7}}, 404, PROBLEM, ANYONE),
    (AMEND, "POST", {"json": {"score": 7}, "own": True}, 200, JSON, ANYONE),
    (AMEND, "POST", {"json": {}}, 422, PROBLEM, ANYONE),
    (AMEND, "GET", {}, 405, PROBLEM, {}),
    (AMEND, "OPTIONS", {}, 204, None, ANYONE),
    (COUNT, "POST", {"json": {"outcomes": ["opened"]}}, 204, None, SITE),
    (COUNT, "POST", {"json": {"outcomes": []}}, 422, PROBLEM, SITE),
    (COUNT, "POST", {"json": {"outcomes": ["opened"]}, "origin": "https://evil.example"}, 403, PROBLEM,
     {"Vary": "Origin", "Cross-Origin-Resource-Policy": "cross-origin"}),
    (COUNT, "GET", {}, 405, PROBLEM, {}),
    (COUNT, "OPTIONS", {}, 204, None, SITE),
    (COUNTS, "GET", {}, 401, PROBLEM, KEY),
    (COUNTS, "GET", {"scope": "responses:read"}, 403, PROBLEM, {}),
    (COUNTS, "GET", {"scope": "outcomes:read"}, 200, JSON, {}),
    (COUNTS, "GET", {"scope": "outcomes:read", "query_string": "since=now"}, 422, PROBLEM, {}),
    (LIST, "GET", {}, 401, PROBLEM, KEY),
    (LIST, "GET", {"scope": "exports:read"}, 403, PROBLEM, {}),
    (LIST, "GET", {"scope": "responses:read"}, 200, JSON, {}),
    (LIST, "GET", {"scope": "responses:read", "query_string": "limit=0"}, 422, PROBLEM, {}),
    (LIST, "POST", {}, 405, PROBLEM, {}),
    (LIST, "OPTIONS", {}, 200, HTML, PAGES),
    (EXPORT, "GET", {}, 401, PROBLEM, KEY),
    (EXPORT, "GET", {"scope": "responses:read"}, 403, PROBLEM, {}),
    (EXPORT, "GET", {"scope": "exports:read"}, 200, "text/csv; charset=utf-8", FILE),
    (EXPORT, "GET", {"scope": "exports:read", "format": "jsonl"}, 200, "application/jsonl; charset=utf-8", FILE),
    (EXPORT, "GET", {"scope": "exports:read", "format": "xml"}, 404, PROBLEM, {}),
    (EXPORT, "GET", {"scope": "exports:read", "query_string": "bom=x"}, 422, PROBLEM, {}),
    (EXPORT, "DELETE", {}, 405, PROBLEM, {}),
    ("/w/1/widget.js", "GET", {}, 200, JAVASCRIPT, WIDGET),
    ("/w/1/widget.js", "GET", {"headers": {"If-None-Match": "*"}}, 304, None, WIDGET),
    ("/w/1/widget.js", "POST", {}, 405, PROBLEM, {}),
    (OWN, "GET", {}, 200, JAVASCRIPT, SCRIPT),
    (OWN, "HEAD", {}, 200, JAVASCRIPT, SCRIPT),
    (OWN, "GET", {"headers": {"If-None-Match": "*"}}, 304, None, SCRIPT),
    (OWN, "GET", {"origin": "https://evil.example"}, 200, JAVASCRIPT, SCRIPT),
    (OWN, "GET", {"name": "site_none"}, 404, PROBLEM, ANYONE),
    (OWN, "GET", {"name": CORE}, 200, JAVASCRIPT, FOR_GOOD),
    (OWN, "GET", {"name": CORE, "headers": {"If-None-Match": "*"}}, 304, None, FOR_GOOD),
    (OWN, "GET", {"name": "none.0123456789abcdef"}, 404, PROBLEM, ANYONE),
    (OWN, "GET", {"name": "widget.0123456789abcdef"}, 302, None, ANYONE),
    (OWN, "GET", {"name": "after.0123456789abcdef"}, 302, None, ANYONE),
    (OWN, "POST", {}, 405, PROBLEM, {}),
    ("/f/<key>", "GET", {}, 200, HTML, FORM),
    ("/f/<key>", "GET", {"key": "site_none"}, 404, HTML, PAGES),
    ("/f/<key>", "POST", {"origin": "http://localhost"}, 422, HTML, FORM),
    ("/f/<key>", "POST", {}, 403, HTML, PAGES),
    ("/f/<key>", "PUT", {}, 405, HTML, PAGES),
    ("/f/<key>/look.css", "GET", {}, 200, "text/css; charset=utf-8", {"Cache-Control": "public, max-age=60"}),
    ("/r/<token>", "GET", {"own": True}, 200, HTML, HOSTED),
    ("/r/<token>", "GET", {}, 404, HTML, HOSTED),
    ("/r/<token>", "POST", {"own": True}, 405, HTML, PAGES),
    ("/r/<token>/question", "GET", {"own": True}, 303, HTML, PAGES),
    ("/r/<token>/question", "POST", {"own": True, "origin": "null"}, 422, HTML, HOSTED),
    ("/r/<token>/question", "POST", {"own": True}, 403, HTML, PAGES),
    ("/r/<token>/thanks", "GET", {"own": True}, 200, HTML, HOSTED),
    ("/r/<token>/correct", "GET", {"own": True}, 200, HTML, HOSTED),
    ("/r/<token>/correct", "POST", {"own": True, "origin": "null"}, 422, HTML, HOSTED),
    ("/r/<token>/erase", "GET", {"own": True}, 200, HTML, HOSTED),
    ("/r/<token>/erase", "POST", {"origin": "null"}, 404, HTML, HOSTED),
    ("/r/erased", "GET", {}, 200, HTML, HOSTED),
    ("/livez", "GET", {}, 200, JSON, {}),
    ("/livez", "POST", {}, 405, PROBLEM, {}),
    ("/readyz", "GET", {}, 200, JSON, {}),
    ("/openapi.json", "GET", {}, 200, JSON, {}),
    ("/", "GET", {}, 302, HTML, PAGES),
    ("/", "POST", {}, 405, HTML, PAGES),
    ("/demo", "GET", {}, 200, HTML, SHUT | {"Content-Security-Policy": DEMO}),
    ("/demo/mail", "GET", {}, 404, HTML, PAGES),
    ("/demo/mail/<name>", "GET", {}, 404, HTML, PAGES),
    ("/demo/mail/<name>/html", "GET", {}, 404, HTML, PAGES),
    ("/problems/<slug>", "GET", {}, 200, HTML, PAGES),
    ("/problems/<slug>", "GET", {"slug": "none"}, 404, HTML, PAGES),
    (ASSET, "GET", {"name": "pages.css"}, 200, "text/css; charset=utf-8", STATIC),
    (ASSET, "GET", {"name": "icon.svg"}, 200, "image/svg+xml; charset=utf-8", STATIC),
    (ASSET, "GET", {"name": "none"}, 404, HTML, PAGES),
    (ASSET, "GET", {"name": "pages.css", "query_string": f"v={address('pages.css')[-12:]}"}, 200,
     "text/css; charset=utf-8", STATIC | {"Cache-Control": "public, max-age=31536000, immutable"}),
    ("/hooks/sms/reply", "POST", {"data": {"From": "+447400123456"}}, 403, PROBLEM, {}),
    ("/hooks/sms/reply", "GET", {}, 405, PROBLEM, {}),
    ("/hooks/sms/status/<token>", "POST", {"data": {"MessageStatus": "sent"}}, 403, PROBLEM, {}),
    ("/login", "GET", {}, 303, HTML, PAGES),
    ("/login", "POST", {"headers": {"Sec-Fetch-Site": "same-origin"}}, 422, HTML, MEMBERS),
    ("/login", "POST", {}, 403, HTML, PAGES),
    ("/setup", "GET", {}, 200, HTML, MEMBERS),
    ("/setup", "POST", {"headers": {"Sec-Fetch-Site": "same-origin"}}, 422, HTML, MEMBERS),
    ("/setup", "POST", {}, 403, HTML, PAGES),
    ("/digest/<token>", "GET", {"token": "x"}, 404, HTML, PAGES),
    ("/digest/<token>", "POST", {"token": "x"}, 404, HTML, PAGES),
    ("/login/passkey/start", "POST", {"headers": {"Sec-Fetch-Site": "same-origin"}}, 200, JSON, {}),
    ("/login/passkey/start", "POST", {}, 403, HTML, PAGES),
    ("/login/passkey", "POST", {"headers": {"Sec-Fetch-Site": "same-origin"}}, 422, HTML, MEMBERS),
    ("/login/passkey", "POST", {}, 403, HTML, PAGES),
    ("/login/oidc", "POST", {"headers": {"Sec-Fetch-Site": "same-origin"}}, 404, HTML, PAGES),
    ("/login/oidc", "POST", {}, 403, HTML, PAGES),
    ("/login/oidc/callback", "GET", {}, 404, HTML, PAGES),
    ("/login/code", "POST", {"headers": {"Sec-Fetch-Site": "same-origin"}}, 422, HTML, MEMBERS),
    ("/invitations/<token>", "GET", {"token": "x"}, 404, HTML, PAGES),
    ("/forgot", "GET", {}, 404, HTML, PAGES),
    ("/forgot", "POST", {}, 403, HTML, PAGES),
    ("/reset/<token>", "GET", {"token": "x"}, 404, HTML, PAGES),
]  # fmt: skip

CHECKED = re.compile(
    r"(?i)x-.*|referrer-.*|content-security-.*|cache-control|access-control-.*|vary|cross-origin-.*|timing-.*|set-cookie|"
    r"www-.*|server|strict-.*|permissions-.*|refresh|clear-.*|expires|pragma"
)
PREFLIGHT = {"Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Max-Age"}


@pytest.fixture
def app(settings, database, site, clock) -> Flask:
    return create_app(settings, database, now=clock, demo_site=site.key)


@pytest.fixture
def values(client: FlaskClient, site) -> dict[str, str]:
    """What stands in the routes' places."""
    first = client.post(
        f"/v1/sites/{site.key}/responses", json=submission(900, score=7), headers={"Origin": ORIGIN}
    ).json
    return {
        "key": site.key,
        "name": site.key,
        "token": first["follow_up"]["token"],
        "own": first["token"],
        "slug": "not-found",
        "format": "csv",
    }


def test_every_answer_of_every_route_has_exactly_its_headers(client, database: Database, values):
    with database.writing() as tx:
        keys = {scope: make_key(tx, scope) for scope in ("responses:read", "exports:read", "outcomes:read")}
    for route, method, sent, status, media, different in TABLE:
        rest = dict(sent)
        headers = {"Origin": rest.pop("origin", ORIGIN)} | rest.pop("headers", {})
        if "scope" in rest:
            headers["Authorization"] = f"Bearer {keys[rest.pop('scope')]}"
        if rest.pop("own", False):
            rest["token"] = values["own"]
        parts = {name: rest.pop(name, value) for name, value in values.items()}
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part, parts=parts: parts[part[1]], route)
        with client.open(path, method=method, headers=headers, **rest) as reply:
            found = {name: value for name, value in reply.headers if CHECKED.fullmatch(name) and name not in PREFLIGHT}
            here = f"{method} {path} {sent}"
            assert (here, reply.status_code, reply.headers.get("Content-Type")) == (here, status, media)
            assert (here, found) == (here, EVERY | different)
            assert len(found) == len([name for name, _ in reply.headers if name in found]), here


def test_every_route_is_in_the_table(app):
    """Those of members are looked at in `test_policies.py`, one like the other."""
    declared = policies(app)
    open_to_others = {rule.rule for rule in app.url_map.iter_rules() if declared[rule.endpoint].who != "member"}
    assert open_to_others == {route for route, *_ in TABLE}


def test_what_is_not_there_has_them_too(client):
    for path in (
        "/none", "/v1/none", "/api/none", "/hooks/none", "/w/none", "/static/", "/favicon.ico", "/.env", "/x//",
    ):  # fmt: skip
        reply = client.get(path)
        program = path.startswith(("/v1/", "/api/", "/hooks/", "/w/"))
        found = {name: value for name, value in reply.headers if CHECKED.fullmatch(name)}
        assert (path, reply.status_code, found) == (path, 404, EVERY | ({} if program else PAGES))
        assert reply.mimetype == (PROBLEM if program else "text/html")


def test_pages_hold_neither_scripts_nor_styles_of_their_own(client, values):
    own = f"/r/{values['own']}"
    hosted = (f"/f/{values['key']}", own, *(f"{own}/{page}" for page in ("question", "thanks", "correct", "erase")))
    for path in ("/problems/not-found", "/none", "/demo", *hosted, "/r/erased", "/r/x"):
        reply = client.get(path)
        assert reply.status_code in (200, 404), path
        text = reply.text
        assert not re.search(
            r"(?i)<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:|<base|<iframe|http-equiv", text
        )


def test_no_answer_sets_a_cookie_or_names_the_server(client, values):
    for route in (
        "/",
        "/demo",
        "/livez",
        f"/v1/sites/{values['key']}/survey",
        f"/f/{values['key']}",
        f"/r/{values['own']}",
    ):
        with client.get(route, headers={"Cookie": "session=x"}) as reply:
            assert "Set-Cookie" not in reply.headers
            assert "Cookie" not in reply.headers.get("Vary", "")
            assert "Server" not in reply.headers
