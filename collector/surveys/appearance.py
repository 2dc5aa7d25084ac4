"""An owner's colour made readable. Contrast is WCAG 2.2's: the ratio of relative luminances, from 1 to 21."""

import re
from dataclasses import dataclass
from functools import lru_cache

from collector.problems import Fault, ValidationFailed

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)

#: Success criterion 1.4.3, text; 1.4.11, parts of the interface.
TEXT_CONTRAST = 4.5
PART_CONTRAST = 3.0

#: What the form stands on. Its dark ground is the browser's own, lightened a little; this is the lightest of them
#: (Safari's #1e1e1e), so that what is readable on it is readable on all.
LIGHT_GROUND: Colour = WHITE
DARK_GROUND: Colour = (0x30, 0x30, 0x30)

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_STEPS = 256


@dataclass(frozen=True, slots=True)
class Accent:
    """One colour as it is shown on the light and on the dark form, and the text's colour on either; all as `#rrggbb`."""

    light: str
    dark: str
    on_light: str
    on_dark: str


def colour(text: str) -> Colour:
    """The colour that `#rgb` or `#rrggbb` names. Raises `ValidationFailed` for anything else."""
    if not _HEX.fullmatch(text):
        raise ValidationFailed(faults=[Fault(f"{text[:40]!r} is not a colour. Write one as #rrggbb, such as #0f766e.")])
    digits = text[1:] if len(text) == 7 else "".join(digit * 2 for digit in text[1:])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def written(colour: Colour) -> str:
    """A colour as `#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def luminance(colour: Colour) -> float:
    """Relative luminance, from 0 for black to 1 for white (WCAG 2.2, "relative luminance")."""
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


# Sites have few colours, and each is asked for again and again.
@lru_cache(1024)
def accent(own: str) -> Accent:
    """The owner's colour, and where it would be lost on a ground, the nearest mixture with black or white that is not.
    Raises `ValidationFailed` when it is no colour."""
    given = colour(own)
    light = _seen_on(given, LIGHT_GROUND, BLACK)
    dark = _seen_on(given, DARK_GROUND, WHITE)
    return Accent(written(light), written(dark), written(_text_on(light)), written(_text_on(dark)))


def _seen_on(given: Colour, ground: Colour, towards: Colour) -> Colour:
    mixtures = (_mixture(given, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next(mixed for mixed in mixtures if contrast(mixed, ground) >= PART_CONTRAST)


def _mixture(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _text_on(ground: Colour) -> Colour:
    # One of the two always reaches 4.5: a ground as far from black as from white has 4.58 to both.
    return WHITE if contrast(WHITE, ground) >= TEXT_CONTRAST else BLACK
