"""Why a response is asked this question and not another one: each condition of each question, with its verdict. Slower than
`choose`, and the same: what it says is asked is what `choose` returns."""

from collections.abc import Iterator
from dataclasses import dataclass

from collector.questions.choose import Situation, known_to, page_match, weight
from collector.questions.comment import Reading, read_comment, speaks_of
from collector.questions.pack import Pack, Question


@dataclass(frozen=True, slots=True)
class Verdict:
    """One condition of a question: what it asks for, what the response has, and whether that fits."""

    condition: str
    wanted: str
    actual: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Considered:
    """A question with the verdicts on all its conditions. It fits when all of them hold."""

    pack: str
    question: str
    weight: int
    verdicts: tuple[Verdict, ...]

    @property
    def fits(self) -> bool:
        """Whether every condition holds."""
        return all(verdict.holds for verdict in self.verdicts)

    @property
    def failures(self) -> int:
        """How many conditions do not hold."""
        return sum(not verdict.holds for verdict in self.verdicts)


def considered(situation: Situation, packs: tuple[Pack, ...]) -> Iterator[Considered]:
    """Every question of `packs`, in the order in which they are tried; the first that fits is asked. Each is judged when it is
    its turn, so whoever needs no more stops there."""
    reading = read_comment(situation.comment)
    found = [(pack, question) for pack in packs for question in pack.questions]
    found.sort(key=lambda candidate: (not candidate[0].first, -weight(candidate[1].when)))
    for pack, question in found:
        verdicts = tuple(_verdicts(situation, reading, pack, question))
        yield Considered(pack.name, question.key, weight(question.when), verdicts)


def _verdicts(situation: Situation, reading: Reading, pack: Pack, question: Question) -> Iterator[Verdict]:
    when, band = question.when, situation.scale.band(situation.score)
    for name, wanted, actual in (
        ("segment", when.segment, band.segment),
        ("band", when.band, band.place),
        ("score", when.score, situation.score),
        ("category", when.category, situation.category),
        ("comment", when.comment, reading.depth),
    ):
        if wanted:
            yield Verdict(name, _listed(wanted), "none" if actual is None else str(actual), actual in wanted)
    if when.words:
        spoken = speaks_of(reading, when.words)
        yield Verdict("words", _listed(when.words), spoken or "none of them", spoken is not None)
    if when.page:
        pattern = page_match(situation.page, when.page)
        yield Verdict("page", _listed(when.page), situation.page or "none", pattern is not None)
    if question.needs:
        known = known_to(situation, question.needs)
        yield Verdict("placeholders", _listed(question.needs), "known" if known else "not known", known)
    if question.about and reading.depth == "detailed":
        told = sorted(key for key in question.about if speaks_of(reading, pack.areas[key].words))
        yield Verdict("about", "nothing already said", _listed(told) or "nothing", not told)


def _listed(wanted: object) -> str:
    if isinstance(wanted, frozenset):
        return ", ".join(str(item) for item in sorted(wanted, key=str))
    assert isinstance(wanted, (tuple, list))
    return ", ".join(wanted)
