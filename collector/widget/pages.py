"""The script's addresses, and a demo page that carries it."""

import re

from flask import Blueprint, current_app, make_response, render_template, request
from flask import Response as Reply

from collector.intake.accept import check_origin
from collector.intake.api import snapshot_of
from collector.intake.snapshot import Snapshot
from collector.problems import NotFound, OriginNotAllowed
from collector.sites.queries import site_by_key
from collector.web.assets import serve
from collector.web.context import context
from collector.web.cors import allow_any_origin
from collector.web.guards import EVERYONE, allow
from collector.widget.api import note_page
from collector.widget.built import CORE, SITE, built
from collector.widget.schemas import settings_value
from collector.widget.script import baked, brief, parts_baked, silent

bp = Blueprint("widget_pages", __name__, template_folder="templates")

#: What a page needs to allow for the widget, and nothing else; the demo page itself lives under it.
DEMO_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

#: A new release is picked up within minutes; whoever was here today does not wait for it.
_ALIAS = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"
#: The address holds a hash of what is there (RFC 8246).
_FOR_GOOD = "public, max-age=31536000, immutable"
#: Holds settings, which their owner wants to see changed.
_SITE = "public, max-age=60, stale-while-revalidate=60, stale-if-error=86400"
_WHOLE = "whole"
_DIGEST = re.compile(r"[0-9a-f]{16}")


@bp.get("/w/1/widget.js")
@allow(EVERYONE)
def widget() -> Reply:
    """The core, for tags that name the site."""
    return _script(built().texts[CORE], _ALIAS)


@bp.get("/w/1/<name>.js")
@allow(EVERYONE)
def script(name: str) -> Reply:
    """The core or a part under a hash of its bytes; or a site's own script, the whole of it at once where that is asked for. A
    page that was opened before this release, or was made for it, asks under the hash of then and is led to today's file. A tag
    with an integrity hash runs nothing but its own bytes; the browser sees to that."""
    allow_any_origin()
    file, dot, digest = name.partition(".")
    if not dot or digest == _WHOLE:
        snapshot = snapshot_of(file)
        note_page(snapshot)
        reply = _script(_site_script(snapshot, whole=bool(dot)), _SITE)
        reply.vary.add("Origin")
        return reply
    if file in built().texts and digest == built().digest(file):
        return _script(built().texts[file], _FOR_GOOD)
    if file in built().texts and _DIGEST.fullmatch(digest):
        reply = make_response("", 302)
        reply.headers["Location"] = built().path(file)
        del reply.headers["Content-Type"]
        reply.headers["Cache-Control"] = "no-store"
        return reply
    raise NotFound("There is no such script, or no longer. 'lukewarm site tag' prints the tag of today's.")


@bp.get("/demo")
@allow(EVERYONE)
def demo() -> Reply:
    """A page such as a site owner has, with the widget on it. Only there when the demo site is."""
    key = current_app.extensions.get("lukewarm.demo")
    here = context()
    with here.database.reading() as tx:
        site = site_by_key(tx, key) if key else None
    if site is None:
        raise NotFound("The demo page is there when the collector runs with 'lukewarm serve --demo'.")
    language = "de" if request.args.get("language") == "de" else "en"
    has_mails = here.settings.mail_folder is not None
    reply = make_response(render_template("widget/demo.html", site=site, language=language, mails=has_mails))
    reply.headers["Content-Security-Policy"] = DEMO_POLICY
    return reply


def _script(text: str, cache: str) -> Reply:
    allow_any_origin()
    reply = serve(text.encode(), "text/javascript; charset=utf-8", cache)
    reply.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    reply.headers["Timing-Allow-Origin"] = "*"
    return reply


def _site_script(snapshot: Snapshot, *, whole: bool) -> str:
    """The site's own script for the page that asks. Nothing in it comes from the request but whether its origin may
    submit: a cache that was led astray by a forged Host could otherwise send a site's visitors to another collector."""
    survey = snapshot.survey(None)
    if survey is None:
        return silent("This site has no survey.")
    if not survey.open:
        return silent("The survey of this site is closed.")
    if "Origin" in request.headers:
        try:
            check_origin(request.headers["Origin"], snapshot)
        except OriginNotAllowed:
            return silent("Pages from here may not submit. 'lukewarm site origins' changes the site's list.")
    build = built()
    said = [
        settings_value(snapshot, survey, language, build, context().settings.channels)
        for language in survey.widget.languages or (snapshot.site.language,)
    ]
    parts = parts_baked(survey.widget, len(said), whole=whole)
    return baked(
        build.texts[SITE],
        snapshot.site.key,
        context().settings.public_url,
        {settings["language"]: brief(settings, parts) for settings in said},
        {name: build.texts[name] for name in parts},
    )
