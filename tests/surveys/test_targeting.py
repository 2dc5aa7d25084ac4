"""What an owner may say about when the form comes up, and what is refused with which words."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.problems import ValidationFailed
from collector.surveys.path_pattern import LONGEST_PATTERN, UnsafePattern, compiled
from collector.surveys.targeting import ATTRIBUTE_KINDS, DEVICES, MOST_RULES, PAGE_KINDS, TRIGGERS, parse

LEAST = {"triggers": [{"kind": "exit"}]}
FULL = {
    "triggers": [
        {"kind": "seconds", "after": 10},
        {"kind": "scroll", "percent": 50},
        {"kind": "views", "count": 3},
        {"kind": "exit"},
        {"kind": "event", "name": "checkout"},
        {"kind": "element", "selector": "#pricing"},
    ],
    "pages": {
        "include": [{"kind": "starts", "value": "/shop"}, {"kind": "regex", "value": "^/(en|de)/.*"}],
        "exclude": [{"kind": "wildcard", "value": "*/checkout/*"}],
    },
    "devices": ["desktop", "phone"],
    "languages": ["de", "pt-br"],
    "attributes": [
        {"name": "plan", "kind": "is", "value": "pro"},
        {"name": "seats", "kind": "greater", "value": 4.5},
        {"name": "beta", "kind": "is_not", "value": True},
        {"name": "since", "kind": "exists"},
    ],
    "share": 0.25,
    "settle": 2,
    "again_after_days": 60,
    "later_days": 3,
    "rest_days": 14,
}


def _faults(value: object, pointer: str = "") -> dict[str | None, str]:
    with pytest.raises(ValidationFailed) as refused:
        parse(value, pointer)
    return {fault.pointer: fault.detail for fault in refused.value.faults}


def test_what_is_stored_is_read_again_as_it_was():
    assert parse(FULL).as_settings() == FULL
    assert parse(parse(LEAST).as_settings()) == parse(LEAST)


def test_what_is_left_out_has_its_default():
    when = parse(LEAST)
    assert (when.share, when.settle) == (1, 1)
    assert (when.again_after_days, when.later_days, when.rest_days) == (90, 7, 30)
    assert (when.include, when.exclude, when.devices, when.languages, when.attributes) == ((), (), (), (), ())


def test_every_kind_can_be_said():
    assert {trigger.kind for trigger in parse(FULL).triggers} == set(TRIGGERS)
    for kind in PAGE_KINDS:
        assert parse({**LEAST, "pages": {"include": [{"kind": kind, "value": "/a"}]}}).include[0].kind == kind
    for kind in ATTRIBUTE_KINDS:
        value = {} if kind == "exists" else {"value": 3 if kind in ("greater", "less") else "x"}
        assert parse({**LEAST, "attributes": [{"name": "a", "kind": kind, **value}]}).attributes[0].kind == kind
    assert parse({**LEAST, "devices": list(DEVICES)}).devices == DEVICES


def test_texts_are_kept_in_one_form_and_languages_in_small_letters():
    when = parse({**LEAST, "languages": ["pt_BR"], "pages": {"include": [{"kind": "equals", "value": "/gro\u0308ße"}]}})
    assert when.languages == ("pt-br",)
    assert when.include[0].value == "/größe"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"triggers": []}, "/triggers"),
        ({"triggers": {}}, "/triggers"),
        ({"triggers": ["exit"]}, "/triggers/0"),
        ({"triggers": [{"kind": "click"}]}, "/triggers/0/kind"),
        ({"triggers": [{"kind": ["exit"]}]}, "/triggers/0/kind"),
        ({"triggers": [{"kind": "exit", "after": 1}]}, "/triggers/0/after"),
        ({"triggers": [{"kind": "exit"}, {"kind": "seconds"}]}, "/triggers/1/after"),
        ({"triggers": [{"kind": "seconds", "after": -1}]}, "/triggers/0/after"),
        ({"triggers": [{"kind": "seconds", "after": True}]}, "/triggers/0/after"),
        ({"triggers": [{"kind": "seconds", "after": float("nan")}]}, "/triggers/0/after"),
        ({"triggers": [{"kind": "seconds", "after": 10**400}]}, "/triggers/0/after"),
        ({"triggers": [{"kind": "seconds", "after": "10"}]}, "/triggers/0/after"),
        ({"triggers": [{"kind": "scroll", "percent": 101}]}, "/triggers/0/percent"),
        ({"triggers": [{"kind": "views", "count": 2.5}]}, "/triggers/0/count"),
        ({"triggers": [{"kind": "event", "name": ""}]}, "/triggers/0/name"),
        ({"triggers": [{"kind": "element", "selector": "#" + "a" * 200}]}, "/triggers/0/selector"),
        ({"triggers": [{"kind": "exit"}] * (MOST_RULES + 1)}, "/triggers"),
        ({"pages": []}, "/pages"),
        ({"pages": {"only": []}}, "/pages/only"),
        ({"pages": {"include": [{"kind": "ends", "value": "/a"}]}}, "/pages/include/0/kind"),
        ({"pages": {"include": [{"kind": "equals"}]}}, "/pages/include/0/value"),
        ({"pages": {"include": [{"kind": "equals", "value": "https://example.com/a"}]}}, "/pages/include/0/value"),
        ({"pages": {"exclude": [{"kind": "starts", "value": "/a?b=1"}]}}, "/pages/exclude/0/value"),
        ({"pages": {"exclude": [{"kind": "contains", "value": "#top"}]}}, "/pages/exclude/0/value"),
        ({"pages": {"exclude": [{"kind": "regex", "value": "("}]}}, "/pages/exclude/0/value"),
        ({"pages": {"exclude": [{"kind": "equals", "value": "/\ud800"}]}}, "/pages/exclude/0/value"),
        ({"pages": {"include": [{"kind": "equals", "value": "/a", "not": True}]}}, "/pages/include/0/not"),
        ({"share": 1.1}, "/share"),
        ({"share": None}, "/share"),
        ({"devices": ["watch"]}, "/devices/0"),
        ({"devices": "phone"}, "/devices"),
        ({"languages": ["German"]}, "/languages/0"),
        ({"languages": [1]}, "/languages/0"),
        ({"attributes": [{"name": "Plan", "kind": "exists"}]}, "/attributes/0/name"),
        ({"attributes": [{"name": "plan", "kind": "exists", "value": 1}]}, "/attributes/0/value"),
        ({"attributes": [{"name": "plan", "kind": "is"}]}, "/attributes/0/value"),
        ({"attributes": [{"name": "plan", "kind": "is", "value": ["pro"]}]}, "/attributes/0/value"),
        ({"attributes": [{"name": "plan", "kind": "is", "value": 2**53}]}, "/attributes/0/value"),
        ({"attributes": [{"name": "plan", "kind": "contains", "value": 1}]}, "/attributes/0/value"),
        ({"attributes": [{"name": "plan", "kind": "greater", "value": "5"}]}, "/attributes/0/value"),
        ({"attributes": [{"name": "plan", "kind": "less", "value": True}]}, "/attributes/0/value"),
        ({"settle": 61}, "/settle"),
        ({"again_after_days": -1}, "/again_after_days"),
        ({"later_days": "7"}, "/later_days"),
        ({"rest_days": 366}, "/rest_days"),
        ({"where": 1}, "/where"),
        ({"a/b~c": 1}, "/a~1b~0c"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change: dict[str, Any], pointer: str):
    assert list(_faults({**LEAST, **change})) == [pointer]


def test_all_faults_come_at_once_below_the_place_that_was_given():
    found = _faults({"triggers": [{"kind": "click"}], "share": 2, "pages": 1}, "/widget/when")
    assert set(found) == {"/widget/when/triggers/0/kind", "/widget/when/share", "/widget/when/pages"}
    assert (
        found["/widget/when/triggers/0/kind"] == "This has to be one of seconds, scroll, views, exit, event, element."
    )


@pytest.mark.parametrize("value", [None, [], "exit", 1])
def test_what_is_no_object_is_refused(value: object):
    assert _faults(value) == {"": "This has to be an object."}


_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from([*TRIGGERS, "/a"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["kind", "value", "name", "include", "after", "selector", "x"]), inner, max_size=3),
    ),
    max_leaves=8,
)  # fmt: skip


@given(value=st.one_of(_json, st.dictionaries(st.sampled_from([*FULL, "x"]), _json)))
@settings(max_examples=300, deadline=None)
def test_any_json_is_read_or_refused(value: Any):
    try:
        when = parse(value)
    except ValidationFailed:
        return
    assert parse(when.as_settings()) == when


@pytest.mark.parametrize(
    "pattern",
    """
    (a+)+ (a+)+$ (a*)* (a|a)* (a|aa)+ ([a-z]+)* (.*)* (.*a){20} (.+)+b ((a+)b)+ (a?)* (a{1,9})+ (\\w+\\s?)*
    ^(([a-z])+.)+[A-Z]([a-z])+$ ^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+$ (x+x+)+y (a|b|ab)*c
    ^(\\d+)*$ (?:a*)+ (?:(?:a)+)+ (/[a-z]+)+ ([^/]*/)* (.|\\n)* a*a*a*a*b .*.*.*.*= ^.*.*.*.*$ \\d+\\d+\\d+x
    a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaaaaaaaaaaaaaaaa
    a{0,99}a{0,99}a{0,99}a{0,99} ^a*a*a*a*$ [a-z]*[a-z]*[a-z]*! (a|b?)(a|b?)*(a|b) (a+){10} (^a*)*
    ^(a|a)?(a|a)?(a|a)?(a|a)?(a|a)?(a|a)?(a|a)?(a|a)?(a|a)?(a|a)?(a|a)?(a|a)?(a|a)?(a|a)?(a|a)?(a|a)?(a|a)?$
    (a*)\\1 (?=.*a)(?=.*b).*c (?<=a+)b (?!a*)*b (?P<n>a+)+ (?>a+)+ a*+a .*?.*?.*?x
    """.split(),
)
def test_a_pattern_that_could_take_long_is_refused(pattern: str):
    with pytest.raises(UnsafePattern):
        compiled(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        *r"( ) (?i)a [ [] [a [^] [] [z-a] [a-\d] [\d-z] [[a] ] { } a{ a{,2} a{3,2} a{300} {2} * ^* $? a** a++ a*+".split(),
        *r"\s \S \b \B \A \Z \n \t \x41 \u0041 \p{L} \1 \0 \k<a> \a \- (?<n>a) (?#c) (?:a)* |* (((((((((a)))))))))".split(),
        *("", "a" * (LONGEST_PATTERN + 1), "a\\"),
    ],
)
def test_a_pattern_that_python_and_browsers_could_read_differently_is_refused(pattern: str):
    with pytest.raises(UnsafePattern) as refused:
        compiled(pattern)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        (r"^/blog/.*/comments/.*$", "/blog/7/comments/2"),
        (r"/blog/.*/comments/", "/blog/7/comments/2"),
        (r"^/(en|de|fr)(/shop)?/[\w-]+$", "/de/shop/schuhe-42"),
        (r"^/order/\d{4,8}/?$", "/order/4711/"),
        (r"/[a-z]+/[a-z]+/[a-z]+/[^/]+/\d+$", "/en/shop/shoes/boot/42"),
        (r"\.(html|php)$", "/index.html"),
        (r"[$^.|?*+()\[\]{}\\/]", "/"),
        (r"^/[-a-z]+?[0-9-]$", "/a-b-"),
    ],
)
def test_patterns_that_people_write_are_taken(pattern: str, path: str):
    assert compiled(pattern).search(path)
