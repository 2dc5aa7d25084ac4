"""An imagined visit, as somebody describes it, and every verdict on it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from collector.sites.address import origin_of
from collector.sites.site import Site
from collector.surveys.survey import Survey
from collector.surveys.targeting import Setting, When, parse
from collector.surveys.verdicts import DAY, Asked, Facts, Outcome, Verdict, decision, draw, verdicts

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
#: What can have become of the form before.
BEFORE = ("answered", "dismissed", "later", "never")


@dataclass(frozen=True, slots=True)
class Visit:
    """What is said of a visit; empty where nothing is said. `days` is text, as it was typed; `fired` are places of triggers."""

    page: str = ""
    language: str = ""
    device: str = ""
    attributes: str = ""
    person: str = ""
    before: str = ""
    days: str = ""
    fired: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """What comes of a visit: whether the form is there at all, each with its reason, and whether it comes up by itself."""

    outcome: Outcome
    button: tuple[Verdict, ...]
    rules: tuple[Verdict, ...]


def visit_from(form: Mapping[str, str], fired: Sequence[str]) -> Visit:
    """The visit that was typed."""
    names = ("page", "language", "device", "attributes", "person", "before", "days")
    places = tuple(int(place) for place in fired if place.isdecimal() and len(place) < 4)
    return Visit(**{name: form.get(name, "").strip()[:2000] for name in names}, fired=places)


def explain(site: Site, survey: Survey, visit: Visit) -> Explanation:
    """Whether the form comes up by itself on this visit, with every reason."""
    button = _button(site, survey, visit)
    if survey.widget.when is None:
        never = Verdict("when", "not met", "It is not set to come up by itself; it waits until somebody opens it.")
        return Explanation("not met", button, (never,))
    when = parse(survey.widget.when)
    found = verdicts(when, _facts(survey, when, visit))
    return Explanation(decision((*button, *found)), button, found)


def _button(site: Site, survey: Survey, visit: Visit) -> tuple[Verdict, ...]:
    is_open = Verdict(
        "open", "met" if survey.open else "not met", f"The survey is {'open' if survey.open else 'closed'}."
    )
    origin = origin_of(visit.page) if "://" in visit.page else None
    if origin is None:
        return (is_open,)
    is_known = origin in site.origins
    said = f"Pages of {origin} {'may' if is_known else 'may not'} submit."
    return is_open, Verdict("origin", "met" if is_known else "not met", said)


def _facts(survey: Survey, when: When, visit: Visit) -> Facts:
    return Facts(
        survey=survey.key,
        path=_path(visit.page),
        language=visit.language or None,
        device=visit.device or None,
        attributes=_attributes(visit.attributes),
        draw=draw(survey.key, visit.person) if visit.person else None,
        asked=_asked(survey, visit),
        fired=frozenset(place for place in visit.fired if place < len(when.triggers)),
    )


def _path(page: str) -> str | None:
    if not page:
        return None
    try:
        return urlsplit(page).path or "/"
    except ValueError:
        return None


def _attributes(text: str) -> dict[str, Setting]:
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name.strip(): _value(value.strip()) for name, _, value in pairs}


def _value(text: str) -> Setting:
    if text in ("true", "false"):
        return text == "true"
    return float(text) if _NUMBER.fullmatch(text) else text


def _asked(survey: Survey, visit: Visit) -> dict[str, Asked]:
    if visit.before not in BEFORE:
        return {}
    days = float(visit.days) if _NUMBER.fullmatch(visit.days) else 0
    return {survey.key: Asked(visit.before, max(0, days) * DAY)}
