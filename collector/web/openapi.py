"""The OpenAPI 3.1 document, made from the marshmallow schemas that check the wire. Each JSON view says what it takes and
gives with `operation`; nothing is registered, the document is read off the finished application."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from marshmallow import Schema, fields

from collector.problems import Problem

View = TypeVar("View", bound=Callable[..., Any])


class FaultSchema(Schema):
    """One thing wrong, and where."""

    detail = fields.String(required=True, metadata={"description": "What is wrong, in a sentence."})
    pointer = fields.String(metadata={"description": "JSON pointer into the body (RFC 6901)."})
    parameter = fields.String(metadata={"description": "Name of the query parameter."})


class ProblemSchema(Schema):
    """RFC 9457 problem details."""

    type = fields.String(required=True, metadata={"description": "Address of a page that explains the problem."})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "What to do about it."})
    instance = fields.String(required=True, metadata={"description": "The request's id, which the log has too."})
    errors = fields.List(fields.Nested(FaultSchema))
    challenge = fields.String(metadata={"description": "What a proof of work has to be found for."})


@dataclass(frozen=True, slots=True)
class Operation:
    """What one view takes and gives. `answer` is a schema, or a media type for what is no JSON."""

    summary: str
    description: str
    tag: str
    answer: type[Schema] | tuple[str, ...] | None
    status: int = 200
    body: type[Schema] | None = None
    query: type[Schema] | None = None
    problems: tuple[type[Problem], ...] = ()
    key: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)


def operation(described: Operation) -> Callable[[View], View]:
    """Writes `described` on a view, where `document` finds it."""

    def mark(view: View) -> View:
        view.operation = described  # type: ignore[attr-defined]  # functions take attributes; types do not say so
        return view

    return mark


def operations(app: Flask) -> dict[tuple[str, str], Operation]:
    """Every described operation of `app`, by method and route."""
    found: dict[tuple[str, str], Operation] = {}
    for rule in app.url_map.iter_rules():
        described = getattr(app.view_functions[rule.endpoint], "operation", None)
        if isinstance(described, Operation):
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                found[method, rule.rule] = described
    return found


def document(app: Flask, version: str) -> dict[str, Any]:
    """The OpenAPI document of `app`."""
    plugin = MarshmallowPlugin()
    spec = APISpec(
        title="Lukewarm collector",
        version=version,
        openapi_version="3.1.0",
        plugins=[plugin],
        info={
            "description": "Submissions and answers from widgets, and categorised comments out.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        servers=[{"url": "/"}],
    )
    spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", schema=ProblemSchema)
    for (method, route), described in sorted(operations(app).items(), key=lambda item: (item[0][1], item[0][0])):
        spec.path(
            path=re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route), operations={method.lower(): _written(described, route)}
        )
    written: dict[str, Any] = _portable(spec.to_dict())
    return written


def _portable(value: Any) -> Any:
    """`value` as every reader of JSON Schema understands it: patterns are ECMAScript's, which knows no end of text but
    `$`, and what may be left out has no value then, which is not the same as null."""
    if isinstance(value, list):
        return [_portable(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {name: _portable(item) for name, item in value.items() if name != "default" or item is not None}
    if isinstance(kept.get("pattern"), str):
        kept["pattern"] = kept["pattern"].replace(r"\Z", "$")
    return kept


def _written(described: Operation, route: str) -> dict[str, Any]:
    written: dict[str, Any] = {
        "summary": described.summary,
        "description": described.description,
        "tags": [described.tag],
        "parameters": [
            {
                "in": "path",
                "name": name,
                "required": True,
                "schema": {"type": "string", "minLength": 1},
                "description": described.parameters.get(name, name),
            }
            for name in re.findall(r"<(?:\w+:)?(\w+)>", route)
        ],
        "responses": {str(described.status): _answer(described), **_problems(described.problems)},
    }
    if described.query is not None:
        written["parameters"].append({"in": "query", "schema": described.query})
    if described.body is not None:
        written["requestBody"] = {
            "required": True,
            "content": {
                "application/json": {"schema": described.body},
                "text/plain": {
                    "schema": {
                        "type": "string",
                        "contentMediaType": "application/json",
                        "description": "The same JSON as plain text, which browsers send without a preflight.",
                    }
                },
            },
        }
    if described.key:
        written["security"] = [{"key": []}]
    return written


def _answer(described: Operation) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "As asked."}
    if isinstance(described.answer, tuple):
        answer["content"] = {media: {"schema": {"type": "string"}} for media in described.answer}
    elif described.answer is not None:
        answer["content"] = {"application/json": {"schema": described.answer}}
    if described.headers:
        answer["headers"] = {
            name: {"schema": {"type": "string"}, "description": text} for name, text in described.headers.items()
        }
    return answer


def _problems(listed: tuple[type[Problem], ...]) -> dict[str, Any]:
    by_status: dict[int, list[type[Problem]]] = {}
    for problem in listed:
        by_status.setdefault(problem.status, []).append(problem)
    return {
        str(status): {
            "description": " or ".join(f"{problem.title} ({problem.slug})" for problem in found) + ".",
            "content": {"application/problem+json": {"schema": ProblemSchema}},
        }
        for status, found in sorted(by_status.items())
    }
