"""What the widget is told of a survey, in the visitor's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from collector.surveys.appearance import Accent, accent
from collector.surveys.categories import shown
from collector.surveys.survey import Survey
from collector.surveys.widget import Look
from collector.surveys.wording import Wording, best_language, wording


@dataclass(frozen=True, slots=True)
class ShownCategory:
    """A category as the visitor sees it."""

    key: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class ShownScale:
    """The scale as the visitor sees it: bounds, both included, and what its ends mean."""

    name: str
    lowest: int
    highest: int
    lowest_label: str
    highest_label: str


@dataclass(frozen=True, slots=True)
class ShownLook:
    """How the form comes up and looks. `accent` is `None` for the widget's own colour."""

    launcher: str
    position: str
    theme: str
    accent: Accent | None
    scale: str


@dataclass(frozen=True, slots=True)
class SurveySettings:
    """All that a widget needs to show the form. `text` is empty in English, which the widget carries itself; `faces` has
    the names of five steps, worst first, where they are drawn and not numbered."""

    survey: str
    version: str
    open: bool
    language: str
    direction: str
    site: str
    scale: ShownScale
    prompt: str
    categories: tuple[ShownCategory, ...]
    look: ShownLook
    keep_partial: bool
    when: Mapping[str, Any] | None
    text: dict[str, str]
    faces: tuple[str, ...]


def settings_for(survey: Survey, version: str, site: str, site_language: str, wanted: str | None) -> SurveySettings:
    """The settings in the best language there is: the visitor's, its base, the site's, English."""
    words = wording(best_language(wanted, site_language))
    ends = words.scales[survey.scale.name]
    widget = survey.widget
    return SurveySettings(
        survey=survey.key,
        version=version,
        open=survey.open,
        language=words.language,
        direction=words.direction,
        site=site,
        scale=ShownScale(survey.scale.name, survey.scale.lowest, survey.scale.highest, ends["lowest"], ends["highest"]),
        prompt=_prompt(survey, words, site),
        categories=tuple(
            ShownCategory(category.key, category.label_in(words.language), category.hint_in(words.language))
            for category in shown(survey.categories)
        ),
        look=_look(widget.look),
        keep_partial=widget.keep_partial,
        when=widget.when,
        text=_text(words, widget.when is not None, widget.contact),
        faces=() if widget.look.scale == "numbers" else tuple(words.faces),
    )


def _look(own: Look) -> ShownLook:
    return ShownLook(own.launcher, own.position, own.theme, accent(own.accent) if own.accent else None, own.scale)


def _text(words: Wording, shows_itself: bool, asks_address: bool) -> dict[str, str]:
    if words.language == "en":
        return {}
    text = {**words.widget, **words.when} if shows_itself else dict(words.widget)
    if asks_address:
        text |= {name: wording for name, wording in words.contact.items() if not name.startswith("consent_")}
    return text


def _prompt(survey: Survey, words: Wording, site: str) -> str:
    own = survey.prompt.get(words.language) or survey.prompt.get(words.language.split("-")[0])
    return words.naming(own or words.scales[survey.scale.name]["prompt"], site)
