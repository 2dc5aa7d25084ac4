"""What a page says of its visitor along with a response: few short values by name, such as the plan."""

import re
from collections.abc import Mapping
from typing import Any

from collector.responses.text import clean_text, storable

Attribute = str | int | float | bool
#: Names, in their order, with what was said under each.
Attributes = tuple[tuple[str, Attribute], ...]

#: With one response, and letters in one text.
MOST = 20
LONGEST = 200
#: JavaScript counts no further without leaving some out (RFC 8259, section 6).
LARGEST = 2**53 - 1
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def fault_of(name: str, value: Any) -> str | None:
    """What is wrong with an attribute, in a sentence."""
    if not NAME.fullmatch(name):
        return "A name has small letters, digits and _, a letter first, at most 40 in all."
    if isinstance(value, str):
        fits = len(value) <= LONGEST and storable(value)
    else:
        fits = isinstance(value, bool | int | float) and abs(value) <= LARGEST
    return None if fits else f"This is a text of at most {LONGEST} letters, a number, true or false."


def kept(values: Mapping[str, Any]) -> Attributes:
    """Checked values as they are kept: in the order of their names, texts cleaned, whole numbers whole."""
    return tuple((name, _kept(values[name])) for name in sorted(values))


def _kept(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
