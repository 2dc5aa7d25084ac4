"""A `Problem` as problem+json (RFC 9457) or as a page. The application's only error handlers are here."""

from typing import Any

import structlog
from flask import Flask, g, json, make_response, render_template, request
from flask import Response as Reply
from werkzeug.exceptions import HTTPException

from collector import problems
from collector.db import UNAVAILABLE
from collector.logs import places
from collector.problems import Problem

_log = structlog.get_logger("lukewarm")

#: Addresses below these are for programs.
_FOR_PROGRAMS = ("/v1/", "/api/", "/w/", "/hooks/", "/livez", "/readyz", "/openapi.json")

_BY_STATUS: dict[int, type[Problem]] = {
    400: problems.BadRequest,
    404: problems.NotFound,
    405: problems.MethodNotAllowed,
    413: problems.BodyTooLarge,
    415: problems.UnsupportedMediaType,
}


def handle_errors(app: Flask) -> None:
    """Makes `app` answer every failure in one form."""
    app.register_error_handler(Problem, render)
    app.register_error_handler(HTTPException, _http_error)
    for error in UNAVAILABLE:
        app.register_error_handler(error, _unavailable)
    app.register_error_handler(Exception, _unforeseen)


def render(problem: Problem) -> Reply:
    """The answer for a problem: problem+json where programs ask, else a page."""
    if request.path.startswith(_FOR_PROGRAMS):
        reply = make_response(json.dumps(problem_json(problem, g.request_id)), problem.status)
        reply.mimetype = "application/problem+json"
    else:
        reply = make_response(render_template("web/problem.html", problem=problem), problem.status)
    reply.headers.update(problem.headers)
    reply.headers["Cache-Control"] = "no-store"
    return reply


def problem_json(problem: Problem, request_id: str) -> dict[str, Any]:
    """The members of RFC 9457, section 3.1, with `errors` for each fault. `type` is an address on this collector, where
    a page explains the problem; `instance` is the request's id, which the log has too."""
    members: dict[str, Any] = {
        "type": f"/problems/{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": f"urn:uuid:{request_id}",
        **problem.more,
    }
    if problem.faults:
        members["errors"] = [
            {
                name: value
                for name, value in (
                    ("detail", fault.detail),
                    ("pointer", fault.pointer),
                    ("parameter", fault.parameter),
                )
                if value is not None
            }
            for fault in problem.faults
        ]
    return members


def _http_error(error: HTTPException) -> Reply | HTTPException:
    if error.code is None or error.code < 400:
        return error
    known = _BY_STATUS.get(error.code, problems.BadRequest if error.code < 500 else problems.InternalError)
    problem = known()
    problem.headers.update({name: value for name, value in error.get_headers() if name == "Allow"})
    return render(problem)


def _unavailable(error: Exception) -> Reply:
    _log.warning("database.unavailable", error=type(error).__name__)
    return render(problems.Unavailable())


def _unforeseen(error: Exception) -> Reply:
    _log.error("request.failed", error=type(error).__name__, where=places(error.__traceback__))
    return render(problems.InternalError())
