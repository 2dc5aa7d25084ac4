"""What is done for every request: an id, one log line, and headers that keep browsers from guessing."""

from time import perf_counter
from uuid import uuid4

import structlog
from flask import Flask, g, request
from flask import Response as Reply
from structlog.contextvars import bind_contextvars, clear_contextvars

from collector.problems import NotFound

_log = structlog.get_logger("lukewarm")

#: Nothing may be kept of an answer, nor loaded, framed or sent from it, unless its view says otherwise.
CLOSED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
}


def follow_requests(app: Flask) -> None:
    """Gives each request an id and logs it by its route, never by its address, which may hold a token. What a view puts
    into `g.noted` stands in that line; it is never of a person."""

    @app.before_request
    def _begin() -> None:
        g.request_id = str(uuid4())
        g.began = perf_counter()
        g.noted = {}
        clear_contextvars()
        bind_contextvars(request=g.request_id)
        if request.environ["PATH_INFO"].startswith("//"):
            raise NotFound()  # the router would take two slashes for one, and a proxy's rule for the address would not

    @app.after_request
    def _end(reply: Reply) -> Reply:
        # What pages of other origins may read they may also load; nothing else leaves its origin.
        policy = "cross-origin" if "cors_origins" in g else "same-origin"
        said = {name.lower() for name, _ in reply.headers}
        for name, value in (*CLOSED.items(), ("Cross-Origin-Resource-Policy", policy)):
            if name.lower() not in said:
                reply.headers.add(name, value)
        _log.info(
            "request",
            method=request.method if request.method in _METHODS else "other",
            route=request.url_rule.rule if request.url_rule else None,
            status=reply.status_code,
            ms=round((perf_counter() - g.began) * 1000, 1),
            **g.get("noted", {}),
        )
        return reply


_METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"))
