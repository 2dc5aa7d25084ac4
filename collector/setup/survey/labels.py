"""The form of the categories: rows of fields named `key.0`, `label.0.de`, `shown.0`."""

from collections.abc import Mapping
from dataclasses import dataclass

from collector.surveys.categories import Categories, Category

#: A form has no more rows; somebody who made more did it by hand.
_MOST_ROWS = 60
#: Where a new category is written.
NEW = "new"


@dataclass(frozen=True, slots=True)
class Row:
    """One category as it stands in the form."""

    key: str
    label: Mapping[str, str]
    is_shown: bool


def rows_of(categories: Categories) -> list[Row]:
    """The rows of what is set."""
    return [Row(category.key, category.label, not category.hidden) for category in categories]


def typed_rows(form: Mapping[str, str]) -> list[Row]:
    """The rows that were sent, the new one last if something was written there."""
    places = [str(place) for place in range(_MOST_ROWS) if f"key.{place}" in form]
    if form.get(f"key.{NEW}", "").strip():
        places.append(NEW)
    return [
        Row(form[f"key.{place}"].strip(), _labels(form, f"label.{place}."), f"shown.{place}" in form)
        for place in places
    ]


def moved(rows: list[Row], press: str) -> list[Row]:
    """The rows after a press on an arrow, such as `up.3`."""
    way, _, place = press.partition(".")
    if way not in ("up", "down") or not place.isdecimal():
        return rows
    here = int(place)
    there = here + (-1 if way == "up" else 1)
    if not (0 <= here < len(rows) and 0 <= there < len(rows)):
        return rows
    made = list(rows)
    made[here], made[there] = made[there], made[here]
    return made


def listed(rows: list[Row]) -> Categories:
    """The categories that the rows say."""
    return tuple(Category(row.key, row.label, hidden=not row.is_shown) for row in rows)


def _labels(form: Mapping[str, str], prefix: str) -> dict[str, str]:
    labels = {
        name.removeprefix(prefix): " ".join(text.split()) for name, text in form.items() if name.startswith(prefix)
    }
    return {language: label for language, label in labels.items() if label}
