"""The form of a site's manners: every setting as text, as the command line takes it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields

from collector.reaching.manners import Manners

#: Every setting, in the order in which they are read.
NAMES: tuple[str, ...] = tuple(field.name for field in fields(Manners))


def as_typed(manners: Manners) -> dict[str, str]:
    """The manners as somebody would type them."""
    return {name: _text(value) for name, value in asdict(manners).items()}


def typed_manners(form: Mapping[str, str], days: Sequence[str]) -> dict[str, str]:
    """What was typed. A box that is not ticked is not sent."""
    typed = {name: form.get(name, "").strip() for name in NAMES}
    return {**typed, "ask": "on" if form.get("ask") == "on" else "off", "days": ",".join(days)}


def edition_of(manners: Manners) -> str:
    """A short hash of the manners that a form was made from."""
    return hashlib.sha256(repr(sorted(as_typed(manners).items())).encode()).hexdigest()[:16]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
