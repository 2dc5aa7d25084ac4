"""Why a form comes up by itself, or does not: a verdict on every rule, in words. The part `when` of the widget decides the
same (`widget/src/parts/when/decide.ts`); `tests/contract/targeting.json` holds both to it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from collector.surveys.path_pattern import LONGEST_PATH, UnsafePattern, compiled
from collector.surveys.targeting import AttributeRule, PageRule, Setting, Trigger, When

Outcome = Literal["met", "not met", "unknown"]
DAY = 86_400

_ENCODED = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a survey's form: `shown`, `dismissed`, `answered`, `later` or `never`, and how many seconds ago."""

    verdict: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a visitor at one moment; `None` where it is not known. `path` as the browser has it; `draw` in
    [0, 1); `asked` by survey key, what the visitor's browser remembers; `fired` the places of triggers that went off."""

    survey: str
    path: str | None = None
    language: str | None = None
    device: str | None = None
    attributes: Mapping[str, Setting] | None = None
    draw: float | None = None
    asked: Mapping[str, Asked] | None = None
    fired: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """On one rule. `name` says where it stands, such as `pages/include/0`; `met` means that it lets the form come up."""

    name: str
    verdict: Outcome
    sentence: str


def verdicts(when: When, facts: Facts) -> tuple[Verdict, ...]:
    """One for each rule, in the order of the settings."""
    return (
        *(_trigger(place, trigger, facts) for place, trigger in enumerate(when.triggers)),
        *(_page(f"pages/include/{place}", rule, facts.path, True) for place, rule in enumerate(when.include)),
        *(_page(f"pages/exclude/{place}", rule, facts.path, False) for place, rule in enumerate(when.exclude)),
        _share(when.share, facts.draw),
        *_devices(when.devices, facts.device),
        *_languages(when.languages, facts.language),
        *(_attribute(f"attributes/{place}", rule, facts.attributes) for place, rule in enumerate(when.attributes)),
        *_peace(when, facts),
    )


def decision(found: tuple[Verdict, ...]) -> Outcome:
    """Whether the form comes up: one of the triggers, one of the pages included, and everything else are met. What is
    unknown holds it back."""
    outcomes: list[Outcome] = []
    for choice in ("triggers/", "pages/include/"):
        several = {verdict.verdict for verdict in found if verdict.name.startswith(choice)}
        if several or choice == "triggers/":
            outcomes.append("met" if "met" in several else "unknown" if "unknown" in several else "not met")
    outcomes += [item.verdict for item in found if not item.name.startswith(("triggers/", "pages/include/"))]
    return "not met" if "not met" in outcomes else "unknown" if "unknown" in outcomes else "met"


