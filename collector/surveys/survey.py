"""A survey as a plain value."""

from collections.abc import Mapping
from dataclasses import dataclass

from collector.scales import Scale
from collector.surveys.categories import Categories
from collector.surveys.widget import WidgetSettings


@dataclass(frozen=True, slots=True)
class TeamSurvey:
    """A survey as the team's pages name it: `site` is the name of its site, `labels` says what its categories are called in
    English, by their keys and in their order."""

    id: int
    key: str
    site: str
    scale: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Survey:
    """One configured question on a site. `prompt` holds the owner's own wording by language, `questions` the owner's own
    follow-up questions as JSON text, empty where there are none."""

    id: int
    site: int
    key: str
    scale: Scale
    prompt: Mapping[str, str]
    categories: Categories
    pack: str
    open: bool
    questions: str = ""
    widget: WidgetSettings = WidgetSettings()
