"""Whether the pack of an industry is complete: every segment, score, category and depth of comment gets a question, in
every language, and a 7 is asked differently from an 8. Returns what is wrong in sentences; an empty list is a good pack."""

from collections.abc import Sequence
from itertools import product
from uuid import UUID

from collector.questions import LANGUAGES, packs_for
from collector.questions.choose import Choice, Situation, choose
from collector.questions.comment import Depth
from collector.scales import SCALES

#: One comment of each depth, for trying.
EXAMPLES: dict[Depth, str] = {
    "empty": "",
    "vague": "It is good",
    "plain": "Finding yesterday's report takes several clicks",
    "detailed": (
        "Every Monday the numbers page shows last week's totals first, then jumps, and three colleagues in Leeds have "
        "copied wrong figures into their slides because nobody noticed the change"
    ),
}


def problems_of(industry: str, categories: Sequence[str]) -> list[str]:
    """What the pack of `industry`, standing before the neutral one, leaves open."""
    found = []
    for language, depth, category in product(LANGUAGES, EXAMPLES, (None, *categories)):
        packs = packs_for(industry, language)
        for scale in SCALES.values():
            for score in range(scale.lowest, scale.highest + 1):
                choice = choose(_situation(scale.name, score, depth, category, language), packs)
                if choice is None:
                    found.append(f"{industry}: {scale.name} {score}, {category}, {depth} comment: no question")
                elif choice.language != language:
                    found.append(f"{industry}: {choice.question} has no wording in {language}")
        seven = choose(_situation("nps", 7, depth, category, language), packs)
        eight = choose(_situation("nps", 8, depth, category, language), packs)
        if seven and eight:
            found += _frames(industry, seven, eight, depth, category)
    return found


def _frames(name: str, seven: Choice, eight: Choice, depth: Depth, category: str | None) -> list[str]:
    where = f"{name}: {category}, {depth} comment"
    found = []
    if seven.text == eight.text:
        found.append(f"{where}: 7 and 8 are asked the same ({seven.question})")
    if depth == "empty" and not (seven.areas and eight.areas):
        found.append(f"{where}: a silent Passive gets no areas to tap")
    if depth == "vague" and {seven.frame, eight.frame} != {"probe"}:
        found.append(f"{where}: a vague comment gets no probe")
    if depth == "detailed" and {seven.frame, eight.frame} != {"deepen"}:
        found.append(f"{where}: a detailed comment is not deepened")
    if depth in ("empty", "plain") and (seven.frame, eight.frame) != ("obstacle", "positive"):
        found.append(f"{where}: 7 wants the obstacle frame and 8 the positive one")
    return found


def _situation(scale: str, score: int, depth: Depth, category: str | None, language: str) -> Situation:
    return Situation(
        scale=SCALES[scale],
        score=score,
        category=category,
        category_label=category,
        comment=EXAMPLES[depth],
        page="https://example.com/somewhere",
        site="Example",
        language=language,
        submission=UUID(int=1),
    )
