"""When a survey's form comes up by itself: what the owner may say about it, read with care. `verdicts.py` judges."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from collector.problems import Fault, ValidationFailed
from collector.surveys.path_pattern import UnsafePattern, compiled

Setting = str | float | bool

#: What sets the form in motion, with the name of its one setting; any of a survey's triggers is enough.
TRIGGERS: dict[str, str | None] = {
    "seconds": "after",
    "scroll": "percent",
    "views": "count",
    "exit": None,
    "event": "name",
    "element": "selector",
}
#: How a rule compares a page's path.
PAGE_KINDS = ("equals", "starts", "contains", "wildcard", "regex")
#: How a rule compares an attribute.
ATTRIBUTE_KINDS = ("is", "is_not", "contains", "greater", "less", "exists")
DEVICES = ("desktop", "tablet", "phone")
#: Entries of one list.
MOST_RULES = 20

_BOUNDS: dict[str, tuple[float, float, bool]] = {
    # name: least, most, whole numbers only
    "after": (0, 3600, False),
    "percent": (1, 100, False),
    "count": (1, 1000, True),
    "share": (0, 1, False),
    "settle": (0, 60, False),
    "again_after_days": (0, 3650, False),
    "later_days": (0, 365, False),
    "rest_days": (0, 365, False),
}
_DEFAULTS: dict[str, float] = {"share": 1, "settle": 1, "again_after_days": 90, "later_days": 7, "rest_days": 30}
#: Beyond it not every whole number is told apart in a browser.
_LARGEST = 2**53 - 1
_LONGEST_TEXT = 200
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}")
_SURROGATES = re.compile("[\ud800-\udfff]")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Trigger:
    """One of `TRIGGERS`. `setting` is seconds, percent of the page, a count, a name or a selector; `None` for `exit`."""

    kind: str
    setting: Setting | None = None


@dataclass(frozen=True, slots=True)
class PageRule:
    """One of `PAGE_KINDS` and what it looks for in a path, as the owner wrote it."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class AttributeRule:
    """One of `ATTRIBUTE_KINDS`, about an attribute that the page has set. `exists` has no value."""

    name: str
    kind: str
    value: Setting | None = None


@dataclass(frozen=True, slots=True)
class When:
    """Any trigger, on any of the pages included (all without a list) and none excluded, for a share of people between 0
    and 1, on the devices and in the languages named (all without a list), with every attribute as its rule wants it.
    `settle` is in seconds."""

    triggers: tuple[Trigger, ...]
    include: tuple[PageRule, ...]
    exclude: tuple[PageRule, ...]
    share: float
    devices: tuple[str, ...]
    languages: tuple[str, ...]
    attributes: tuple[AttributeRule, ...]
    settle: float
    again_after_days: float
    later_days: float
    rest_days: float

    def as_settings(self) -> dict[str, object]:
        """The JSON that is stored and that the widget gets: `parse` makes the same value of it again."""
        return {
            "triggers": [
                _present(kind=item.kind, **{TRIGGERS[item.kind] or "": item.setting}) for item in self.triggers
            ],
            "pages": {
                side: [{"kind": rule.kind, "value": rule.value} for rule in rules]
                for side, rules in (("include", self.include), ("exclude", self.exclude))
            },
            "devices": list(self.devices),
            "languages": list(self.languages),
            "attributes": [_present(name=rule.name, kind=rule.kind, value=rule.value) for rule in self.attributes],
            **{name: getattr(self, name) for name in _DEFAULTS},
        }


def parse(value: object, pointer: str = "") -> When:
    """Reads what an owner set. `pointer` says where `value` stands in the body that it came in (RFC 6901). Raises
    `ValidationFailed` with a fault for everything that is wrong."""
    reading = _Reading()
    source = reading.mapping(value, pointer, ("triggers", "pages", "devices", "languages", "attributes", *_DEFAULTS))
    pages = reading.mapping(source.get("pages", {}), f"{pointer}/pages", ("include", "exclude"))
    when = When(
        triggers=tuple(reading.trigger(item, at) for item, at in reading.items(source, "triggers", pointer)),
        include=tuple(reading.page(item, at) for item, at in reading.items(pages, "include", f"{pointer}/pages")),
        exclude=tuple(reading.page(item, at) for item, at in reading.items(pages, "exclude", f"{pointer}/pages")),
        devices=tuple(reading.choice(item, at, DEVICES) for item, at in reading.items(source, "devices", pointer)),
        languages=tuple(reading.language(item, at) for item, at in reading.items(source, "languages", pointer)),
        attributes=tuple(reading.attribute(item, at) for item, at in reading.items(source, "attributes", pointer)),
        **{
            name: reading.number(source.get(name, default), f"{pointer}/{name}", name)
            for name, default in _DEFAULTS.items()
        },
    )
    if not when.triggers and not reading.faults:
        reading.fault(
            "Name at least one trigger; without one the form never comes up by itself.", f"{pointer}/triggers"
        )
    if reading.faults:
        raise ValidationFailed(faults=reading.faults)
    return when


