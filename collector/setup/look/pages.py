"""The appearance of a site's form, and a page of ours that shows it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask import Response as Reply

from collector.contacts.consent import sentences, version_of
from collector.intake.snapshot import Snapshot
from collector.problems import Problem, ValidationFailed
from collector.setup.look.typed import shades, typed_settings
from collector.setup.survey.actions import Held
from collector.setup.survey.pages import languages_of, read_survey, save, settings_page
from collector.sites.site import Site
from collector.surveys.actions import check_drawing, set_widget
from collector.surveys.schemas import read_widget_settings
from collector.surveys.survey import Survey
from collector.surveys.widget import STEPS_OF_DRAWINGS, WidgetSettings
from collector.surveys.wording import LANGUAGES, best_language, wording
from collector.web.context import context
from collector.web.guards import Role, allow, member
from collector.web.shell import go, page
from collector.widget.built import CORE, FOLDER, built
from collector.widget.schemas import settings_value

bp = Blueprint("setup_look", __name__, template_folder="../templates")

#: The form's own page in a frame of ours: what a page has to allow for the widget, and nothing else.
_FRAMED = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_FIRST_COLOUR = "#0f766e"


@bp.get("/sites/<key>/survey/look")
@allow(member())
def show(key: str) -> Reply:
    """What is set, and how it looks."""
    site, survey = read_survey(key)
    return _look(site, survey, survey.widget)


@bp.post("/sites/<key>/survey/look")
@allow(member(Role.editor))
def change(key: str) -> Reply:
    """Changes it."""

    def apply(held: Held) -> Mapping[str, Any]:
        made = read_widget_settings(_typed(held.survey))
        set_widget(held.tx, held.survey, made)
        return {"accent": made.look.accent, "launcher": made.look.launcher, "languages": list(made.languages)}

    problem = save(key, "survey.look_changed", apply)
    if problem is None:
        return go(f"/sites/{key}/survey/look?done=saved")
    site, survey = read_survey(key)
    return _look(site, survey, _draft(survey), problem)


@bp.get("/sites/<key>/survey/look/sample")
@allow(member())
def sample(key: str) -> Reply:
    """For a form that is being filled in: the frame, and what becomes of its colour."""
    site, survey = read_survey(key)
    return page("setup/look_sample.html", site=site, **_sample(_draft(survey)))


@bp.get("/sites/<key>/survey/look/preview")
@allow(member())
def preview(key: str) -> Reply:
    """A page with the form on it, as what was typed so far would make it. Nothing that is said there is sent."""
    site, survey = read_survey(key)
    # One that comes up by itself would be in the way of whoever looks at its colour.
    shown = replace(_draft(survey) if request.args else survey.widget, when=None)
    tried = replace(survey, open=True, widget=shown)
    wanted = request.args.get("speak") or None
    settings = settings_value(Snapshot(site, (tried,), b""), tried, wanted, built(), context().settings.channels)
    scheme = "dark" if request.args.get("scheme") == "dark" else "light"
    values = {"site": site, "settings": settings, "scheme": scheme, "launcher": shown.look.launcher}
    reply = make_response(render_template("setup/preview.html", script=f"{FOLDER}/{CORE}.js", **values))
    reply.headers["Content-Security-Policy"] = _FRAMED
    reply.headers["Cache-Control"] = "no-store"
    reply.vary.add("Cookie")
    return reply


def _typed(survey: Survey) -> dict[str, Any]:
    return typed_settings(request.values, request.values.getlist("languages"), survey.widget)


def _draft(survey: Survey) -> WidgetSettings:
    """What was typed, where it can be shown; else what is set."""
    try:
        made = read_widget_settings(_typed(survey))
        check_drawing(survey, made)
    except ValidationFailed:
        return survey.widget
    return made


def _sample(draft: WidgetSettings) -> dict[str, Any]:
    own = draft.look.accent
    return {"query": request.query_string.decode("ascii", "replace"), "shades": shades(own) if own else ()}


def _look(site: Site, survey: Survey, shown: WidgetSettings, problem: Problem | None = None) -> Reply:
    language = best_language(site.language)
    consent = sentences(wording(language).contact, site.name, survey.widget.consent.get(language, {}))
    return settings_page(
        "setup/look.html",
        site,
        survey,
        problem,
        typed=shown,
        colour=shown.look.accent or _FIRST_COLOUR,
        languages=[(tag, wording(tag).name) for tag in LANGUAGES],
        spoken=languages_of(site, survey),
        can_draw=survey.scale.steps == STEPS_OF_DRAWINGS,
        channels=context().settings.channels,
        consent=consent,
        consent_version=version_of(consent),
        **_sample(shown),
    )
