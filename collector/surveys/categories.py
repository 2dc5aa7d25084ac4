"""The short closed list from which a visitor says what kind of thing it is. The owner renames, hides, adds and orders;
keys never change, so that exports of last year and today agree."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from collector.problems import Fault, ValidationFailed
from collector.surveys.wording import best_language, wording

#: More than seven chips are not read.
MOST_SHOWN = 7
LONGEST_LABEL = 40

#: Stable keys in their order, and whether a new survey shows them.
DEFAULTS: dict[str, bool] = {
    "bug": True,
    "suggestion": True,
    "content": True,
    "usability": True,
    "performance": True,
    "price": True,
    "support": False,
    "question": False,
    "compliment": False,
    "other": True,
}

_KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Category:
    """One category. `label` holds the owner's own words by language; without one the default words are used."""

    key: str
    label: Mapping[str, str] = field(default_factory=dict)
    hidden: bool = False

    def label_in(self, language: str) -> str:
        """The label in `language`. Once the owner has renamed a category, the default words no longer say what it means,
        so another language of the owner's is shown before them."""
        for own in (language.lower(), language.lower().split("-")[0]):
            if own in self.label:
                return self.label[own]
        default = wording(best_language(language)).categories.get(self.key)
        if default is not None and not self.label:
            return default["label"]
        return self.label.get("en") or next(iter(self.label.values()), self.key)

    def hint_in(self, language: str) -> str:
        """What the comment box asks for when this category is chosen; empty for a category of the owner's own."""
        default = wording(best_language(language)).categories.get(self.key)
        return default["hint"] if default else ""


Categories = tuple[Category, ...]


def default_categories() -> Categories:
    """What a new survey offers."""
    return tuple(Category(key, hidden=not shown) for key, shown in DEFAULTS.items())


def shown(categories: Categories) -> Categories:
    """The categories a visitor sees, in order."""
    return tuple(category for category in categories if not category.hidden)


def rename(categories: Categories, key: str, language: str, label: str) -> Categories:
    """Gives a category another label in one language. Its key stays."""
    category = _find(categories, key)
    return _put(categories, replace(category, label={**category.label, language.lower(): _label(label)}))


def hide(categories: Categories, key: str) -> Categories:
    """Takes a category from the visitor's sight. What was submitted under it keeps it, and a page that is open may still
    send it."""
    return _put(categories, replace(_find(categories, key), hidden=True))


def show(categories: Categories, key: str) -> Categories:
    """Shows a hidden category again. Raises `ValidationFailed` when seven are shown already."""
    category = _find(categories, key)
    if category.hidden and len(shown(categories)) >= MOST_SHOWN:
        raise ValidationFailed(faults=[Fault(f"At most {MOST_SHOWN} categories can be shown; hide one first.")])
    return _put(categories, replace(category, hidden=False))


def add(categories: Categories, key: str, language: str, label: str) -> Categories:
    """Adds a category before the last one; it is shown if there is room, else hidden until another is hidden."""
    if not _KEY.fullmatch(key):
        raise ValidationFailed(faults=[Fault(f"{key!r} is not a key: small letters, digits and '-', a letter first.")])
    if any(category.key == key for category in categories):
        raise ValidationFailed(faults=[Fault(f"There is a category {key!r} already.")])
    new = Category(key, {language.lower(): _label(label)}, hidden=len(shown(categories)) >= MOST_SHOWN)
    return (*categories[:-1], new, *categories[-1:])


def order(categories: Categories, keys: Sequence[str]) -> Categories:
    """Puts the categories named in `keys` first, in that order; the others follow in theirs."""
    first = tuple(_find(categories, key) for key in dict.fromkeys(keys))
    return (*first, *(category for category in categories if category not in first))


def rewritten(categories: Categories, wanted: Sequence[Category]) -> Categories:
    """The list as its owner wrote it anew: order, labels, and what is hidden. A category that is not there yet is added; one
    that was left out keeps its place at the end, for responses may name it. Raises `ValidationFailed` with a pointer for each
    fault: the place in `wanted`, and the label's language."""
    known = {category.key for category in categories}
    named = [category.key for category in wanted]
    faults = []
    for place, category in enumerate(wanted):
        if category.key not in known and not _KEY.fullmatch(category.key):
            detail = "A key has small letters, digits and '-', a letter first, 40 at most."
            faults.append(Fault(detail, pointer=f"/{place}/key"))
        elif category.key in named[:place]:
            faults.append(Fault(f"There is a category {category.key!r} already.", pointer=f"/{place}/key"))
        for language, label in category.label.items():
            if len(label) > LONGEST_LABEL:
                detail = f"A label has at most {LONGEST_LABEL} letters."
                faults.append(Fault(detail, pointer=f"/{place}/label/{language}"))
        if category.key not in DEFAULTS and not category.label:
            faults.append(Fault("A category of your own needs a label.", pointer=f"/{place}/key"))
    made = (*wanted, *(category for category in categories if category.key not in named))
    if not shown(made) or len(shown(made)) > MOST_SHOWN:
        faults.append(Fault(f"Show between one and {MOST_SHOWN} categories; people do not read more.", pointer=""))
    if faults:
        raise ValidationFailed(faults=faults)
    return made


def _find(categories: Categories, key: str) -> Category:
    for category in categories:
        if category.key == key:
            return category
    known = ", ".join(category.key for category in categories)
    raise ValidationFailed(faults=[Fault(f"There is no category {key!r}. Known are {known}.")])


def _put(categories: Categories, new: Category) -> Categories:
    return tuple(new if category.key == new.key else category for category in categories)


def _label(text: str) -> str:
    label = " ".join(text.split())
    if not label or len(label) > LONGEST_LABEL:
        raise ValidationFailed(faults=[Fault(f"A label has between 1 and {LONGEST_LABEL} letters.")])
    return label