class _Reading:
    """Reads values and gathers what is wrong with them; after a fault it goes on with something harmless."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, detail: str, at: str) -> None:
        self.faults.append(Fault(detail, pointer=at))

    def mapping(self, value: object, at: str, names: Sequence[str]) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            self.fault("This has to be an object.", at)
            return {}
        for name in value:
            if name not in names:
                self.fault(f"This is not known here. Known are {', '.join(names)}.", f"{at}/{_step(name)}")
        return value

    def items(self, source: Mapping[str, Any], name: str, at: str) -> list[tuple[object, str]]:
        value = source.get(name, [])
        if not isinstance(value, list):
            self.fault("This has to be a list.", f"{at}/{name}")
            return []
        if len(value) > MOST_RULES:
            self.fault(f"A list holds at most {MOST_RULES} entries.", f"{at}/{name}")
            return []
        return [(item, f"{at}/{name}/{index}") for index, item in enumerate(value)]

    def choice(self, value: object, at: str, known: Sequence[str]) -> str:
        if isinstance(value, str) and value in known:
            return value
        self.fault(f"This has to be one of {', '.join(known)}.", at)
        return ""

    def number(self, value: object, at: str, name: str) -> float:
        least, most, whole = _BOUNDS[name]
        if _is_number(value) and least <= value <= most and (not whole or value == int(value)):
            return value
        self.fault(f"This has to be a {'whole ' if whole else ''}number from {least} to {most}.", at)
        return least

    def text(self, value: object, at: str) -> str:
        if isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT and not _SURROGATES.search(value):
            return unicodedata.normalize("NFC", value)
        self.fault(f"This has to be a text of 1 to {_LONGEST_TEXT} characters.", at)
        return ""

    def trigger(self, value: object, at: str) -> Trigger:
        kind = self._kind(value, at, tuple(TRIGGERS))
        name = TRIGGERS.get(kind)
        source = self.mapping(value, at, ("kind", name) if name else ("kind",)) if kind else {}
        if not name:
            return Trigger(kind)
        read = self.number(source.get(name), f"{at}/{name}", name) if name in _BOUNDS else ""
        return Trigger(kind, self.text(source.get(name), f"{at}/{name}") if read == "" else read)

    def page(self, value: object, at: str) -> PageRule:
        kind = self._kind(value, at, PAGE_KINDS)
        if not kind:
            return PageRule("", "")
        text = self.text(self.mapping(value, at, ("kind", "value")).get("value"), f"{at}/value")
        if kind == "regex" and text:
            try:
                compiled(text)
            except UnsafePattern as why:
                self.fault(str(why), f"{at}/value")
        elif text and ("?" in text or "#" in text or (kind != "contains" and text[0] not in "/*")):
            self.fault("Write the path alone, such as /pricing: without https://, the host, ? and #.", f"{at}/value")
        return PageRule(kind, text)

    def language(self, value: object, at: str) -> str:
        tag = value.replace("_", "-").lower() if isinstance(value, str) else ""
        if not _LANGUAGE.fullmatch(tag):
            self.fault("This has to be a language tag, such as de or pt-BR.", at)
        return tag

    def attribute(self, value: object, at: str) -> AttributeRule:
        kind = self._kind(value, at, ATTRIBUTE_KINDS)
        if not kind:
            return AttributeRule("", "")
        source = self.mapping(value, at, ("name", "kind") if kind == "exists" else ("name", "kind", "value"))
        name = source.get("name")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            self.fault("A name has small letters, digits and _, a letter first, 40 at most.", f"{at}/name")
            name = ""
        return AttributeRule(name, kind, self._wanted(kind, source.get("value"), f"{at}/value"))

    def _wanted(self, kind: str, value: object, at: str) -> Setting | None:
        if kind == "exists":
            return None
        if isinstance(value, bool) and kind in ("is", "is_not"):
            return value
        if _is_number(value) and kind != "contains":
            if -_LARGEST <= value <= _LARGEST:
                return value
        elif isinstance(value, str) and kind in ("is", "is_not", "contains"):
            return self.text(value, at)
        self.fault(
            {"contains": "This has to be a text.", "greater": "This has to be a number.", "less": "This has to be a number."}
            .get(kind, "This has to be a text, a number, true or false."),
            at,
        )  # fmt: skip
        return None

    def _kind(self, value: object, at: str, known: Sequence[str]) -> str:
        if not isinstance(value, dict):
            self.fault("This has to be an object.", at)
            return ""
        return self.choice(value.get("kind"), f"{at}/kind", known)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _present(**parts: object) -> dict[str, object]:
    return {name: part for name, part in parts.items() if part is not None}


def _step(name: object) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")
