"""The form of the appearance, and what a colour becomes on the form's grounds."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from collector.surveys.appearance import DARK_GROUND, LIGHT_GROUND, accent, colour, contrast
from collector.surveys.widget import WidgetSettings

_LOOK = ("launcher", "position", "theme", "scale")


@dataclass(frozen=True, slots=True)
class Shade:
    """An owner's colour on one ground: as it was given, as it is shown, their contrast with the ground, from 1 to 21, and
    that of the text on it."""

    ground: str
    given: str
    given_contrast: float
    shown: str
    shown_contrast: float
    text: str
    text_contrast: float

    @property
    def is_kept(self) -> bool:
        """Whether it is shown as it was given."""
        return self.given == self.shown


def typed_settings(form: Mapping[str, str], languages: Sequence[str], before: WidgetSettings) -> dict[str, Any]:
    """The settings of the widget that the form says, to be checked like any others; those that it does not hold stay as they
    were before."""
    own = form.get("own_colour") == "on"
    look = {name: form[name] for name in _LOOK if name in form}
    return {
        **asdict(before),
        "look": {**asdict(before.look), **look, "accent": form.get("accent", "") if own else None},
        "keep_partial": form.get("keep_partial") == "on",
        "contact": form.get("contact") == "on",
        "languages": list(languages),
    }


def shades(own: str) -> tuple[Shade, Shade]:
    """An owner's colour on the light and on the dark form. Raises `ValidationFailed` when it is none."""
    made = accent(own)
    given = own.lower()
    sides = (("light", LIGHT_GROUND, made.light, made.on_light), ("dark", DARK_GROUND, made.dark, made.on_dark))
    light, dark = (
        Shade(
            ground=name,
            given=given,
            given_contrast=contrast(colour(given), ground),
            shown=shown,
            shown_contrast=contrast(colour(shown), ground),
            text=text,
            text_contrast=contrast(colour(text), colour(shown)),
        )
        for name, ground, shown, text in sides
    )
    return light, dark
