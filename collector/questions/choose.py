"""Which question this response is asked, and why, in words. Pure: the same situation and packs give the same choice.

The most specific question whose condition holds wins; what the comment already says counts most, then the words in it,
the category, the page, the score, the segment. The site's own pack goes before the neutral one where both are as specific."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from collector.questions.comment import Depth, Reading, read_comment, speaks_of
from collector.questions.fill import fill
from collector.questions.pack import Area, Condition, Frame, Kind, Pack, Question
from collector.scales import Scale

_WEIGHTS = {"comment": 32, "words": 16, "category": 8, "page": 4, "score": 2, "segment": 1, "band": 1}
#: Fewer areas than this are no choice; then the whole list is shown again.
_FEWEST_AREAS = 2


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the choice may know of a response: no person, no clock, no address of a reader."""

    scale: Scale
    score: int
    category: str | None
    category_label: str | None
    comment: str
    page: str | None
    site: str
    language: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The question as it is shown, with where it comes from and why it was chosen."""

    pack: str
    question: str
    frame: Frame
    kind: Kind
    language: str
    text: str
    areas: tuple[tuple[str, str], ...]
    why: str


@dataclass(frozen=True, slots=True)
class _Fit:
    weight: int
    reasons: tuple[str, ...]


def choose(situation: Situation, packs: Sequence[Pack]) -> Choice | None:
    """The question to ask, or `None` when no pack has one that fits. `packs` in order of preference, neutral last."""
    reading = read_comment(situation.comment)
    best: tuple[int, Pack, Question, _Fit] | None = None
    passed_over: list[int] = []
    for pack in packs:
        said = _said(reading, pack.areas.values())
        for question in pack.by_depth[reading.depth]:
            fit = _fit(question.when, situation, reading)
            if fit is None:
                continue
            if best is not None and fit.weight <= best[0]:
                continue
            if question.about & said:
                passed_over.append(fit.weight)
            else:
                best = (fit.weight, pack, question, fit)
    if best is None:
        return None
    weight, pack, question, fit = best
    skipped = sum(1 for other in passed_over if other >= weight)
    language = _language(question, situation.language)
    said = _said(reading, question.areas)
    kept = [area for area in question.areas if area.key not in said]
    areas = kept if len(kept) >= _FEWEST_AREAS else question.areas
    return Choice(
        pack=pack.name,
        question=question.key,
        frame=question.frame,
        kind=question.kind,
        language=language,
        text=fill(question.text[language], _values(situation)),
        areas=tuple((area.key, area.label.get(language, area.label["en"])) for area in areas),
        why=_why(situation, reading, pack, question, fit, skipped, len(question.areas) - len(areas)),
    )


def _fit(when: Condition, situation: Situation, reading: Reading) -> _Fit | None:
    band = situation.scale.band(situation.score)
    reasons: list[str] = []
    weight = 0
    for name, given, actual in (
        ("segment", when.segment, band.segment),
        ("band", when.band, band.place),
        ("score", when.score, situation.score),
        ("category", when.category, situation.category),
        ("comment", when.comment, reading.depth),
    ):
        if given:
            if actual not in given:
                return None
            weight += _WEIGHTS[name]
    if when.page:
        pattern = _page_match(situation.page, when.page)
        if pattern is None:
            return None
        weight += _WEIGHTS["page"]
        reasons.append(f"the page fits {pattern}")
    if when.words:
        word = speaks_of(reading, when.words)
        if word is None:
            return None
        weight += _WEIGHTS["words"]
        reasons.append(f"the comment speaks of “{word.rstrip('*')}”")
    return _Fit(weight, tuple(reasons))


def _said(reading: Reading, areas: Iterable[Area]) -> frozenset[str]:
    if reading.depth != "detailed":
        return frozenset()
    return frozenset(area.key for area in areas if speaks_of(reading, area.words))


def _page_match(page: str | None, patterns: tuple[str, ...]) -> str | None:
    path = urlsplit(page).path or "/" if page else None
    return next((pattern for pattern in patterns if path is not None and fnmatchcase(path, pattern)), None)


def _language(question: Question, wanted: str) -> str:
    base = wanted.split("-")[0]
    return next(language for language in (wanted, base, "en") if language in question.text)


def _values(situation: Situation) -> dict[str, str]:
    return {
        "site": situation.site,
        "score": str(situation.score),
        "category": situation.category_label or "",
    }


_DEPTH_WORDS: dict[Depth, str] = {
    "empty": "there is no comment",
    "vague": "the comment is vague ({words})",
    "plain": "the comment names something ({words})",
    "detailed": "the comment is detailed ({words}), so nothing that it says is asked again",
}
_FRAME_WORDS: dict[Frame, str] = {
    "obstacle": "asked for the obstacle",
    "positive": "asked from what works well",
    "probe": "asked for one concrete thing",
    "deepen": "asked for what is not said yet",
    "open": "asked openly",
}


def _why(
    situation: Situation, reading: Reading, pack: Pack, question: Question, fit: _Fit, skipped: int, dropped: int
) -> str:
    band = situation.scale.band(situation.score)
    parts = [f"score {situation.score} is {band.segment} on {situation.scale.name.upper()}"]
    if question.when.category:
        parts.append(f"the category is {situation.category}")
    words = f"{reading.count} content word{'' if reading.count == 1 else 's'}"
    parts.append(_DEPTH_WORDS[reading.depth].format(words=words))
    parts.extend(fit.reasons)
    if skipped:
        parts.append(_left_out(skipped, "question", "answers"))
    if dropped:
        parts.append(_left_out(dropped, "area", "names"))
    shown = "" if question.kind == "text" else ", with areas to tap"
    parts.append(f"{_FRAME_WORDS[question.frame]}{shown}, from the pack “{pack.title}”")
    sentence = "; ".join(parts) + "."
    return sentence[0].upper() + sentence[1:]


def _left_out(count: int, what: str, verb: str) -> str:
    if count == 1:
        return f"1 {what} was left out because the comment {verb} it"
    return f"{count} {what}s were left out because the comment {verb} them"
