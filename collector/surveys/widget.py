"""How a survey's form comes up on a page and how it looks there: the owner's settings of the widget, with their defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LAUNCHERS = ("button", "tab", "element", "inline", "none")
POSITIONS = ("right", "left")
THEMES = ("auto", "light", "dark")
#: How a score is drawn; stars and faces on scales of five steps only.
DRAWINGS = ("numbers", "stars", "faces")
STEPS_OF_DRAWINGS = 5


@dataclass(frozen=True, slots=True)
class Look:
    """What the visitor sees. `accent` is the owner's colour as `#rrggbb`, as it was given and before any correction."""

    launcher: str = "button"
    position: str = "right"
    theme: str = "auto"
    accent: str | None = None
    scale: str = "numbers"


@dataclass(frozen=True, slots=True)
class WidgetSettings:
    """The settings of the widget on one survey.

    `keep_partial` keeps a score that was picked and never sent. `contact` asks for an address where one could be used,
    and `consent` has the owner's own sentences to agree to then, by language and channel; where there is none, ours stands.
    `when` holds the rules for showing the form by itself, as JSON that `targeting` wrote; without it, nothing comes up
    unasked. `languages` are baked into the site's own script; none stands for the site's own language."""

    look: Look = Look()
    keep_partial: bool = True
    contact: bool = False
    consent: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    when: Mapping[str, Any] | None = None
    languages: tuple[str, ...] = ()


def widget_settings(stored: Mapping[str, Any]) -> WidgetSettings:
    """The settings that were stored as JSON; what is not among them has its default."""
    return WidgetSettings(
        **{**stored, "look": Look(**stored.get("look", {})), "languages": tuple(stored.get("languages", ()))}
    )