def draw(survey: str, person: str) -> float:
    """A number in [0, 1) that is the same each time for one person and survey, and unrelated between surveys: FNV-1a over
    UTF-16 units, as browsers hold text, stirred by the last step of MurmurHash3, without which the names of neighbours
    (user-1, user-2) would be neighbours here."""
    drawn = 2166136261
    units = f"{survey}\0{person}".encode("utf-16-le", "surrogatepass")
    for place in range(0, len(units), 2):
        drawn = (drawn ^ int.from_bytes(units[place : place + 2], "little")) * 16777619 & 0xFFFFFFFF
    drawn = (drawn ^ drawn >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    drawn = (drawn ^ drawn >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    return (drawn ^ drawn >> 16) / 2**32


def _outcome(met: bool | None) -> Outcome:
    return "unknown" if met is None else "met" if met else "not met"


def _trigger(place: int, trigger: Trigger, facts: Facts) -> Verdict:
    what = {
        "seconds": f"{trigger.setting} seconds on the page",
        "scroll": f"{trigger.setting} % of the page seen",
        "views": f"{trigger.setting} pages seen",
        "exit": "The visitor is about to leave",
        "event": f"The event {trigger.setting}",
        "element": f"The element {trigger.setting} is seen",
    }[trigger.kind]
    met = None if facts.fired is None else place in facts.fired
    said = {None: "it is not known whether this happened", True: "this has happened", False: "this has not happened"}
    return Verdict(f"triggers/{place}", _outcome(met), f"{what}: {said[met]}.")


def _page(name: str, rule: PageRule, path: str | None, wanted: bool) -> Verdict:
    fits = None if path is None else _fits(rule, _plain(path))
    verb = {
        "equals": ("is", "is not"),
        "starts": ("starts with", "does not start with"),
        "contains": ("contains", "does not contain"),
        "wildcard": ("fits", "does not fit"),
        "regex": ("fits", "does not fit"),
    }[rule.kind][not fits]
    if path is None:
        sentence = "It is not known which page this is."
    elif fits is None:
        sentence = f"The page's path cannot be compared: it has more than {LONGEST_PATH} characters."
    else:
        sentence = f"The page {_plain(path)} {verb} {rule.value}{'' if wanted else ', which is left out'}."
    return Verdict(name, _outcome(None if fits is None else fits == wanted), sentence)


def _plain(path: str) -> str:
    """Decoded where that makes text, in one form of Unicode."""

    def decoded(run: re.Match[str]) -> str:
        try:
            return bytes.fromhex(run[0].replace("%", "")).decode()
        except UnicodeDecodeError:
            return run[0]

    return unicodedata.normalize("NFC", _ENCODED.sub(decoded, path))


def _fits(rule: PageRule, path: str) -> bool | None:
    if rule.kind == "regex":
        try:
            return bool(compiled(rule.value).search(path)) if len(path) <= LONGEST_PATH else None
        except UnsafePattern:
            return None
    value = _plain(rule.value)
    if rule.kind == "equals":
        return (path.removesuffix("/") or "/") == (value.removesuffix("/") or "/")
    if rule.kind == "starts":
        return path.startswith(value)
    if rule.kind == "contains":
        return value in path
    return _wildcard(path, value.split("*"))


def _wildcard(path: str, pieces: list[str]) -> bool:
    """Whether the pieces stand in the path in their order, the first at its start and the last at its end. Each is taken
    where it is found first, which leaves the most room for the others: no search goes back."""
    first, *middle = pieces
    if not middle:
        return path == first
    last = middle.pop()
    if not path.startswith(first):
        return False
    at = len(first)
    for piece in middle:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return len(path) - len(last) >= at and path.endswith(last)


def _share(share: float, drawn: float | None) -> Verdict:
    if share >= 1:
        return Verdict("share", "met", "Everybody is asked.")
    if drawn is None:
        return Verdict("share", "unknown", "It is not known what was drawn for this person.")
    met = drawn < share
    return Verdict(
        "share", _outcome(met), f"Drawn was {drawn:.4f}; {'below' if met else 'not below'} the share of {share:g}."
    )


def _devices(wanted: tuple[str, ...], device: str | None) -> tuple[Verdict, ...]:
    if not wanted:
        return ()
    if device is None:
        return (Verdict("devices", "unknown", "It is not known what device this is."),)
    met = device in wanted
    sentence = f"A {device} is {'one' if met else 'none'} of {', '.join(wanted)}."
    return (Verdict("devices", _outcome(met), sentence),)


def _languages(wanted: tuple[str, ...], language: str | None) -> tuple[Verdict, ...]:
    if not wanted:
        return ()
    if language is None:
        return (Verdict("languages", "unknown", "It is not known which language is read here."),)
    tag = language.replace("_", "-").lower()
    met = any(tag == one or tag.startswith(f"{one}-") for one in (item.lower() for item in wanted))
    sentence = f"The language {language} is {'one' if met else 'none'} of {', '.join(wanted)}."
    return (Verdict("languages", _outcome(met), sentence),)


def _attribute(name: str, rule: AttributeRule, attributes: Mapping[str, Setting] | None) -> Verdict:
    if attributes is None:
        return Verdict(name, "unknown", "It is not known which attributes are set.")
    has = rule.name in attributes
    value = attributes[rule.name] if has else None
    met = has if rule.kind == "exists" else _holds(rule, value)
    wanted = f"{rule.kind.replace('_', ' ')}{'' if rule.value is None else f' {rule.value}'}"
    sentence = f"The attribute {rule.name} is {value if has else 'not set'}; the rule: {wanted}."
    return Verdict(name, _outcome(met), sentence)


def _holds(rule: AttributeRule, value: Setting | None) -> bool:
    """An attribute that is not set is not anything, so that `is_not` alone holds for it."""
    if rule.kind in ("is", "is_not"):
        return (value is not None and _same(value, rule.value)) == (rule.kind == "is")
    if rule.kind == "contains":
        return isinstance(value, str) and isinstance(rule.value, str) and rule.value in value
    left, right = _number(value), _number(rule.value)
    if left is None or right is None:
        return False
    return left > right if rule.kind == "greater" else left < right


def _same(value: Setting, wanted: Setting | None) -> bool:
    """Texts letter by letter; a number also as text, and true and false too: many pages have nothing but text."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return _spelt(value) == _spelt(wanted)
    if isinstance(value, str) and isinstance(wanted, str):
        return value == wanted
    number = _number(value)
    return number is not None and number == _number(wanted)


def _spelt(value: Setting | None) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _number(value: Setting | None) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else None
    return float(value)


def _peace(when: When, facts: Facts) -> tuple[Verdict, ...]:
    if facts.asked is None:
        names = ("never", "later_days", "again_after_days", "rest_days")
        return tuple(Verdict(name, "unknown", "It is not known what this person was asked before.") for name in names)
    own = facts.asked.get(facts.survey)
    others = min((asked.seconds for key, asked in facts.asked.items() if key != facts.survey), default=None)
    later = own.seconds if own and own.verdict == "later" else None
    again = own.seconds if own and own.verdict != "later" else None
    never = any(asked.verdict == "never" for asked in facts.asked.values())
    wish = "does not want to be asked again" if never else "has not said “Don't ask again”"
    return (
        Verdict("never", _outcome(not never), f"This person {wish}."),
        _long_ago("later_days", later, when.later_days, ("said “Ask me later”", "has not said “Ask me later”")),
        _long_ago("again_after_days", again, when.again_after_days, ("met this form", "has not met this form")),
        _long_ago("rest_days", others, when.rest_days, ("met another survey", "has not met another survey")),
    )


def _long_ago(name: str, seconds: float | None, days: float, words: tuple[str, str]) -> Verdict:
    did, did_not = words
    if seconds is None:
        return Verdict(name, "met", f"This person {did_not}; otherwise {days:g} days would have to pass.")
    met = seconds >= days * DAY
    return Verdict(name, _outcome(met), f"This person {did} {seconds / DAY:.1f} days ago; {days:g} days have to pass.")
