"""The server and the widget give the same verdict on every rule: written examples, and patterns and paths made at random."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collector.problems import ValidationFailed
from collector.surveys.path_pattern import LONGEST_PATH, UnsafePattern, compiled
from collector.surveys.targeting import ATTRIBUTE_KINDS, PAGE_KINDS, TRIGGERS, parse
from collector.surveys.verdicts import Asked, Facts, decision, draw, verdicts
from tests.contract.conftest import Judge

SAID: dict[str, Any] = json.loads((Path(__file__).parent / "targeting.json").read_text("utf-8"))
BASE: dict[str, Any] = SAID["base"]


def _facts(source: dict[str, Any]) -> Facts:
    asked, fired = source["asked"], source["fired"]
    return Facts(
        **{
            **source,
            "asked": None if asked is None else {key: Asked(**value) for key, value in asked.items()},
            "fired": None if fired is None else frozenset(fired),
        }
    )


@pytest.mark.parametrize("one", SAID["examples"], ids=lambda one: one["says"])
def test_examples(one: dict[str, Any], judge: Judge):
    when, facts = parse({**BASE["when"], **one["when"]}), {**BASE["facts"], **one["facts"]}
    found = verdicts(when, _facts(facts))
    assert {item.name: item.verdict for item in found if item.verdict != "met"} == one["verdicts"]
    assert decision(found) == one["decision"]
    theirs = judge.ask(when.as_settings(), facts)
    assert theirs["said"] == [[item.name, item.verdict] for item in found]
    assert theirs["allowed"] == (one["decision"] == "met")


def test_the_examples_show_every_kind_of_rule_met_and_not_met():
    shown = set()
    for one in SAID["examples"]:
        for side, rules in one["when"].get("pages", {}).items():
            for place, rule in enumerate(rules):
                shown.add((rule["kind"], one["verdicts"].get(f"pages/{side}/{place}", "met")))
        for place, rule in enumerate(one["when"].get("attributes", [])):
            shown.add((f"attribute {rule['kind']}", one["verdicts"].get(f"attributes/{place}", "met")))
        for place, rule in enumerate(one["when"].get("triggers", [])):
            shown.add((rule["kind"], one["verdicts"].get(f"triggers/{place}", "met")))
    kinds = [*PAGE_KINDS, *TRIGGERS, *(f"attribute {kind}" for kind in ATTRIBUTE_KINDS)]
    assert [(kind, verdict) for kind in kinds for verdict in ("met", "not met") if (kind, verdict) not in shown] == []


@pytest.mark.parametrize(("survey", "person", "drawn"), SAID["draws"])
def test_what_is_drawn_for_a_person_stays(survey: str, person: str, drawn: float):
    assert draw(survey, person) == drawn


def _told(
    judge: Judge, when: dict[str, Any], facts: dict[str, Any] | None = None, person: str = ""
) -> tuple[list[list[str]], Any]:
    """What both say: ours, and theirs."""
    read = parse({**BASE["when"], **when})
    asked = {**BASE["facts"], **(facts or {})}
    found = verdicts(read, _facts(asked))
    theirs = judge.ask(read.as_settings(), asked, person)
    assert theirs["allowed"] == (decision(found) == "met")
    assert theirs["draw"] == draw(asked["survey"], person)
    return [[item.name, item.verdict] for item in found], theirs["said"]


#: A few characters that mean something somewhere, so that patterns and paths often meet.
_letters = st.sampled_from([*"aab/-_.1٣ äß🙂^$|(", "\n", "\u2028", "\u00a0", "e\u0301"])
_tokens = st.one_of(
    _letters,
    st.sampled_from([*"aab/^$.|()[]{}*+?-\\,1", "\\d", "\\w", "\\D", "\\W", "\\.", "\\/", "\\-", "[a-z]", "[^/]", "[\\w-]"]),
    st.sampled_from(["(a|b)", "(?:a/)?", "a{2}", "a{1,}", "[^a-]*", ".*", ".+?", "\\s", "\\b", "(?=a)", "\\1", "[a&&b]"]),
)  # fmt: skip
_patterns = st.lists(_tokens, min_size=1, max_size=8).map("".join)
_paths = st.lists(
    st.one_of(_letters, st.sampled_from(["%20", "%C3%A4", "%c3", "%E4", "%2F", "%", "%F0%9F%99%82", "%ED%A0%80"])), max_size=12
).map(lambda parts: "/" + "".join(parts))  # fmt: skip


@given(pattern=_patterns, path=_paths)
@example(pattern="^/\\w+$", path="/ä")
@example(pattern="a$", path="/a%0A")
@example(pattern="[^^]", path="/^")
@example(pattern="[--a]", path="/.")
@settings(max_examples=800, deadline=None)
def test_a_pattern_that_is_taken_means_the_same_in_both_languages(judge: Judge, pattern: str, path: str):
    try:
        compiled(pattern)
    except UnsafePattern:
        return
    rule = {"kind": "regex", "value": pattern}
    ours, theirs = _told(judge, {"pages": {"include": [rule], "exclude": [rule]}}, {"path": path})
    assert ours == theirs
    assert "unknown" not in dict(ours).values()


@given(
    kind=st.sampled_from(["equals", "starts", "contains", "wildcard"]),
    value=_paths,
    path=_paths,
    stars=st.sets(st.integers(1, 8)),
)
@settings(max_examples=300, deadline=None)
def test_paths_are_compared_the_same_in_both_languages(judge: Judge, kind: str, value: str, path: str, stars: set[int]):
    value = "".join("*" if kind == "wildcard" and place in stars else sign for place, sign in enumerate(value))
    ours, theirs = _told(judge, {"pages": {"include": [{"kind": kind, "value": value}]}}, {"path": path})
    assert ours == theirs


_values = st.one_of(
    st.booleans(),
    st.integers(-3, 12),
    st.floats(-3, 12),
    st.sampled_from(["", "1", "1.0", "-0", "true", "pro", "1e1", "undefined"]),
)


@given(kind=st.sampled_from(ATTRIBUTE_KINDS), wanted=_values, theirs=st.one_of(st.none(), _values))
@settings(max_examples=300, deadline=None)
def test_attributes_are_compared_the_same_in_both_languages(judge: Judge, kind: str, wanted: Any, theirs: Any):
    rule = {"name": "plan", "kind": kind, **({} if kind == "exists" else {"value": wanted})}
    try:
        ours, node = _told(judge, {"attributes": [rule]}, {"attributes": {} if theirs is None else {"plan": theirs}})
    except ValidationFailed:
        return
    assert ours == node


@given(survey=st.text(max_size=20), person=st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_both_languages_draw_the_same_for_a_person(judge: Judge, survey: str, person: str):
    _told(judge, {}, {"survey": survey}, person)


@pytest.mark.parametrize("form", ["user-{}", "{}", "0000{}", "{}@example.com"])
def test_what_is_drawn_for_neighbours_is_spread_evenly(form: str):
    shares = [0] * 10
    for number in range(20_000):
        shares[int(draw("sv_a", form.format(number)) * 10)] += 1
    # 2,000 each; five standard deviations are 212.
    assert all(abs(share - 2_000) < 212 for share in shares)


#: The slowest that are taken, on what they are slowest on: as many ways as the limit allows, and none that fits.
@pytest.mark.parametrize("pattern", [".*b", "a*a*b", "^.*a.*b", "^(a|aa)?a*a*a*b", "[a-z]+[a-z]+!", "^(a|a)(a|a)a*a*b"])
def test_the_slowest_patterns_that_are_taken_end_on_the_longest_path(judge: Judge, pattern: str):
    compiled(pattern)
    rule = {"kind": "regex", "value": pattern}
    ours, theirs = _told(judge, {"pages": {"include": [rule]}}, {"path": "a" * LONGEST_PATH})
    assert ours == theirs
    assert dict(ours)["pages/include/0"] == "not met"
