"""What visitors agree to when they leave an address: the owner's words, and how they are read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, request
from flask import Response as Reply

from collector.accounts.pages import local_time
from collector.contacts.consent import sentences, version_of
from collector.contacts.queries import past_consents
from collector.problems import Problem, ValidationFailed
from collector.setup.consent.actions import change_widget
from collector.setup.survey.actions import Held
from collector.setup.survey.pages import languages_of, read_survey, save, settings_page
from collector.sites.site import Site
from collector.surveys.own_consent import AGREED_CHANNELS, LONGEST_CONSENT, PLACEHOLDERS, read_consents
from collector.surveys.survey import Survey
from collector.surveys.wording import LANGUAGES, Wording, best_language, wording
from collector.web.context import context
from collector.web.guards import Role, allow, member
from collector.web.shell import go, page

bp = Blueprint("setup_consent", __name__, template_folder="../templates")

_SHOWN_PAST = 20
_POINTER = "/consent"
_LABELS = {"email": "By e-mail", "sms": "By SMS"}


@dataclass(frozen=True, slots=True)
class Step:
    """What a visitor reads before leaving an address, in one language: `shown` by channel, under its version; `fault` says
    why what was typed cannot be shown."""

    words: Wording
    shown: Mapping[str, str]
    version: str
    fault: str | None = None


@bp.get("/sites/<key>/survey/consent")
@allow(member())
def show(key: str) -> Reply:
    """What is set, and what was before."""
    site, survey = read_survey(key)
    return _consent(site, survey, survey.widget.consent)


@bp.post("/sites/<key>/survey/consent")
@allow(member(Role.editor))
def change(key: str) -> Reply:
    """Changes it; languages that the form does not hold stay."""
    typed = _typed()

    def apply(held: Held) -> Mapping[str, Any]:
        before = held.survey.widget
        made = replace(before, consent=read_consents({**before.consent, **typed}, _POINTER))
        changed = change_widget(held.tx, held.site, held.survey, made, context().now())
        return {
            "languages": changed,
            "versions": [_step(held.site, tag, made.consent.get(tag, {})).version for tag in changed],
        }

    problem = save(key, "survey.consent_changed", apply)
    if problem is None:
        return go(f"/sites/{key}/survey/consent?done=saved")
    site, survey = read_survey(key)
    return _consent(site, survey, {**survey.widget.consent, **typed}, problem)


@bp.get("/sites/<key>/survey/consent/sample")
@allow(member())
def sample(key: str) -> Reply:
    """For a form that is being filled in: how a visitor would read it in one language."""
    site, survey = read_survey(key)
    language = best_language(request.args.get("language"))
    return page(
        "setup/consent_sample.html", step=_draft(site, survey, language, _typed().get(language, {})), **_shared()
    )


def _typed() -> dict[str, dict[str, str]]:
    """The sentences that were sent, by language and channel, in fields such as `email.de`."""
    typed: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        for channel in AGREED_CHANNELS:
            if f"{channel}.{language}" in request.values:
                typed.setdefault(language, {})[channel] = request.values[f"{channel}.{language}"]
    return typed


def _step(site: Site, language: str, own: Mapping[str, str], fault: str | None = None) -> Step:
    words = wording(language)
    shown = sentences(words.contact, site.name, own)
    return Step(words, shown, version_of(shown), fault)


def _draft(site: Site, survey: Survey, language: str, typed: Mapping[str, str]) -> Step:
    """What was typed, where it can be shown; else what is set, and why."""
    try:
        return _step(site, language, read_consents({language: typed}, _POINTER).get(language, {}))
    except ValidationFailed as problem:
        return _step(site, language, survey.widget.consent.get(language, {}), problem.faults[0].detail)


def _shared() -> dict[str, Any]:
    """What form and sample have in common: the channels that are asked about, at least the one by e-mail."""
    return {"channels": context().settings.channels or AGREED_CHANNELS[:1], "labels": _LABELS}


def _consent(
    site: Site, survey: Survey, typed: Mapping[str, Mapping[str, str]], problem: Problem | None = None
) -> Reply:
    faults = {} if problem is None or problem.faults else {"": problem.detail}
    for fault in problem.faults if problem else ():
        _, _, language, *channel = (fault.pointer or "").split("/")
        faults[f"{''.join(channel)}.{language}"] = fault.detail
    with context().database.reading() as tx:
        past = past_consents(tx, survey.id, _SHOWN_PAST)
    languages = dict.fromkeys((*languages_of(site, survey), *typed))
    return settings_page(
        "setup/consent.html",
        site,
        survey,
        problem,
        typed=typed,
        steps=[_draft(site, survey, language, typed.get(language, {})) for language in languages],
        past=past,
        names={tag: wording(tag).name for tag in LANGUAGES},
        longest=LONGEST_CONSENT,
        placeholders=PLACEHOLDERS,
        is_asked=survey.widget.contact,
        local=local_time(),
        **_shared(),
        **{"faults": faults},
    )
