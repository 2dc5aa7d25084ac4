"""What whole kinds of attacks need and never find here. Read off the sources, so that no page and no file can be forgotten."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "collector").rglob("*.py"))
TEMPLATES = sorted((ROOT / "collector").rglob("templates/**/*.html"))
SCRIPTS = sorted([*(ROOT / "collector/static").rglob("*.js"), *(ROOT / "widget/src").rglob("*.ts")])

#: Modules that make objects or code out of data, or give data to a shell.
RUNNING = set(
    "pickle cPickle _pickle dill cloudpickle joblib jsonpickle marshal shelve yaml code codeop runpy subprocess pty".split()
)
CALLS = {"eval", "exec", "compile", "__import__", "execfile"}
#: Whole addresses that templates put into links, forms and scripts: who vouches for each of them.
VOUCHED = {
    "file": "a file of ours",
    "script": "the widget's own address",
    "entry.path": "the navigation's literal list",
    "path": "a literal list in the template",
    "action": "a path of ours with a number in it",
    '"/demo"': "a literal",
    "link_of": "only http and https",
    "link": "what `link_of` and its like gave",
    "one.link": "an address of the installation",
    "address": "an address of the installation",
    "letter.answer_at": "an address of the installation",
    "letter.stop_at": "an address of the installation",
    "letter.decoy_at": "an address of the installation",
    "stop_at": "an address of the installation",
    "rules_at": "an address of the installation",
    "choose_at": "an address of the installation",
    "back": "an address of the installation",
    "way": "what the operator's own provider describes, https only",
    "response.page": "kept only when it begins with an origin of the site",
}
ADDRESSES = {
    "href",
    "src",
    "action",
    "formaction",
    "hx-get",
    "hx-post",
    "poster",
    "data",
    "cite",
    "srcdoc",
    "xlink:href",
}
VALUE = "\N{WHITE SQUARE}"


class Reader(HTMLParser):
    """The tags of a template, with a sign where a value will stand."""

    def __init__(self, template: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str], str]] = []
        self.values: list[str] = []
        self.text_of_scripts = ""
        self.in_script = False
        plain = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", template, flags=re.DOTALL)
        self.feed(re.sub(r"\{\{-?(.*?)-?\}\}", self._keep, plain, flags=re.DOTALL))

    def _keep(self, found: re.Match[str]) -> str:
        self.values.append(found[1].strip())
        return f"{VALUE}{len(self.values) - 1}{VALUE}"

    def value(self, sign: str) -> str:
        """What will stand where the attribute begins with a sign."""
        return self.values[int(sign.split(VALUE)[1])]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_script = tag == "script"
        self.tags.append((tag, {name: said or "" for name, said in attrs}, self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False

    def handle_data(self, data: str) -> None:
        if self.in_script:
            self.text_of_scripts += data.strip()


def unquoted(template: str) -> list[str]:
    """The tags in which a value stands in an attribute without quotes, or names a tag or an attribute."""
    bare = [(said, re.sub(r'"[^"]*"|\'[^\']*\'', '""', said)) for *_, said in Reader(template).tags]
    return [said for said, rest in bare if re.search(rf"=\s*[^\s>\"]*{VALUE}|</?\w*{VALUE}|{VALUE}=", rest)]


def strange_addresses(template: str) -> list[str]:
    """The values that are a whole address and that nobody vouches for."""
    read = Reader(template)
    whole = [
        read.value(said)
        for _, attributes, _ in read.tags
        for name, said in attributes.items()
        if name in ADDRESSES and said.startswith(VALUE)
    ]
    return [value for value in whole if not any(re.match(rf"{re.escape(name)}(?![\w.])", value) for name in VOUCHED)]


def running(source: str) -> list[str]:
    """What of a Python source could run data."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.partition(".")[0] in RUNNING]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in RUNNING:
            found.append(node.module or "")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            found.append(node.func.id)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = ast.unparse(node.func)
            if called in ("os.system", "os.popen") or called.startswith(("os.exec", "os.spawn")):
                found.append(called)
    return found


def marked_safe(source: str) -> list[str]:
    """What of a template or a Python source would keep text from being escaped, or read text as a template."""
    ways = r"\|\s*safe\b|\bMarkup\b|%-?\s*autoescape|autoescape\s*=\s*False|render_template_string|\bfrom_string\("
    return re.findall(ways, source)


def test_a57_every_value_in_an_attribute_stands_in_quotes():
    assert len(TEMPLATES) > 60
    assert {path.name: faults for path in TEMPLATES if (faults := unquoted(path.read_text()))} == {}
    for broken in (
        "<a href={{ x }}>",
        "<a href=/x?{{ x }}>",
        "<h{{ x }}>",
        "<a {{ x }}=1>",
        "<a title='y' id={{ x }}>",
    ):
        assert unquoted(broken), broken


def test_a58_every_address_in_a_page_is_ours_or_was_looked_at():
    assert {path.name: faults for path in TEMPLATES if (faults := strange_addresses(path.read_text()))} == {}
    for broken in ('<a href="{{ page }}">', '<form action="{{ linked }}">', '<iframe srcdoc="{{ text }}">'):
        assert strange_addresses(broken), broken


def test_a59_no_page_holds_a_script_or_data_for_one_between_its_tags():
    for path in TEMPLATES:
        read = Reader(path.read_text())
        assert read.text_of_scripts == "", path
        for tag, attributes, said in read.tags:
            assert tag != "script" or "src" in attributes, (path, said)
            assert not any(name.startswith(("on", "hx-on", "hx-vals", "hx-vars")) for name in attributes), (path, said)
    assert Reader("<script>{{ x }}</script>").text_of_scripts


def test_a61_nothing_is_exempt_from_escaping_and_no_text_is_read_as_a_template():
    for path in [*TEMPLATES, *SOURCES]:
        assert marked_safe(path.read_text()) == [], path
    assert (
        len(marked_safe("{{ x | safe }} {{ x|safe }} Markup(x) {% autoescape false %} render_template_string(x)")) == 5
    )


def test_a62_nothing_can_be_uploaded():
    asks, reads = re.compile(r"""type=["']?file"""), re.compile(r"\brequest\.(files|stream)\b")
    assert [path for path in TEMPLATES if asks.search(path.read_text())] == []
    assert [path for path in SOURCES if reads.search(path.read_text())] == []
    assert asks.search('<input type="file">')
    assert reads.search("request.files['logo']")


def test_a78_nothing_listens_to_what_other_windows_say():
    assert len(SCRIPTS) > 30
    heard = re.compile(
        r"""["'`]message(?:error)?["'`]\s*[,:\]]|onmessage|postMessage|MessageChannel|BroadcastChannel"""
    )
    assert [path.name for path in SCRIPTS if heard.search(path.read_text())] == []
    for broken in ("addEventListener('message', f)", 'listen(window,"message",f)', "window.onmessage=f"):
        assert heard.search(broken), broken


@pytest.mark.parametrize(
    "broken",
    [
        "import pickle",
        "def f():\n    from yaml import load",
        "eval('1')",
        "exec(x)",
        "__import__('x')",
        "import os\nos.system('x')",
        "from subprocess import run",
        "import marshal as m",
        "compile(x, '', 'exec')",
    ],
)
def test_a87_the_rule_finds_what_would_run_data(broken: str):
    assert running(broken)


def test_a87_nothing_makes_code_or_objects_out_of_data():
    assert {str(path): faults for path in SOURCES if (faults := running(path.read_text()))} == {}
