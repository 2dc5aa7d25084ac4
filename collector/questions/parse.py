"""How a pack is read from data: TOML of ours, JSON of a site's owner. Refuses what is not well formed; says nothing about
which question is asked when (`choose.py`) or whether a pack is complete."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast, get_args

from collector.problems import Fault
from collector.questions.comment import Depth, words_of
from collector.questions.fill import ALWAYS_KNOWN, PLACEHOLDERS, placeholders_in
from collector.questions.language import nearest
from collector.questions.pack import MAX_AREAS, Area, Condition, Frame, Kind, Pack, Question
from collector.scales import SEGMENTS, Place

MAX_QUESTIONS = 200
MAX_VARIANTS = 9
MAX_TEXT = 300
#: The longest word of a list, phrases included; and the most of them in one language.
MAX_WORD, MAX_WORDS = 60, 200

Item = TypeVar("Item", Area, Question)

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_CONDITIONS = {"segment", "band", "score", "category", "page", "words", "comment"}
_KINDS: dict[type, str] = {str: "texts", int: "whole numbers", dict: "tables in double brackets"}


class PackError(ValueError):
    """A pack that cannot be used. Each fault says where, as a sentence and as a JSON pointer into the data, and why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(fault.detail for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A table of the data, and where it stands there."""

    raw: Mapping[str, Any]
    where: str
    pointer: str

    def error(self, name: str, sentence: str) -> PackError:
        return PackError([Fault(f"{self.where}: {sentence}", pointer=f"{self.pointer}/{name}")])

    def text(self, name: str, longest: int = MAX_TEXT) -> str:
        return self._checked(self.raw.get(name), name, longest)

    def items(self, name: str, kind: type) -> list[Any]:
        return self._listed(self.raw.get(name, []), name, kind)

    def one_of(self, name: str, known: tuple[str, ...]) -> str:
        value = self.raw.get(name)
        if value not in known:
            raise self.error(name, f"{name} is one of {', '.join(known)}, not {value!r}")
        return str(value)

    def some_of(self, name: str, known: Sequence[str]) -> frozenset[Any]:
        found = frozenset(self.items(name, str))
        if odd := found.difference(known):
            raise self.error(name, f"{sorted(odd)[0]!r} is none of {', '.join(known)}")
        return found

    def by_language(self, name: str, longest: int, most: int) -> dict[str, tuple[str, ...]]:
        """Wordings by language: one each, or a list of `most` at most, as many in every language."""
        value = self.raw.get(name)
        if not isinstance(value, dict) or "en" not in value:
            raise self.error(name, f"{name} needs a wording for en")
        found = {}
        for language, given in value.items():
            listed = self._listed(given, f"{name}/{language}", str) if isinstance(given, list) else [given]
            if not 1 <= len(listed) <= most:
                raise self.error(f"{name}/{language}", f"{name} has one to {most} wordings in {language}")
            found[language] = tuple(self._checked(text, f"{name}/{language}", longest) for text in listed)
        if uneven := [language for language in found if len(found[language]) != len(found["en"])]:
            raise self.error(f"{name}/{uneven[0]}", f"{name} has not as many wordings in {uneven[0]} as in en")
        return found

    def words(self, name: str, language: str) -> tuple[str, ...]:
        """Words to look for in `language`, or in English where that has none; a plain list holds for all languages."""
        listed = self.raw.get(name, [])
        by_language = listed if isinstance(listed, dict) else {"": listed}
        # A question whose words are missing in one language would be asked of everybody there.
        if listed and isinstance(listed, dict) and not ("en" in listed and all(listed.values())):
            raise self.error(name, f"{name} needs a list for en, and none may be empty")
        for tongue, words in by_language.items():
            place = f"{name}/{tongue}" if tongue else name
            if len(self._listed(words, place, str)) > MAX_WORDS:
                raise self.error(place, f"more than {MAX_WORDS} words are too many")
            for word in words:
                if not words_of(word) or "*" in word[:-1] or len(word) > MAX_WORD:
                    raise self.error(place, f"{word!r} is not a word, a phrase, or a beginning with * at its end")
        tongue = "" if "" in by_language else nearest(language, by_language)
        return tuple(word.casefold() for word in by_language.get(tongue, ()))

    def refuse_unknown(self, known: set[str]) -> None:
        if odd := set(self.raw) - known:
            raise self.error(sorted(odd)[0], f"{sorted(odd)[0]!r} means nothing here")

    def _checked(self, value: object, name: str, longest: int) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.error(name, f"{name.replace('/', ' for ')} is missing or empty")
        if len(value) > longest:
            raise self.error(name, f"{name.replace('/', ' for ')} has more than {longest} letters")
        return value

    def _listed(self, value: object, name: str, kind: type) -> list[Any]:
        # A bare "bug" would otherwise be read as the three categories b, u and g.
        if not isinstance(value, list) or any(type(item) is not kind for item in value):
            raise self.error(name, f"{name.replace('/', ' for ')} is a list of {_KINDS[kind]}")
        return value


def read_pack(data: Mapping[str, Any], language: str, first: bool = False) -> Pack:
    """A pack in `language`, as far as the data have it, from the mapping that TOML or JSON give; `first` puts it before all
    others. Every language is checked. Raises `PackError` with all faults, one for each area and question at most."""
    whole = _Entry(data, "the pack", "")
    name = whole.text("name", 40)
    whole = _Entry(data, name, "")
    whole.refuse_unknown({"name", "title", "words", "area", "question"})
    faults: list[Fault] = []
    sets = _word_sets(whole, language)
    areas = _each(whole, "area", faults, lambda entry: _area(entry, language))
    named = {**sets, **{key: area.words for key, area in areas.items()}}
    questions = _each(whole, "question", faults, lambda entry: _question(entry, areas, named, language))
    if len(questions) > MAX_QUESTIONS:
        faults.append(Fault(f"{name}: more than {MAX_QUESTIONS} questions are too many", pointer="/question"))
    if both := sorted(sets.keys() & areas.keys()):
        faults.append(Fault(f"{name}: {both[0]!r} names an area and a list of words", pointer=f"/words/{both[0]}"))
    if faults:
        raise PackError(faults)
    return Pack(
        name=name,
        title=whole.text("title", 80),
        areas=areas,
        questions=tuple(questions.values()),
        by_depth={
            depth: tuple(item for item in questions.values() if not item.when.comment or depth in item.when.comment)
            for depth in get_args(Depth)
        },
        first=first,
    )


def _each(whole: _Entry, name: str, faults: list[Fault], read: Callable[[_Entry], Item]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for place, raw in enumerate(whole.items(name, dict)):
        key = raw.get("key")
        entry = _Entry(raw, f"{whole.where}, {name} {key if isinstance(key, str) else place + 1}", f"/{name}/{place}")
        try:
            if not isinstance(key, str) or not _KEY.fullmatch(key):
                raise entry.error("key", "key is 1 to 60 small letters, digits and hyphens")
            if key in found:
                raise entry.error("key", "its key stands there twice")
            found[key] = read(entry)
        except PackError as error:
            faults += error.faults
    return found


def _word_sets(whole: _Entry, language: str) -> dict[str, tuple[str, ...]]:
    raw = whole.raw.get("words", {})
    if not isinstance(raw, dict):
        raise whole.error("words", "words is a table of named lists")
    entry = _Entry(raw, f"{whole.where}, words", "/words")
    return {name: entry.words(name, language) for name in raw}


def _area(entry: _Entry, language: str) -> Area:
    entry.refuse_unknown({"key", "label", "words"})
    labels = entry.by_language("label", 60, 1)
    return Area(entry.raw["key"], labels[nearest(language, labels)][0], entry.words("words", language))


def _question(
    entry: _Entry, areas: Mapping[str, Area], named: Mapping[str, tuple[str, ...]], language: str
) -> Question:
    entry.refuse_unknown(_CONDITIONS | {"key", "frame", "kind", "text", "areas", "about"})
    kind = cast(Kind, entry.one_of("kind", get_args(Kind)))
    offered, about = _known(entry, "areas", areas), _known(entry, "about", areas)
    if (kind == "text") == bool(offered):
        raise entry.error("areas", f"kind {kind!r} and {len(offered)} areas do not go together")
    if len(offered) > MAX_AREAS:
        raise entry.error("areas", f"more than {MAX_AREAS} areas are too many to read")
    texts = entry.by_language("text", MAX_TEXT, MAX_VARIANTS)
    holders = {tongue: [placeholders_in(text) for text in texts[tongue]] for tongue in texts}
    for tongue, found in holders.items():
        if unknown := frozenset().union(*found) - PLACEHOLDERS.keys():
            raise entry.error(f"text/{tongue}", f"{tongue} has the unknown placeholder {sorted(unknown)[0]!r}")
    tongue = nearest(language, texts)
    return Question(
        key=entry.raw["key"],
        frame=cast(Frame, entry.one_of("frame", get_args(Frame))),
        kind=kind,
        when=_condition(entry, named, language),
        language=tongue,
        variants=texts[tongue],
        areas=tuple(offered),
        about=frozenset(area.key for area in about),
        needs=frozenset().union(*holders[tongue]) - ALWAYS_KNOWN,
    )


def _condition(entry: _Entry, named: Mapping[str, tuple[str, ...]], language: str) -> Condition:
    words = entry.raw.get("words", [])
    if isinstance(words, str) and not named.get(words):
        raise entry.error("words", f"there is no list of words called {words!r}")
    return Condition(
        segment=entry.some_of("segment", SEGMENTS),
        band=entry.some_of("band", get_args(Place)),
        score=frozenset(entry.items("score", int)),
        category=frozenset(entry.items("category", str)),
        page=tuple(entry.items("page", str)),
        words=named[words] if isinstance(words, str) else entry.words("words", language),
        comment=entry.some_of("comment", get_args(Depth)),
    )


def _known(entry: _Entry, name: str, areas: Mapping[str, Area]) -> list[Area]:
    keys = entry.items(name, str)
    for key in keys:
        if key not in areas:
            raise entry.error(name, f"there is no area {key!r}")
    return [areas[key] for key in keys]
