"""What an API key may do. A key holds at least one scope; `SCOPES` is the whole list."""

from collections.abc import Iterable

from collector.problems import Fault, ValidationFailed

SCOPES: dict[str, str] = {
    "responses:read": "List responses with their follow-ups, page by page.",
    "exports:read": "Download all responses as a file.",
    "outcomes:read": "List what became of showing the form.",
}


def check_scopes(scopes: Iterable[str]) -> frozenset[str]:
    """`scopes` as a set. Raises `ValidationFailed` when one is unknown or there is none."""
    wanted = frozenset(scopes)
    if not wanted or wanted - SCOPES.keys():
        raise ValidationFailed(faults=[Fault(f"A key needs one or more of these scopes: {', '.join(SCOPES)}.")])
    return wanted
