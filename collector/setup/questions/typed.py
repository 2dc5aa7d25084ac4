"""The form of one question of an owner's own, and what a response would be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from collector.questions.choose import Choice, Situation, choose
from collector.questions.explain import Considered, considered
from collector.questions.pack import Pack
from collector.scales import Scale

#: Every imagined response is this one, so that looking twice shows the same wording.
_IMAGINED = UUID(int=0)
#: Questions that nearly went first, as many as a person reads.
_NEARLY = 4


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """One of an owner's own questions as the list shows it. `when` says its conditions in words."""

    key: str
    text: str
    when: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a response would be asked, after how many other questions were tried, and what each of the closest ones lacked."""

    choice: Choice | None
    before: int
    total: int
    nearly: tuple[Considered, ...]


def listed(data: Mapping[str, Any], language: str) -> list[OwnQuestion]:
    """The questions among an owner's own data, worded for `language` where they are."""
    return [
        OwnQuestion(one["key"], _first(one["text"].get(language, one["text"]["en"])), _conditions(one))
        for one in data.get("question", ())
    ]


def with_question(data: Mapping[str, Any], form: Mapping[str, str]) -> dict[str, Any]:
    """An owner's data with the question that the form says, to be checked like any others."""
    questions = list(data.get("question", ()))
    made: dict[str, Any] = {"key": _free_key({one["key"] for one in questions}), "frame": "open", "kind": "text"}
    made["text"] = {
        name.removeprefix("text."): " ".join(text.split())
        for name, text in form.items()
        if name.startswith("text.") and (text.strip() or name == "text.en")
    }
    for name in ("segment", "category", "comment"):
        if form.get(name):
            made[name] = [form[name]]
    for name in ("page", "words"):
        given = [part.strip() for part in form.get(name, "").split(",") if part.strip()]
        if given:
            made[name] = given
    return {**data, "question": [*questions, made]}


def without_question(data: Mapping[str, Any], key: str) -> dict[str, Any] | None:
    """An owner's data without one question; `None` when none is left."""
    left = [one for one in data.get("question", ()) if one["key"] != key]
    return {**data, "question": left} if left else None


def imagined(scale: Scale, form: Mapping[str, str], label: str | None, site: str, language: str) -> Situation:
    """The response that the form describes. A score off the scale, or none, is the highest that is not the best."""
    text = form.get("score", "")
    score = int(text) if text.isdecimal() and len(text) < 3 else scale.highest - 2
    page = form.get("page", "").strip()
    return Situation(
        scale=scale,
        score=score if scale.lowest <= score <= scale.highest else max(scale.lowest, scale.highest - 2),
        category=form.get("category") if label is not None else None,
        category_label=label,
        comment=form.get("comment", "")[:2000],
        page=page or None,
        site=site,
        language=language,
        submission=_IMAGINED,
    )


def preview(situation: Situation, packs: tuple[Pack, ...]) -> Preview:
    """What this response would be asked, and how close the others came."""
    tried = tuple(considered(situation, packs))
    asked = next((place for place, item in enumerate(tried) if item.fits), len(tried))
    nearly = [item for item in tried[:asked] if item.failures == 1][-_NEARLY:]
    return Preview(choose(situation, packs), asked, len(tried), (*nearly, *tried[asked : asked + 1]))


def _first(text: object) -> str:
    return str(text[0]) if isinstance(text, list) else str(text)


def _conditions(one: Mapping[str, Any]) -> str:
    parts = [
        f"{name}: {', '.join(map(str, given)) if isinstance(given, list) else given}"
        for name in ("segment", "band", "score", "category", "comment", "page", "words")
        if (given := one.get(name)) and not isinstance(given, dict)
    ]
    return "; ".join(parts) or "everybody"


def _free_key(taken: set[str]) -> str:
    return next(f"own-{number}" for number in range(1, len(taken) + 2) if f"own-{number}" not in taken)
