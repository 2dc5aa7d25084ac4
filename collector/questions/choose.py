"""Which question this response is asked, and why, in words. Pure: the same situation and packs give the same choice.

The most specific question whose condition holds wins; what the comment already says counts most, then the words in it,
the category, the page, the score, the segment. The site's own pack goes before the neutral one where both are as specific."""

from fnmatch import fnmatchcase
from functools import lru_cache
from urllib.parse import urlsplit
from uuid import UUID
from zlib import crc32

from msgspec import Struct

from collector.questions.comment import Depth, Lookout, Reading, lookout, read_comment, speaks_of, spoken_in
from collector.questions.fill import fill
from collector.questions.pack import Area, Condition, Frame, Kind, Pack, Question
from collector.scales import Band, Scale

_WEIGHTS = {"comment": 32, "words": 16, "category": 8, "page": 4, "score": 2, "segment": 1, "band": 1}
#: Fewer areas than this are no choice; then the whole list is shown again.
_FEWEST_AREAS = 2


class Situation(Struct, frozen=True):
    """All that the choice may know of a response: no person, no clock, no address of a reader. Its submission decides which
    of several wordings is shown, so that a repeat is asked the same."""

    scale: Scale
    score: int
    category: str | None
    category_label: str | None
    comment: str
    page: str | None
    site: str
    language: str
    submission: UUID
    area_label: str | None = None


class Choice(Struct, frozen=True):
    """The question as it is shown, with where it comes from and why it was chosen. `variant` counts the question's wordings
    from 1; this one was shown with `probability`."""

    pack: str
    question: str
    frame: Frame
    kind: Kind
    language: str
    text: str
    areas: tuple[tuple[str, str], ...]
    why: str
    variant: int
    probability: float


def choose(situation: Situation, packs: tuple[Pack, ...]) -> Choice | None:
    """The question to ask, or `None` when no pack has one that fits. `packs`, in the language of the response, stand in order
    of preference, neutral last. Raises `ValueError` when the score is off its scale."""
    band = situation.scale.band(situation.score)
    reading = read_comment(situation.comment)
    spoken = spoken_in(reading, _lookout(packs, reading.depth))
    told = spoken if reading.depth == "detailed" else set()
    skipped = 0
    for pack, question in _candidates(packs, band, situation.score, situation.category, reading.depth):
        when = question.when
        if when.words and spoken.isdisjoint(when.words):
            continue
        pattern = page_match(situation.page, when.page) if when.page else None
        if when.page and pattern is None:
            continue
        if question.needs and not known_to(situation, question.needs):
            continue
        if any(_tells(told, pack.areas[key]) for key in question.about):
            skipped += 1
            continue
        areas = _untold(question.areas, told)
        variant = _turn(situation.submission, question)
        return Choice(
            pack=pack.name,
            question=question.key,
            frame=question.frame,
            kind=question.kind,
            language=question.language,
            text=fill(question.variants[variant], _values(situation)),
            areas=tuple([(area.key, area.label) for area in areas]),
            why=_why(situation, reading, pack, question, pattern, skipped, len(question.areas) - len(areas)),
            variant=variant + 1,
            probability=1 / len(question.variants),
        )
    return None


def _turn(submission: UUID, question: Question) -> int:
    # Seeded with the key, so that two questions to one submission do not always take the same turn.
    count = len(question.variants)
    return 0 if count == 1 else crc32(submission.bytes, crc32(question.key.encode())) % count


# Eleven scores, ten categories and four depths for each of nine pairs of pack and language, in 2 MB; more is made anew.
@lru_cache(maxsize=4096)
def _candidates(
    packs: tuple[Pack, ...], band: Band, score: int, category: str | None, depth: Depth
) -> tuple[tuple[Pack, Question], ...]:
    """The questions that may be asked as far as page and words allow, the most specific first."""
    found = [
        (pack, question)
        for pack in packs
        for question in pack.by_depth[depth]
        if all(
            not given or actual in given
            for given, actual in (
                (question.when.segment, band.segment),
                (question.when.band, band.place),
                (question.when.score, score),
                (question.when.category, category),
            )
        )
    ]
    # Sorting keeps the order of those that weigh the same.
    return tuple(sorted(found, key=lambda candidate: (not candidate[0].first, -weight(candidate[1].when))))


def weight(when: Condition) -> int:
    """How specific a condition is."""
    return sum(weight for name, weight in _WEIGHTS.items() if getattr(when, name))


@lru_cache(maxsize=256)
def _lookout(packs: tuple[Pack, ...], depth: Depth) -> Lookout:
    """The words that decide about a comment of this depth."""
    found = [word for pack in packs for question in pack.by_depth[depth] for word in question.when.words]
    if depth == "detailed":
        found += [word for pack in packs for area in pack.areas.values() for word in area.words]
    return lookout(found)


def _tells(told: set[str], area: Area) -> bool:
    return bool(told) and not told.isdisjoint(area.words)


def _untold(areas: tuple[Area, ...], told: set[str]) -> tuple[Area, ...]:
    kept = tuple([area for area in areas if not _tells(told, area)])
    return kept if len(kept) >= _FEWEST_AREAS else areas


def page_match(page: str | None, patterns: tuple[str, ...]) -> str | None:
    """The first of `patterns` that the path of the page fits, else `None`."""
    path = urlsplit(page).path or "/" if page else None
    return next((pattern for pattern in patterns if path is not None and fnmatchcase(path, pattern)), None)


def known_to(situation: Situation, placeholders: frozenset[str]) -> bool:
    """Whether there is something to put in for each of `placeholders`."""
    values = _values(situation)
    return all(values[name] for name in placeholders)


def _values(situation: Situation) -> dict[str, str]:
    return {
        "site": situation.site,
        "score": str(situation.score),
        "category": situation.category_label or "",
        "area": situation.area_label or "",
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
    situation: Situation,
    reading: Reading,
    pack: Pack,
    question: Question,
    pattern: str | None,
    skipped: int,
    dropped: int,
) -> str:
    band = situation.scale.band(situation.score)
    parts = [f"Score {situation.score} is {band.segment} on {situation.scale.name.upper()}"]
    if question.when.category:
        parts.append(f"the category is {situation.category}")
    words = f"{reading.count} content word{'' if reading.count == 1 else 's'}"
    parts.append(_DEPTH_WORDS[reading.depth].format(words=words))
    if pattern is not None:
        parts.append(f"the page fits {pattern}")
    if word := speaks_of(reading, question.when.words):
        parts.append(f"the comment speaks of “{word.rstrip('*')}”")
    if skipped:
        parts.append(_left_out(skipped, "question", "answers"))
    if dropped:
        parts.append(_left_out(dropped, "area", "names"))
    shown = "" if question.kind == "text" else ", with areas to tap"
    parts.append(f"{_FRAME_WORDS[question.frame]}{shown}, from the pack “{pack.title}”")
    return "; ".join(parts) + "."


def _left_out(count: int, what: str, verb: str) -> str:
    if count == 1:
        return f"1 {what} was left out because the comment {verb} it"
    return f"{count} {what}s were left out because the comment {verb} them"
