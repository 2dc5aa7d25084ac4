"""Placeholders in a wording: a fixed list, plain replacement, no expressions and nothing that a visitor wrote."""

import re
from collections.abc import Mapping

#: Placeholder -> what stands there. The page's title is not among them: it is never collected.
PLACEHOLDERS: dict[str, str] = {
    "site": "the site's name",
    "score": "the person's number",
    "category": "the label of the category that was chosen",
    "area": "the label of the first area that was tapped, in a question that comes later",
}
#: Those that every response has. A question that needs another one is asked only where there is one.
ALWAYS_KNOWN = frozenset({"site", "score"})

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders_in(wording: str) -> frozenset[str]:
    """Names that stand in braces in `wording`."""
    return frozenset(_PLACEHOLDER.findall(wording))


def fill(wording: str, values: Mapping[str, str]) -> str:
    """`wording` with each known placeholder replaced once; a replacement is never read for placeholders again."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), wording)
