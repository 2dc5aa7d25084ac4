"""A survey as a plain value."""

from collections.abc import Mapping
from dataclasses import dataclass

from collector.scales import Scale
from collector.surveys.categories import Categories
from collector.surveys.widget import WidgetSettings


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
