"""The widget's file, and a demo page that carries it."""

from functools import cache
from importlib.resources import files

from flask import Blueprint, current_app, make_response, render_template, request
from flask import Response as Reply

from collector.problems import NotFound
from collector.sites.queries import site_by_key
from collector.web.assets import Asset, prepare, serve
from collector.web.context import context
from collector.web.cors import allow_any_origin

bp = Blueprint("widget_pages", __name__, template_folder="templates")

#: What a page needs to allow for the widget, and nothing else; the demo page itself lives under it.
DEMO_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


@cache
def _widget() -> Asset:
    return prepare(files("collector").joinpath("static", "widget", "widget.js"), "text/javascript; charset=utf-8")


@bp.get("/w/1/widget.js")
def widget() -> Reply:
    """The widget: five minutes of shelf life, then usable for a day while it is looked up again."""
    allow_any_origin()
    reply = serve(_widget(), "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800")
    reply.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    reply.headers["Timing-Allow-Origin"] = "*"
    return reply


@bp.get("/demo")
def demo() -> Reply:
    """A page such as a site owner has, with the widget on it. Only there when the demo site is."""
    key = current_app.extensions.get("lukewarm.demo")
    here = context()
    with here.database.reading() as tx:
        site = site_by_key(tx, key) if key else None
    if site is None:
        raise NotFound("The demo page is there when the collector runs with 'lukewarm serve --demo'.")
    language = "de" if request.args.get("language") == "de" else "en"
    reply = make_response(render_template("widget/demo.html", site=site, language=language))
    reply.headers["Content-Security-Policy"] = DEMO_POLICY
    return reply
