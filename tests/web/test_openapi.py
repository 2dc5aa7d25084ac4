"""The OpenAPI document: whole, valid, and true of what the collector really answers."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.config import SchemathesisConfig

from collector.app import create_app
from collector.config import Settings
from collector.db import Database
from collector.migrations import upgrade
from collector.web.openapi import operations
from tests.make import NOW, ORIGIN, make_key, make_site, submission

OPERATIONS = {
    "GET /api/exports/responses.{format}",
    "GET /api/outcomes",
    "GET /api/responses",
    "GET /v1/sites/{key}/survey",
    "POST /hooks/mail",
    "POST /v1/follow-ups/{token}",
    "POST /v1/responses/{token}",
    "POST /v1/responses/{token}/contact",
    "POST /v1/sites/{key}/outcomes",
    "POST /v1/sites/{key}/responses",
}
#: Other people's generated clients are named after these.
SCHEMAS = """Accent Amendment Answer Area ExportedResponse Fault GivenAddress Identity Kept OfferedQuestion Outcome OutcomePage
    Outcomes Problem Receipt Report Reports ResponsePage Settings ShownCategory ShownLook ShownScale StoredAnswer
    Submission""".split()


UNLIMITED = dict.fromkeys(("network_limit", "site_limit", "total_limit", "read_limit", "key_limit"), 0)


class Known:
    """An application with a site, a follow-up and a key, for the share of the cases that shall get through the door."""

    def __init__(self, folder: Path) -> None:
        database = Database(f"sqlite:///{folder / 'lukewarm.db'}")
        upgrade(database)
        secret = "a key for tests that is long enough to be one"
        self.app: Flask = create_app(
            Settings(data_dir=folder, secret_key=secret, **UNLIMITED), database, now=lambda: NOW
        )
        with database.writing() as tx:
            self.site = make_site(tx).key
            self.key = make_key(tx, "responses:read", "exports:read", "outcomes:read")
        path = f"/v1/sites/{self.site}/responses"
        reply = self.app.test_client().post(path, json=submission(1, score=7), headers={"Origin": ORIGIN})
        self.token = reply.get_json()["follow_up"]["token"]
        self.database = database


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    made = Known(tmp_path_factory.mktemp("openapi"))
    DOOR.app = made.app
    yield made
    made.database.dispose()


@pytest.fixture(scope="module")
def document(known: Known) -> Any:
    return known.app.test_client().get("/openapi.json").get_json()


class Door:
    """The WSGI application that is asked. The document is the same for every one, so reading it needs no database; the
    tests put an application with one behind it."""

    def __init__(self) -> None:
        settings = Settings(secret_key="a key for tests that is long enough to be one", **UNLIMITED)
        self.app = create_app(settings, Database(f"sqlite:///{gettempdir()}/never-opened.db"))

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self.app(environ, start_response)


DOOR = Door()
CONFIG = SchemathesisConfig.from_dict(
    {
        "generation": {"deterministic": True, "database": "none"},
        "checks": {
            # What the schema cannot say is for the survey to say: a score off its scale, a category it does not have,
            # a page of another origin (422), a foreign Origin (403), an unknown key or token (404), an id that was
            # used (422), and as text/plain anything that is no JSON (400).
            "positive_data_acceptance": {"expected-statuses": [200, 201, 204, 400, 401, 403, 404, 409, 410, 422]},
            # Some of what is too long is longer than a body may be.
            "negative_data_rejection": {"expected-statuses": [400, 401, 403, 404, 405, 413, 415, 422]},
        },
    }
)
schema = schemathesis.openapi.from_wsgi("/openapi.json", DOOR, config=CONFIG)


@schema.parametrize()
@settings(
    max_examples=30,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_collector_answers_as_the_document_says(case, known: Known):
    # Made-up names never get past 404; so three of four cases get real ones.
    real = crc32(repr((case.query, case.body)).encode()) % 4
    headers = {"Origin": ORIGIN}
    if real and case.path_parameters:
        case.path_parameters |= {
            name: value
            for name, value in (("key", known.site), ("token", known.token), ("format", "csv"))
            if name in case.path_parameters
        }
    if real and case.path.startswith("/api/"):
        headers["Authorization"] = f"Bearer {known.key}"
    if real > 1 and case.meta.generation.mode.is_positive and isinstance(case.body, dict):
        # Nor do made-up categories, surveys and pages fit the site.
        case.body = {
            name: value for name, value in case.body.items() if name not in ("category", "survey", "page", "areas")
        }
    if real > 1 and case.meta.generation.mode.is_positive and case.path.startswith("/api/"):
        case.query = {}
    case.call_and_validate(headers=headers)


def test_the_document_is_valid_openapi(document):
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


def test_every_route_for_programs_is_an_operation_and_every_operation_a_route(known, document):
    described = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    routes = {
        f"{method} {rule.rule.replace('<', '{').replace('>', '}')}"
        for rule in known.app.url_map.iter_rules()
        # What a service for SMS tells comes as that service has it, in forms.
        if rule.rule.startswith(("/v1/", "/api/", "/hooks/")) and not rule.rule.startswith("/hooks/sms/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == routes == OPERATIONS
    assert len(operations(known.app)) == len(OPERATIONS)


def test_the_names_of_the_schemas_stay(document):
    assert sorted(document["components"]["schemas"]) == SCHEMAS


def test_every_operation_says_what_can_go_wrong_and_where_its_key_goes(document):
    for path, methods in document["paths"].items():
        for described in methods.values():
            assert described["summary"]
            assert described["description"]
            assert {"405", "422", "503"} <= set(described["responses"])
            for status, answer in described["responses"].items():
                if int(status) >= 400:
                    assert set(answer["content"]) == {"application/problem+json"}
            assert ("security" in described) == path.startswith("/api/")
            assert ("401" in described["responses"]) == path.startswith("/api/")


def test_every_part_of_what_goes_in_is_described_and_bounded(document):
    for name in ("Submission", "Amendment", "Identity", "GivenAddress", "Answer", "Outcomes"):
        found = document["components"]["schemas"][name]
        assert found["additionalProperties"] is False
        for part in found["properties"].values():
            assert part["description"]
            bounds = {"maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties", "format"}
            bounds |= {"enum", "pattern", "$ref", "allOf"}
            assert bounds & set(part) or part["type"] == "boolean"
            assert part.get("default", "") is not None
            assert "\\Z" not in part.get("pattern", "")


def test_the_document_holds_nothing_of_the_installation(known, document):
    text = json.dumps(document)
    for secret in (known.site, known.token, known.key, ORIGIN, "sqlite", str(known.database.url.database)):
        assert secret not in text
