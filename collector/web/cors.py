"""Cross-origin headers. flask-cors writes them; which origin may read an answer is said by the view, because sites live
in the database and flask-cors takes no function for origins."""

from collections.abc import Iterable
from typing import Any, cast

from flask import Flask, current_app, g, request
from flask import Response as Reply
from flask_cors.core import get_cors_options, set_cors_headers

_METHODS = ["GET", "POST", "OPTIONS"]


def allow_any_origin() -> None:
    """Any page may read this answer. There are no cookies to send along."""
    g.cors_origins = None


def allow_origins(origins: Iterable[str]) -> None:
    """Pages of exactly these origins may read this answer."""
    g.cors_origins = frozenset(origins)


def write_cors_headers(app: Flask) -> None:
    """Makes `app` write the headers that each view asked for."""

    @app.after_request
    def _write(reply: Reply) -> Reply:
        if "cors_origins" not in g:
            return reply
        if g.cors_origins is None:
            return _set(reply, "*")
        # The answer depends on who asks, a refusal too: a shared cache must not mix them up.
        reply.vary.add("Origin")
        origin = request.headers.get("Origin")
        return _set(reply, origin) if origin is not None and origin in g.cors_origins else reply


def _set(reply: Reply, origin: str) -> Reply:
    wanted: dict[str, Any] = {
        "origins": [origin] if origin != "*" else "*",
        "methods": _METHODS,
        "allow_headers": ["Content-Type"],
        "expose_headers": ["Retry-After"],
        "send_wildcard": origin == "*",
        "supports_credentials": False,
        "allow_private_network": False,
        "vary_header": False,
        "max_age": 7200,
    }
    set_cors_headers(reply, get_cors_options(current_app, cast(Any, wanted)))
    return reply
