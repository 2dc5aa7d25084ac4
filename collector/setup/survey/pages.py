"""The question and the categories of a site's survey; and how any page of a survey reads and saves."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.problems import Problem, ValidationFailed
from collector.scales import SCALES
from collector.setup.edition import edition
from collector.setup.site.pages import SCALE_NAMES, faults_by_field
from collector.setup.site.queries import has_responses
from collector.setup.survey.actions import Change, Held, change_survey
from collector.setup.survey.labels import NEW, listed, moved, rows_of, typed_rows
from collector.setup.survey.queries import survey_here
from collector.sites.site import Site
from collector.surveys.actions import set_categories, set_open, set_prompts, set_scale
from collector.surveys.categories import MOST_SHOWN, rewritten
from collector.surveys.survey import Survey
from collector.surveys.wording import LANGUAGES, best_language, wording
from collector.web.context import context
from collector.web.guards import Role, allow, member
from collector.web.shell import go, page

bp = Blueprint("setup_survey", __name__, template_folder="../templates")

SAVED = {"saved": "Saved. Your pages follow within two minutes."}


def read_survey(key: str) -> tuple[Site, Survey]:
    """The site of the member's team with this key, and its survey. Raises `NotFound`."""
    with context().database.reading() as tx:
        return survey_here(tx, g.team, key)


def save(key: str, verb: str, change: Change) -> Problem | None:
    """Changes a survey as the form says, unless somebody else has since the form was made. Returns what is wrong with what
    was typed."""
    here, sent = context(), request.form.get("edition")
    try:
        with here.database.writing() as tx:
            change_survey(tx, g.team, g.member.id, key, sent, verb, change, here.now())
    except ValidationFailed as problem:
        return problem
    return None


def settings_page(template: str, site: Site, survey: Survey, problem: Problem | None = None, **values: Any) -> Reply:
    """One page of a survey's settings, with what was wrong or what was just done."""
    faults = faults_by_field(problem) if problem else {}
    done = SAVED.get(request.args.get("done", ""))
    may = g.member.role >= Role.editor
    shown: dict[str, Any] = {"site": site, "survey": survey, "edition": edition(site, survey), "may": may, "done": done}
    return page(template, problem.status if problem else 200, **{"faults": faults, **shown, **values})


def languages_of(site: Site, survey: Survey) -> list[str]:
    """The languages that a site's own script speaks: those that matter most to its owner."""
    spoken = survey.widget.languages or (best_language(site.language),)
    return list(dict.fromkeys((best_language(site.language), *spoken)))


@bp.get("/sites/<key>/survey")
@allow(member())
def show(key: str) -> Reply:
    """The question in each language, the scale, and whether the survey is open."""
    site, survey = read_survey(key)
    return _survey(site, survey, {"open": survey.open, "scale": survey.scale.name, "prompt": survey.prompt})


@bp.post("/sites/<key>/survey")
@allow(member(Role.editor))
def change(key: str) -> Reply:
    """Changes them. The scale stays once somebody has answered."""
    prompts = {
        language: " ".join(request.form[f"prompt.{language}"].split())
        for language in LANGUAGES
        if f"prompt.{language}" in request.form
    }
    is_open, scale = request.form.get("open") == "on", request.form.get("scale", "")

    def apply(held: Held) -> Mapping[str, Any]:
        set_prompts(held.tx, held.survey, prompts)
        set_open(held.tx, held.survey, is_open)
        if scale not in ("", held.survey.scale.name):
            if has_responses(held.tx, held.site.team, held.survey.id):
                raise ValidationFailed("The first response has come meanwhile, so the scale stays as it is.")
            set_scale(held.tx, held.survey, scale)
        return {"open": is_open, "scale": scale or held.survey.scale.name, "prompts": sorted(prompts)}

    problem = save(key, "survey.changed", apply)
    if problem is not None:
        typed = {"open": is_open, "scale": scale, "prompt": prompts}
        return _survey(*read_survey(key), typed, problem)
    return go(f"/sites/{key}/survey?done=saved")


def _survey(site: Site, survey: Survey, typed: Mapping[str, Any], problem: Problem | None = None) -> Reply:
    with context().database.reading() as tx:
        is_fixed = has_responses(tx, site.team, survey.id)
    first = [*languages_of(site, survey), *typed["prompt"]]
    fields = [
        (tag, wording(tag).name, wording(tag).naming(wording(tag).scales[survey.scale.name]["prompt"], site.name))
        for tag in dict.fromkeys((*first, *LANGUAGES))
    ]
    values = {"first": len(dict.fromkeys(first)), "fields_by_language": fields, "scales": list(SCALE_NAMES.items())}
    return settings_page(
        "setup/survey.html", site, survey, problem, typed=typed, is_fixed=is_fixed, bounds=SCALES, **values
    )


@bp.get("/sites/<key>/survey/categories")
@allow(member())
def categories(key: str) -> Reply:
    """What visitors can say their comment is about."""
    site, survey = read_survey(key)
    return _categories(site, survey, rows_of(survey.categories))


@bp.post("/sites/<key>/survey/categories")
@allow(member(Role.editor))
def change_categories(key: str) -> Reply:
    """Changes labels, order, and what is shown; a press on an arrow saves and moves."""
    rows = moved(typed_rows(request.form), request.form.get("move", ""))

    def apply(held: Held) -> Mapping[str, Any]:
        made = rewritten(held.survey.categories, listed(rows))
        set_categories(held.tx, held.survey, made)
        return {"shown": [category.key for category in made if not category.hidden]}

    problem = save(key, "survey.categories_changed", apply)
    if problem is not None:
        return _categories(*read_survey(key), rows, problem)
    return go(f"/sites/{key}/survey/categories?done=saved")


def _categories(site: Site, survey: Survey, rows: list[Any], problem: Problem | None = None) -> Reply:
    labelled = [language for category in survey.categories for language in category.label]
    spoken = [language.lower() for language in languages_of(site, survey)]
    languages = list(dict.fromkeys([*spoken, *labelled]))
    faults = {} if problem is None else {fault.pointer or "": fault.detail for fault in problem.faults}
    if problem is not None and not problem.faults:
        faults[""] = problem.detail
    defaults = {language: wording(best_language(language)).categories for language in languages}
    names = {language: wording(best_language(language)).name for language in languages}
    values = {
        "rows": rows,
        "known": {category.key for category in survey.categories},
        "languages": languages,
        "names": names,
        "defaults": defaults,
        "most": MOST_SHOWN,
        "new": NEW,
    }
    return settings_page("setup/categories.html", site, survey, problem, **values, **{"faults": faults})
