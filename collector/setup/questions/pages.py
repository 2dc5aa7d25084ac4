"""The pack, an owner's own questions, and what a response would be asked."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request
from flask import Response as Reply

from collector.intake.snapshot import Snapshot
from collector.problems import Fault, Problem, ValidationFailed
from collector.questions import INDUSTRIES
from collector.questions import LANGUAGES as PACK_LANGUAGES
from collector.questions.language import nearest
from collector.setup.questions.typed import Preview, imagined, listed, preview, with_question, without_question
from collector.setup.survey.actions import Held
from collector.setup.survey.pages import read_survey, save, settings_page
from collector.sites.site import Site
from collector.surveys.actions import set_pack, set_questions
from collector.surveys.survey import Survey
from collector.surveys.wording import best_language, wording
from collector.web.guards import Role, allow, member
from collector.web.shell import go, page

bp = Blueprint("setup_questions", __name__, template_folder="../templates")

#: Bytes of a form that may hold all of an owner's own questions; other forms are smaller.
_LARGEST = 60_000


@bp.get("/sites/<key>/survey/questions")
@allow(member())
def show(key: str) -> Reply:
    """What is set, and what a response would be asked."""
    site, survey = read_survey(key)
    if "HX-Request" in request.headers:
        return page("setup/asked.html", preview=_preview(site, survey))
    return _questions(site, survey, {})


@bp.post("/sites/<key>/survey/questions")
@allow(member(Role.editor))
def change(key: str) -> Reply:
    """Changes the pack, adds or takes away a question, or replaces all own questions, as the button pressed says."""
    request.max_content_length = _LARGEST
    press, _, about = request.form.get("press", "").partition(".")

    def apply(held: Held) -> Mapping[str, Any]:
        if press == "pack":
            set_pack(held.tx, held.survey, request.form.get("pack", ""))
            return {"pack": request.form.get("pack")}
        own = _changed(press, about, json.loads(held.survey.questions or "{}"))
        set_questions(held.tx, held.survey, own)
        return {"own": len(own["question"]) if own else 0}

    problem = save(key, "survey.questions_changed", apply)
    if problem is None:
        return go(f"/sites/{key}/survey/questions?done=saved")
    return _questions(*read_survey(key), request.form, problem)


def _changed(press: str, about: str, own: Mapping[str, Any]) -> dict[str, Any] | None:
    if press == "remove":
        return without_question(own, about)
    if press == "add":
        return with_question(own, request.form)
    text = request.form.get("json", "").strip()
    if not text:
        return None
    try:
        made = json.loads(text)
    except ValueError:
        made = None
    if not isinstance(made, dict):
        raise ValidationFailed(faults=[Fault("This is not one object of JSON.", pointer="/json")])
    return made


def _questions(site: Site, survey: Survey, typed: Mapping[str, str], problem: Problem | None = None) -> Reply:
    own = json.loads(survey.questions or "{}")
    languages = list(dict.fromkeys(("en", nearest(best_language(site.language), PACK_LANGUAGES))))
    return settings_page(
        "setup/questions.html",
        site,
        survey,
        problem,
        typed=typed,
        packs=sorted(INDUSTRIES.items(), key=lambda one: (one[0] != "neutral", one[1])),
        own=listed(own, languages[-1]),
        json=typed.get("json") or (json.dumps(own, ensure_ascii=False, indent=2) if own else ""),
        languages=[(tag, wording(tag).name) for tag in languages],
        pack_languages=[(tag, wording(tag).name) for tag in PACK_LANGUAGES],
        segments=[band.segment for band in survey.scale.bands],
        labels=[(one.key, one.label_in(site.language)) for one in survey.categories],
        scores=range(survey.scale.lowest, survey.scale.highest + 1),
        preview=_preview(site, survey),
        asked=request.args,
        **{"faults": _faults(problem, own)},
    )


def _faults(problem: Problem | None, own: Mapping[str, Any]) -> dict[str, str]:
    """By field: what concerns the question that was just written stands there, the rest at the JSON of all of them."""
    if problem is None:
        return {}
    if not problem.faults:
        return {"": problem.detail}
    new = f"/question/{len(own.get('question', ()))}/"
    is_new = request.form.get("press") == "add"
    found: dict[str, str] = {}
    for fault in problem.faults:
        pointer = fault.pointer or ""
        name = pointer.removeprefix(new).replace("/", ".") if is_new and pointer.startswith(new) else "json"
        # What a pack says begins with where it is, which the field says already.
        detail = (is_new and fault.detail.partition(": ")[2]) or fault.detail
        found.setdefault("pack" if pointer == "/pack" else name, f"{detail[:1].upper()}{detail[1:]}")
    return found


def _preview(site: Site, survey: Survey) -> Preview:
    language = request.args.get("language") or site.language
    chosen = request.args.get("category")
    label = next((one.label_in(language) for one in survey.categories if one.key == chosen), None)
    situation = imagined(survey.scale, request.args, label, site.name, language)
    return preview(situation, Snapshot(site, (survey,), b"").packs(survey, language))
