"""What is put into a site's own script: exactly what was meant, whatever an owner wrote, and nothing that ends a script."""

import json
import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.surveys.widget import Look, WidgetSettings
from collector.widget.script import baked, brief, for_script, literal, parts_baked, silent

NODE = shutil.which("node")

#: A core as the build leaves it: the place where something may be baked in, once, and code around it.
CORE = (
    '(()=>{const b="lukewarm:baked";'
    "print(JSON.stringify({site:b.site,base:b.base,surveys:b.surveys,parts:b.parts?.when?.(20)}))})();\n"
)
PART = "export default (()=>{const twice=n=>n*2;return n=>twice(n)+2})()"

#: Words as an owner may write them, and what they must not do.
WORDS = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>",
    "a\u2028b\u2029c",
    "'\"`${1}\\",
    "\\u003c",
    "\r\n\t\x00\x7f",
    "$& $1 $` $'",
    '"lukewarm:baked"',
    "نص عربي 🙂 日本語",
    "",
]


def evaluated(script: str) -> Any:
    """What the script prints, run by node as a classic script with nothing but `print`."""
    assert NODE is not None
    frame = (
        "const vm=require('node:vm');const out=[];"
        "vm.runInNewContext(require('node:fs').readFileSync(0,'utf8'),"
        "{print:t=>out.push(t),location:{origin:'https://a.example'},"
        "window:globalThis.w={},console:{warn:(...t)=>out.push(JSON.stringify(t))}});"
        "process.stdout.write(JSON.stringify({out,called:typeof w.lukewarm}))"
    )
    done = subprocess.run([NODE, "-e", frame], input=script.encode(), capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def printed(script: str) -> Any:
    return json.loads(evaluated(script)["out"][0])


@pytest.mark.parametrize("words", WORDS)
def test_an_owners_words_arrive_as_they_were_written(words):
    made = baked(CORE, "site_x", "https://f.example", {"en": {"prompt": words, "text": {words: words}}}, {})
    assert printed(made)["surveys"] == {"en": {"prompt": words, "text": {words: words}}}


@settings(max_examples=15, deadline=None)
@given(
    st.recursive(
        st.text(max_size=8) | st.booleans() | st.none(),
        lambda inner: st.dictionaries(st.text(max_size=4).filter(lambda key: key != "__proto__"), inner, max_size=4),
    )
)
def test_any_settings_arrive_as_they_are(value):
    made = baked(CORE, "site_x", None, {"en": value}, {})
    assert printed(made)["surveys"]["en"] == value


def test_a_name_is_quoted_only_where_javascript_wants_it():
    written = literal({"one": [{"a_1": 1}, ("x",)], "zh-TW": {}, "1": None, "": True})
    assert written == '{one:[{a_1:1},["x"]],"zh-TW":{},"1":null,"":true}'


@given(st.text() | st.dictionaries(st.text(), st.text()))
def test_nothing_in_it_ends_a_script_or_a_line(value):
    text = for_script(value)
    assert not set(text) & set("<\u2028\u2029\n\r")
    assert json.loads(text) == value


def test_the_core_is_otherwise_left_as_it_was():
    made = baked(CORE, "site_x", None, {}, {})
    before, after = CORE.split('"lukewarm:baked"')
    assert made.startswith(before)
    assert made.endswith(after)


def test_site_base_and_parts_are_there_to_be_used():
    made = baked(CORE, "site_x", "https://f.example", {}, {"when": f"{PART}\n"})
    assert printed(made) == {"site": "site_x", "base": "https://f.example", "surveys": {}, "parts": 42}
    assert printed(baked(CORE, "site_x", None, {}, {"when": f"{PART};"}))["parts"] == 42


def test_languages_keep_their_order_so_that_the_first_is_for_everybody_else():
    made = baked(CORE, "site_x", None, {"pt-BR": {}, "de": {}, "en": {}}, {})
    assert list(printed(made)["surveys"]) == ["pt-BR", "de", "en"]


def test_a_visitor_whose_tag_means_a_language_that_is_there_gets_it():
    surveys = printed(baked(CORE, "site_x", None, {"en": 1, "zh": 2, "zh-Hant": 3, "nb": 4}, {}))["surveys"]
    assert surveys == {"en": 1, "zh": 2, "zh-Hant": 3, "nb": 4, "zh-hk": 3, "zh-mo": 3, "zh-tw": 3, "nn": 4, "no": 4}
    assert next(iter(surveys)) == "en"


def test_without_an_address_of_its_own_the_script_says_none():
    assert "base" not in printed(baked(CORE, "site_x", None, {}, {}))


@pytest.mark.parametrize("core", ["", "const a=1", CORE + CORE])
def test_a_core_without_one_place_for_it_is_refused(core):
    with pytest.raises(ValueError, match="lukewarm:baked"):
        baked(core, "site_x", None, {}, {})


def test_a_part_that_is_not_one_expression_is_refused():
    with pytest.raises(ValueError, match="export default"):
        baked(CORE, "site_x", None, {}, {"when": "const a=1;export{a as default}"})


@pytest.mark.parametrize("reason", ["The survey is closed.", 'It\'s </script> \u2028 "so".'])
def test_a_silent_script_says_why_and_where_and_leaves_calls_harmless(reason):
    done = evaluated(silent(reason))
    assert json.loads(done["out"][0]) == [f"lukewarm: {reason}", "https://a.example"]
    assert done["called"] == "function"


@pytest.mark.parametrize(
    ("own", "parts"),
    [
        (WidgetSettings(), set()),
        (WidgetSettings(when={}), {"after", "when"}),
        (WidgetSettings(look=Look(scale="stars")), {"scales"}),
        (WidgetSettings(look=Look(scale="faces", launcher="inline"), when={}), {"after", "when", "scales", "inline"}),
        (WidgetSettings(look=Look(launcher="element")), {"inline"}),
        (WidgetSettings(look=Look(launcher="tab")), {"inline"}),
        (WidgetSettings(look=Look(launcher="none", accent="#ffffff"), languages=("de",)), {"accent"}),
        (WidgetSettings(contact=True), set()),
        (WidgetSettings(contact=True, look=Look(launcher="inline")), {"after", "contact", "inline"}),
    ],
)
def test_a_site_pays_for_the_parts_that_it_needs_before_somebody_opens_the_form(own, parts):
    assert set(parts_baked(own, 1, whole=False)) == parts


def test_the_whole_script_and_several_languages_are_what_they_say():
    assert set(parts_baked(WidgetSettings(contact=True), 2, whole=True)) == {"after", "contact", "languages"}


def test_settings_in_a_script_leave_out_what_it_takes_anyway_and_nothing_else():
    look = {"launcher": "button", "position": "right", "theme": "auto", "accent": None, "scale": "numbers"}
    said = {
        **{"survey": "sv_1", "version": "v", "open": True, "language": "en", "direction": "ltr", "site": "Shop"},
        **{"scale": {"name": "nps", "lowest": 0, "highest": 10}, "prompt": "", "categories": [], "look": look},
        **{
            "keep_partial": True,
            "contact": None,
            "when": None,
            "text": {},
            "parts": {"after": "/a.js", "when": "/w.js", "inline": "/i.js"},
        },
    }
    least = {
        **{"survey": "sv_1", "language": "en", "scale": {"lowest": 0, "highest": 10}},
        **{"prompt": "", "categories": [], "parts": {"after": "/a.js"}},
    }
    assert brief(said, ("when",)) == least
    other = {"look": {**look, "position": "left"}, "keep_partial": False, "text": {"send": "Los"}, "when": {}}
    changed = {"look": {"position": "left"}, "keep_partial": False, "text": {"send": "Los"}, "when": {}}
    assert brief({**said, **other}, ("when",)) == {**least, **changed}
