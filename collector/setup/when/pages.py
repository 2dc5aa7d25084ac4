"""The rules for showing the form by itself, and what they say about a visit."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, request
from flask import Response as Reply

from collector.problems import Problem, ValidationFailed
from collector.setup.survey.actions import Held
from collector.setup.survey.pages import read_survey, save, settings_page
from collector.setup.when.rows import NUMBERS, Rules, as_when, field_of, rules_of, typed_rules, with_spare
from collector.setup.when.visit import BEFORE, explain, visit_from
from collector.sites.site import Site
from collector.surveys.actions import set_widget
from collector.surveys.schemas import read_widget_settings
from collector.surveys.survey import Survey
from collector.surveys.targeting import ATTRIBUTE_KINDS, DEVICES, PAGE_KINDS, TRIGGERS, parse
from collector.web.guards import Role, allow, member
from collector.web.shell import go, page

bp = Blueprint("setup_when", __name__, template_folder="../templates")

_TRIGGERS = {
    "seconds": "seconds on the page",
    "scroll": "percent of the page seen",
    "views": "pages seen",
    "exit": "about to leave",
    "event": "an event of yours",
    "element": "an element in sight",
}
_PAGES = {
    "equals": "is",
    "starts": "starts with",
    "contains": "contains",
    "wildcard": "fits, with *",
    "regex": "fits the regular expression",
}
_ATTRIBUTES = {
    "is": "is",
    "is_not": "is not",
    "contains": "contains",
    "greater": "is more than",
    "less": "is less than",
    "exists": "is set",
}
_NUMBERS = {
    "settle": ("Seconds to settle", "So long the form waits after its occasion, and then looks at every rule again."),
    "again_after_days": ("Days until the next time", "After the form was answered or closed, so long nobody is asked again."),
    "later_days": ("Days after “Ask me later”", "Whoever put it off is left alone for so long."),
    "rest_days": ("Days after another survey", "Whoever met another survey of this site is left alone for so long."),
}  # fmt: skip
_BEFORE = {
    "answered": "answered it",
    "dismissed": "closed it",
    "later": "said “Ask me later”",
    "never": "said “Don't ask again”",
}
_GOES = (
    "Nothing was saved yet: with this off, the rules below are thrown away. Tick it to keep them, or save once more."
)


@bp.get("/sites/<key>/survey/when")
@allow(member())
def show(key: str) -> Reply:
    """The rules."""
    site, survey = read_survey(key)
    return _rules(site, survey, rules_of(survey.widget.when))


@bp.post("/sites/<key>/survey/when")
@allow(member(Role.editor))
def change(key: str) -> Reply:
    """Changes them. Rules that would go with the switch go at the second press."""
    rules = typed_rules(request.form, request.form.getlist("devices"))
    may_go = rules.is_on or request.form.get("drop") == "on"

    def apply(held: Held) -> Mapping[str, Any]:
        if held.survey.widget.when is not None and not may_go:
            raise ValidationFailed(_GOES)
        made = read_widget_settings({**asdict(held.survey.widget), "when": as_when(rules)})
        set_widget(held.tx, held.survey, made)
        return {"when": made.when}

    problem = save(key, "survey.when_changed", apply)
    if problem is None:
        return go(f"/sites/{key}/survey/when?done=saved")
    return _rules(*read_survey(key), rules, problem)


@bp.get("/sites/<key>/survey/why")
@allow(member())
def why(key: str) -> Reply:
    """What each rule says about a visit. Nothing is looked up and nothing kept."""
    site, survey = read_survey(key)
    visit = visit_from(request.args, request.args.getlist("fired"))
    when = parse(survey.widget.when) if survey.widget.when is not None else None
    explanation = explain(site, survey, visit) if "page" in request.args else None
    if "HX-Request" in request.headers:
        return page("setup/why_verdicts.html", explanation=explanation)
    occasions = when.triggers if when else ()
    triggers = [_TRIGGERS[one.kind] + ("" if one.setting is None else f": {one.setting}") for one in occasions]
    before = [(name, _BEFORE[name]) for name in BEFORE]
    values: dict[str, Any] = {
        "visit": visit,
        "explanation": explanation,
        "triggers": triggers,
        "before": before,
        "devices": DEVICES,
    }
    return settings_page("setup/why.html", site, survey, **values)


def _rules(site: Site, survey: Survey, rules: Rules, problem: Problem | None = None) -> Reply:
    faults: dict[str, str] = {}
    if problem is not None:
        faults = {} if problem.faults else {"": problem.detail}
        for fault in problem.faults:
            faults.setdefault(field_of(fault.pointer or ""), fault.detail)
    groups = {name: with_spare(getattr(rules, name)) for name in ("triggers", "include", "exclude", "attributes")}
    return settings_page(
        "setup/when.html",
        site,
        survey,
        problem,
        rules=rules,
        groups=groups,
        trigger_kinds=[(name, _TRIGGERS[name]) for name in TRIGGERS],
        page_kinds=[(name, _PAGES[name]) for name in PAGE_KINDS],
        attribute_kinds=[(name, _ATTRIBUTES[name]) for name in ATTRIBUTE_KINDS],
        devices=DEVICES,
        numbers=[(name, *_NUMBERS[name]) for name in NUMBERS],
        **{"faults": faults, "drops": faults.get("") == _GOES},
    )
