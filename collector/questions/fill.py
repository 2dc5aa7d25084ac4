"""Placeholders in a wording: a fixed list, plain replacement, no expressions and nothing that a visitor wrote."""

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders_in(wording: str) -> frozenset[str]:
    """Names that stand in braces in `wording`."""
    return frozenset(_PLACEHOLDER.findall(wording))


def fill(wording: str, values: Mapping[str, str]) -> str:
    """`wording` with each known placeholder replaced once; a replacement is never read for placeholders again."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), wording)
