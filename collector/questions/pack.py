"""What a question pack is, in one language. `parse.py` reads one from data, `choose.py` says which question is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from collector.questions.comment import Depth
from collector.scales import Place

Kind = Literal["areas", "text", "both"]
Frame = Literal["obstacle", "positive", "probe", "deepen", "open"]

MAX_AREAS = 7


@dataclass(frozen=True, slots=True)
class Area:
    """Something a tired person can tap. `words` are what people write when they have already spoken of it."""

    key: str
    label: str
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
    """A question with the condition it fits. `variants` are wordings of the same question, which take turns; `language` is
    the one that they are in. `about` names the areas it asks about, so that a detailed comment that has already spoken of
    one is not asked for it again. `needs` are the placeholders without which a wording would have a hole."""

    key: str
    frame: Frame
    kind: Kind
    when: Condition
    language: str
    variants: tuple[str, ...]
    areas: tuple[Area, ...] = ()
    about: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A named set of questions with the areas they offer, in one language. It is read once and equals only itself, so that
    what was found out about it can be kept."""

    name: str
    title: str
    areas: Mapping[str, Area]
    questions: tuple[Question, ...]
    #: The same questions by the depth of comment that they may fit, so that a choice looks at no others.
    by_depth: Mapping[Depth, tuple[Question, ...]]
    #: Whether the questions go before those of other packs, however specific these are.
    first: bool = False
