"""The form of the rules, in rows: what was typed becomes the JSON that `surveys/targeting.py` reads, and back. A row whose
kind is empty is none; whatever is wrong with the others is said by whoever reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collector.surveys.targeting import MOST_RULES, TRIGGERS

#: Rows that wait to be filled in.
_SPARE = 2
NUMBERS = ("settle", "again_after_days", "later_days", "rest_days")
_FIRST = {"share": 1, "settle": 1, "again_after_days": 90, "later_days": 7, "rest_days": 30}


@dataclass(frozen=True, slots=True)
class Row:
    """One rule as it stands in the form, all of it text."""

    kind: str = ""
    value: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules as they stand in the form."""

    is_on: bool
    triggers: tuple[Row, ...]
    include: tuple[Row, ...]
    exclude: tuple[Row, ...]
    attributes: tuple[Row, ...]
    devices: tuple[str, ...]
    languages: str
    share: str
    numbers: Mapping[str, str]


def rules_of(when: Mapping[str, Any] | None) -> Rules:
    """The rules that are set; where there are none, the defaults to begin with."""
    held = when or {}
    pages = held.get("pages", {})
    return Rules(
        is_on=when is not None,
        triggers=tuple(Row(one["kind"], _text(one.get(TRIGGERS[one["kind"]]))) for one in held.get("triggers", ())),
        include=tuple(Row(one["kind"], one["value"]) for one in pages.get("include", ())),
        exclude=tuple(Row(one["kind"], one["value"]) for one in pages.get("exclude", ())),
        attributes=tuple(Row(one["kind"], _text(one.get("value")), one["name"]) for one in held.get("attributes", ())),
        devices=tuple(held.get("devices", ())),
        languages=", ".join(held.get("languages", ())),
        share=_text(round(100 * held.get("share", 1), 4)),
        numbers={name: _text(held.get(name, _FIRST[name])) for name in NUMBERS},
    )


def typed_rules(form: Mapping[str, str], devices: Sequence[str]) -> Rules:
    """The rules that were typed."""
    return Rules(
        is_on=form.get("is_on") == "on",
        triggers=_rows(form, "triggers"),
        include=_rows(form, "include"),
        exclude=_rows(form, "exclude"),
        attributes=_rows(form, "attributes"),
        devices=tuple(devices),
        languages=form.get("languages", ""),
        share=form.get("share", ""),
        numbers={name: form.get(name, "") for name in NUMBERS},
    )


def as_when(rules: Rules) -> dict[str, Any] | None:
    """The JSON that the rules say, to be read with care; `None` where the form never comes up by itself."""
    if not rules.is_on:
        return None
    return {
        "triggers": [_trigger(row) for row in rules.triggers],
        "pages": {
            "include": [{"kind": row.kind, "value": row.value} for row in rules.include],
            "exclude": [{"kind": row.kind, "value": row.value} for row in rules.exclude],
        },
        "attributes": [_attribute(row) for row in rules.attributes],
        "devices": list(rules.devices),
        "languages": rules.languages.replace(",", " ").split(),
        "share": _share(rules.share),
        **{name: _number(text) for name, text in rules.numbers.items()},
    }


def field_of(pointer: str) -> str:
    """The field to which a fault's pointer belongs: `/when/pages/include/0/value` is `include.0`."""
    steps = [step for step in pointer.split("/") if step not in ("", "when", "pages")]
    if steps[1:2] and steps[1].isdecimal() and steps[0] in ("triggers", "include", "exclude", "attributes"):
        return f"{steps[0]}.{steps[1]}"
    return steps[0] if steps else ""


def with_spare(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows and some empty ones below."""
    return (*rows, *[Row()] * min(_SPARE if rows else 1, MOST_RULES - len(rows)))


def _rows(form: Mapping[str, str], group: str) -> tuple[Row, ...]:
    found = [
        Row(
            form.get(f"{group}.{place}.kind", ""),
            form.get(f"{group}.{place}.value", "").strip(),
            form.get(f"{group}.{place}.name", "").strip(),
        )
        for place in range(MOST_RULES)
    ]
    return tuple(row for row in found if row.kind)


def _trigger(row: Row) -> dict[str, Any]:
    setting = TRIGGERS.get(row.kind)
    if setting is None:
        return {"kind": row.kind}
    return {"kind": row.kind, setting: row.value if setting in ("name", "selector") else _number(row.value)}


def _attribute(row: Row) -> dict[str, Any]:
    made: dict[str, Any] = {"name": row.name, "kind": row.kind}
    if row.kind == "exists":
        return made
    return {**made, "value": _number(row.value) if row.kind in ("greater", "less") else row.value}


def _share(text: str) -> object:
    number = _number(text)
    return number / 100 if isinstance(number, int | float) else text


def _number(text: str) -> object:
    try:
        number = float(text)
    except ValueError:
        return text
    # What is no number in JSON, such as nan, is left as it was typed, and refused as such.
    if number in (float("inf"), float("-inf")) or number != number:
        return text
    return int(number) if number.is_integer() else number


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
