"""What is the collector's and no slice's: health, its description, its front page, its files, and a policy for every page."""

from functools import cache
from typing import Any

from flask import Flask, g, jsonify, redirect, render_template
from flask import Response as Reply

import collector
from collector.accounts.queries import has_members
from collector.outbox.queries import backlog
from collector.problems import PROBLEMS, NotFound, Unavailable
from collector.web import assets, openapi
from collector.web.context import context
from collector.web.guards import EVERYONE, allow

#: For our own pages: our own style sheet and nothing else.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def mount_own(app: Flask) -> None:
    """Mounts these addresses on the application, and has every page carry the policy."""

    @app.get("/livez")
    @allow(EVERYONE)
    def live() -> Reply:
        """The process answers."""
        return jsonify({"status": "ok"})

    @app.get("/readyz")
    @allow(EVERYONE)
    def ready() -> Reply:
        """The database answers and can be written; otherwise 503."""
        here = context()
        health = here.database.health()
        if not here.database.writable():
            raise Unavailable("The database takes no writes at the moment.")
        with here.database.reading() as tx:
            waiting = backlog(tx, here.now())
        state: dict[str, Any] = {"status": "ok", "database": health.database, "version": health.version}
        if health.journal is not None:
            state["journal"] = health.journal
        return jsonify(state | {"outbox": {"due": waiting.due, "parked": waiting.parked}})

    described = cache(lambda: openapi.document(app, collector.__version__))

    @app.get("/openapi.json")
    @allow(EVERYONE)
    def describe() -> Reply:
        """The OpenAPI document, made when it is first asked for."""
        return jsonify(described())

    @app.get("/")
    @allow(EVERYONE)
    def home() -> Any:
        """The demo where there is one, the set-up page where nobody can sign in, else a page that says what this is."""
        if "member" in g:
            return redirect("/inbox")
        if app.extensions["lukewarm.demo"] is not None:
            return redirect("/demo")
        with context().database.reading() as tx:
            if not has_members(tx):
                return redirect("/setup")
        return render_template("web/home.html", version=collector.__version__)

    @app.get("/static/<name>")
    @allow(EVERYONE)
    def own_file(name: str) -> Reply:
        """A file of our own pages."""
        return assets.own(name)

    @app.get("/problems/<slug>")
    @allow(EVERYONE)
    def explain(slug: str) -> str:
        """What a problem's type means."""
        found = next((problem for problem in PROBLEMS if problem.slug == slug), None)
        if found is None:
            raise NotFound()
        return render_template("web/explained.html", problem=found)

    @app.after_request
    def _pages(reply: Reply) -> Reply:
        if reply.mimetype == "text/html":
            reply.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
            # On refusals too: whoever opened the window would else see from here whether there was a page.
            reply.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return reply
