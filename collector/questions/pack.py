"""What a question pack is, and how one is read from TOML. Refuses a pack that is not well formed; says nothing about
which question is asked when (`choose.py`) or whether a pack is complete."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from collector.questions.comment import Depth, words_of
from collector.questions.fill import placeholders_in
from collector.scales import SEGMENTS, Place

Kind = Literal["areas", "text", "both"]
Frame = Literal["obstacle", "positive", "probe", "deepen", "open"]

MAX_AREAS = 7

_KINDS: dict[type, str] = {str: "texts", int: "whole numbers", dict: "tables in double brackets"}


class PackError(ValueError):
    """A pack that cannot be used; the sentence says where and why."""


@dataclass(frozen=True, slots=True)
class Area:
    """Something a tired person can tap. `words` are what people write when they have already spoken of it."""

    key: str
    label: Mapping[str, str]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """When a question fits. An empty member asks for nothing; all that are given must hold together."""

    segment: frozenset[str] = frozenset()
    band: frozenset[Place] = frozenset()
    score: frozenset[int] = frozenset()
    category: frozenset[str] = frozenset()
    page: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    comment: frozenset[Depth] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """A wording with the condition it fits. `about` names the areas it asks about, so that a detailed comment that has
    already spoken of one is not asked for it again."""

    key: str
    frame: Frame
    kind: Kind
    when: Condition
    text: Mapping[str, str]
    areas: tuple[Area, ...] = ()
    about: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A named set of questions for an industry, with the areas they offer. It is read once and equals only itself, so that
    what was found out about it can be kept."""

    name: str
    title: str
    areas: Mapping[str, Area]
    questions: tuple[Question, ...]
    #: The same questions by the depth of comment that they may fit, so that a choice looks at no others.
    by_depth: Mapping[Depth, tuple[Question, ...]]
    #: Hash of the data that it was read from; another wording has another one.
    fingerprint: str

    @property
    def languages(self) -> frozenset[str]:
        """Languages in which every text of the pack exists."""
        texts = [question.text.keys() for question in self.questions]
        texts += [area.label.keys() for area in self.areas.values()]
        return frozenset.intersection(*map(frozenset, texts)) if texts else frozenset()


def read_pack(data: Mapping[str, Any]) -> Pack:
    """A pack from the mapping that TOML gives. Raises `PackError` with the question's key and the reason."""
    name = _text(data, "name", "the pack")
    areas = {}
    for raw in _list(data, "area", dict, name):
        area = _area(raw, name)
        if area.key in areas:
            raise PackError(f"{name}: the area {area.key!r} stands there twice")
        areas[area.key] = area
    questions: dict[str, Question] = {}
    for raw in _list(data, "question", dict, name):
        question = _question(raw, name, areas)
        if question.key in questions:
            raise PackError(f"{name}: the question {question.key!r} stands there twice")
        questions[question.key] = question
    _refuse_unknown(data, {"name", "title", "area", "question"}, name)
    return Pack(
        name=name,
        title=_text(data, "title", name),
        areas=areas,
        questions=tuple(questions.values()),
        by_depth={
            depth: tuple(item for item in questions.values() if not item.when.comment or depth in item.when.comment)
            for depth in get_args(Depth)
        },
        fingerprint=hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest(),
    )


def _area(raw: Mapping[str, Any], pack: str) -> Area:
    key = _text(raw, "key", f"{pack}, an area")
    where = f"{pack}, area {key}"
    _refuse_unknown(raw, {"key", "label", "words"}, where)
    return Area(key=key, label=_texts(raw, "label", where), words=_words(raw, where))


def _question(raw: Mapping[str, Any], pack: str, areas: Mapping[str, Area]) -> Question:
    key = _text(raw, "key", f"{pack}, a question")
    where = f"{pack}, question {key}"
    conditions = {"segment", "band", "score", "category", "page", "words", "comment"}
    _refuse_unknown(raw, conditions | {"key", "frame", "kind", "text", "areas", "about"}, where)
    kind = cast(Kind, _one_of(raw, "kind", get_args(Kind), where))
    offered = tuple(_known_area(areas, name, where) for name in _list(raw, "areas", str, where))
    if (kind == "text") == bool(offered):
        raise PackError(f"{where}: kind {kind!r} and {len(offered)} areas do not go together")
    if len(offered) > MAX_AREAS:
        raise PackError(f"{where}: more than {MAX_AREAS} areas are too many to read")
    about = frozenset(_known_area(areas, name, where).key for name in _list(raw, "about", str, where))
    text = _texts(raw, "text", where)
    for language, wording in text.items():
        unknown = placeholders_in(wording) - {"site", "score", "category"}
        if unknown:
            raise PackError(f"{where}, {language}: unknown placeholder {sorted(unknown)[0]!r}")
    frame = cast(Frame, _one_of(raw, "frame", get_args(Frame), where))
    return Question(key, frame, kind, _condition(raw, where), text, offered, about)


def _condition(raw: Mapping[str, Any], where: str) -> Condition:
    segment = frozenset[str](_list(raw, "segment", str, where))
    band = frozenset[Place](_list(raw, "band", str, where))
    comment = frozenset[Depth](_list(raw, "comment", str, where))
    for given, known in ((segment, SEGMENTS), (band, get_args(Place)), (comment, get_args(Depth))):
        if odd := given.difference(known):
            raise PackError(f"{where}: {sorted(odd)[0]!r} is none of {', '.join(known)}")
    return Condition(
        segment=segment,
        band=band,
        score=frozenset(_list(raw, "score", int, where)),
        category=frozenset(_list(raw, "category", str, where)),
        page=tuple(_list(raw, "page", str, where)),
        words=_words(raw, where),
        comment=comment,
    )


def _words(raw: Mapping[str, Any], where: str) -> tuple[str, ...]:
    listed = raw.get("words", [])
    by_language = listed if isinstance(listed, dict) else {"words": listed}
    words = [word for language in by_language for word in _list(by_language, language, str, where)]
    for word in words:
        if not words_of(word) or "*" in word[:-1]:
            raise PackError(f"{where}: {word!r} is not a word, a phrase, or a beginning with * at its end")
    return tuple(word.casefold() for word in words)


def _known_area(areas: Mapping[str, Area], name: str, where: str) -> Area:
    if name not in areas:
        raise PackError(f"{where}: there is no area {name!r}")
    return areas[name]


def _list(raw: Mapping[str, Any], name: str, kind: type, where: str) -> list[Any]:
    # A bare "bug" would otherwise be read as the three categories b, u and g.
    value = raw.get(name, [])
    if not isinstance(value, list) or any(type(item) is not kind for item in value):
        raise PackError(f"{where}: {name} is a list of {_KINDS[kind]}")
    return value


def _text(raw: Mapping[str, Any], name: str, where: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value.strip():
        raise PackError(f"{where}: {name} is missing")
    return value


def _texts(raw: Mapping[str, Any], name: str, where: str) -> dict[str, str]:
    value = raw.get(name)
    if not isinstance(value, dict) or "en" not in value or not all(isinstance(v, str) and v for v in value.values()):
        raise PackError(f"{where}: {name} needs a wording for en, and none may be empty")
    return value


def _one_of(raw: Mapping[str, Any], name: str, known: tuple[str, ...], where: str) -> str:
    value = raw.get(name)
    if value not in known:
        raise PackError(f"{where}: {name} is one of {', '.join(known)}, not {value!r}")
    return str(value)


def _refuse_unknown(raw: Mapping[str, Any], known: set[str], where: str) -> None:
    if odd := set(raw) - known:
        raise PackError(f"{where}: {sorted(odd)[0]!r} means nothing here")
