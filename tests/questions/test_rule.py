"""The choice against its rule, written down once more as `docs/questions.md` tells it: slowly, without an index."""

from fnmatch import fnmatchcase
from itertools import cycle
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.questions import INDUSTRIES, LANGUAGES, packs_for
from collector.questions.choose import Situation, choose
from collector.questions.comment import read_comment, speaks_of
from collector.questions.explain import considered
from collector.questions.pack import Condition, Pack
from collector.questions.parse import read_pack
from collector.scales import SCALES

WEIGHTS = {"comment": 32, "words": 16, "category": 8, "page": 4, "score": 2, "segment": 1, "band": 1}


def holds(when: Condition, situation: Situation) -> bool:
    band = situation.scale.band(situation.score)
    reading = read_comment(situation.comment)
    path = None if not situation.page else urlsplit(situation.page).path or "/"
    return (
        (not when.comment or reading.depth in when.comment)
        and (not when.words or speaks_of(reading, when.words) is not None)
        and (not when.category or situation.category in when.category)
        and (not when.page or (path is not None and any(fnmatchcase(path, pattern) for pattern in when.page)))
        and (not when.score or situation.score in when.score)
        and (not when.segment or band.segment in when.segment)
        and (not when.band or band.place in when.band)
    )


def by_the_rule(situation: Situation, packs: tuple[Pack, ...]) -> tuple[str, str, tuple[str, ...], int, int] | None:
    """Pack, question, areas, and how many questions and areas were left out."""
    reading = read_comment(situation.comment)
    fitting = [(pack, item) for pack in packs for item in pack.questions if holds(item.when, situation)]
    weights = [sum(WEIGHTS[name] for name in WEIGHTS if getattr(item.when, name)) for _, item in fitting]
    # The first of those that weigh most, again and again.
    for passed_over in range(len(fitting)):
        heaviest = weights.index(max(weights))
        pack, question = fitting[heaviest]
        weights[heaviest] = -1
        said = [
            key for key, area in pack.areas.items() if reading.depth == "detailed" and speaks_of(reading, area.words)
        ]
        if not question.about.intersection(said):
            offered = tuple(area.key for area in question.areas)
            kept = tuple(key for key in offered if key not in said)
            shown = kept if len(kept) >= 2 else offered
            return pack.name, question.key, shown, passed_over, len(offered) - len(shown)
    return None


def check(situation: Situation, packs: tuple[Pack, ...]) -> None:
    choice, expected = choose(situation, packs), by_the_rule(situation, packs)
    explained = next((item for item in considered(situation, packs) if item.fits), None)
    assert (choice and (choice.pack, choice.question)) == (explained and (explained.pack, explained.question))
    if choice is None or expected is None:
        assert choice is expected
        return
    pack, question, areas, passed_over, dropped = expected
    assert (choice.pack, choice.question, tuple(key for key, _ in choice.areas)) == (pack, question, areas)
    for count, what in ((passed_over, "question"), (dropped, "area")):
        named = f"{count} {what} was left" if count == 1 else f"{count} {what}s were left"
        assert (named in choice.why) is (count > 0)


AREAS = ("speed", "price", "look")
#: Whole words, phrases and beginnings, of which some are short, some begin others, and some stand in two places.
WORDS = ("slow*", "s*", "sl*", "slow", "way too slow", "price", "pri*", "i", "can't find", "größe*", "a b*", "ugly")
SAID = ("slow", "slower", "way", "too", "price", "prices", "i", "can't", "can’t", "find", "Größen", "a", "bit", "ugly")
FILLING = "kettle ladder window garden engine saddle mirror bridge carpet pencil basket lamp".split()


def some_of(values: tuple[object, ...]) -> st.SearchStrategy[list[object]]:
    return st.one_of(st.just([]), st.lists(st.sampled_from(values), max_size=3, unique=True))


questions = st.fixed_dictionaries(
    {
        "segment": some_of(("passive", "promoter", "up")),
        "band": some_of(("low", "middle", "high")),
        "score": some_of((0, 1, 7, 8)),
        "category": some_of(("bug", "price")),
        "page": some_of(("*/cart*", "/a?c", "/*")),
        "words": some_of(WORDS),
        "comment": some_of(("empty", "vague", "plain", "detailed")),
        "areas": some_of(AREAS),
        "about": some_of(AREAS),
    }
)


@st.composite
def packs(draw: st.DrawFn, name: str) -> Pack:
    areas = [{"key": key, "label": {"en": key}, "words": draw(some_of(WORDS))} for key in AREAS]
    asked = [
        {**body, "key": f"q{number}", "frame": "open", "kind": "both" if body["areas"] else "text", "text": {"en": "?"}}
        for number, body in enumerate(draw(st.lists(questions, max_size=8)))
    ]
    return read_pack({"name": name, "title": name, "area": areas, "question": asked}, "en")


def situations(words: tuple[str, ...], pages: tuple[str | None, ...]) -> st.SearchStrategy[Situation]:
    comments = st.tuples(
        st.lists(st.sampled_from(words), max_size=8), st.integers(0, 12), st.sampled_from((" ", ", ", "; ’"))
    ).map(lambda drawn: drawn[2].join(drawn[0] + FILLING[: drawn[1]]))
    return st.builds(
        lambda scored, category, comment, page: Situation(
            *scored, category, category, comment, page, "Example", "en", UUID(int=1)
        ),
        st.sampled_from([(s, score) for s in SCALES.values() for score in range(s.lowest, s.highest + 1)]),
        st.sampled_from((None, "bug", "price", "usability", "another")),
        comments,
        st.sampled_from(pages),
    )


@settings(deadline=None, max_examples=300)
@given(packs("site"), packs("neutral"), situations(SAID, (None, "", "https://a.example", "/cart", "/abc")))
def test_the_choice_in_any_packs_is_the_one_of_the_rule(site, neutral, situation):
    check(situation, (site, neutral))
    check(situation, (neutral, site))


# One language for each industry, in turn: the rule is the same in all, and asking it slowly takes its time.
@pytest.mark.parametrize(("industry", "language"), list(zip(INDUSTRIES, cycle(LANGUAGES), strict=False)))
def test_the_choice_in_the_packs_of_an_industry_is_the_one_of_the_rule(industry, language):
    chosen_from = packs_for(industry, language)
    listed = [area.words for pack in chosen_from for area in pack.areas.values()]
    listed += [question.when.words for pack in chosen_from for question in pack.questions]
    patterns = {pattern for pack in chosen_from for question in pack.questions for pattern in question.when.page}
    words = tuple(dict.fromkeys(word.rstrip("*") for group in listed for word in group))
    pages = (None, *(f"https://example.com{pattern.replace('*', '')}" for pattern in sorted(patterns)))

    @settings(deadline=None)
    @given(situations(words, pages))
    def every(situation: Situation) -> None:
        check(situation, chosen_from)

    every()
