"""Cross-origin headers. flask-cors writes them; which origin may read an answer is said by the view, because sites live
in the database and flask-cors takes no function for origins."""

from collections.abc import Iterable
from functools import lru_cache, partial
from typing import Any, cast

from flask import Flask, g, request
from flask import Response as Reply
from flask_cors.core import get_cors_options, set_cors_headers

_METHODS = ["GET", "POST", "OPTIONS"]
#: Origins whose headers are kept ready.
_MOST_KEPT = 256


def allow_any_origin() -> None:
    """Any page may read this answer. There are no cookies to send along."""
    g.cors_origins = None


def allow_origins(origins: Iterable[str]) -> None:
    """Pages of exactly these origins may read this answer."""
    g.cors_origins = frozenset(origins)


def write_cors_headers(app: Flask) -> None:
    """Makes `app` write the headers that each view asked for."""
    # The same for every answer to one origin; making them costs as much as writing them.
    options = lru_cache(maxsize=_MOST_KEPT)(partial(_options, app))

    @app.after_request
    def _write(reply: Reply) -> Reply:
        if "cors_origins" not in g:
            return reply
        if g.cors_origins is None:
            set_cors_headers(reply, options("*"))
            return reply
        # The answer depends on who asks, a refusal too: a shared cache must not mix them up.
        reply.vary.add("Origin")
        origin = request.headers.get("Origin")
        if origin is not None and origin in g.cors_origins:
            set_cors_headers(reply, options(origin))
        return reply


def _options(app: Flask, origin: str) -> Any:
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
    return get_cors_options(app, cast(Any, wanted))
