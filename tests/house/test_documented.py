"""What is not documented fails: each thing that a user can set, meet or read stands in its page of the documents."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask

from collector.accounts.scopes import SCOPES
from collector.channels import CHANNELS
from collector.config import documented
from collector.duties import ORDERS, PERIODIC, SUBSCRIBERS
from collector.events import FACTS
from collector.exports.columns import COLUMNS
from collector.exports.formats import FORMATS
from collector.inbox.listed import BECAME
from collector.notices.rule import WAYS
from collector.outcomes.names import OUTCOMES
from collector.problems import PROBLEMS, Problem
from collector.questions import INDUSTRIES
from collector.responses.filters import FILTERS
from collector.scales import SCALES
from collector.surveys.categories import DEFAULTS
from collector.surveys.targeting import ATTRIBUTE_KINDS, DEVICES, PAGE_KINDS, TRIGGERS
from collector.surveys.widget import DRAWINGS, LAUNCHERS, POSITIONS, THEMES, Look, WidgetSettings
from collector.surveys.wording import LANGUAGES
from collector.web.openapi import operations

DOCS = Path(__file__).parents[2] / "docs"


def _page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("settings.md", [f"`{name}`" for name, *_ in documented()]),
        ("problems.md", [f"`{problem.slug}`" for problem in PROBLEMS]),
        ("facts.md", [f"`{fact.kind}`" for fact in FACTS]),
        ("facts.md", [f"`{name}`" for name, _, _ in PERIODIC]),
        ("facts.md", [f"`{name}`" for name in ORDERS]),
        ("scales.md", [f"`{scale}`" for scale in SCALES]),
        ("scales.md", [f"`{band.segment}`" for scale in SCALES.values() for band in scale.bands]),
        ("notices.md", [f"`{way}`" for way in WAYS]),
        ("channels.md", [f"`{channel}`" for channel in CHANNELS]),
        ("exports.md", [f"`{name}`" for name in FORMATS]),
        ("exports.md", [f"| `{name}` | {text} |" for name, text in COLUMNS.items()]),
        ("exports.md", [f"`{name}`" for name in FILTERS]),
        ("api.md", [f"`{scope}`" for scope in SCOPES]),
        ("inbox.md", [f"| {word} |" for word in BECAME.values()]),
        ("outcomes.md", [f"`{name}`" for name in OUTCOMES]),
        ("questions.md", [f"`{industry}`" for industry in INDUSTRIES]),
        ("categories.md", [f"`{key}`" for key in DEFAULTS]),
        ("embedding.md", [f"`{item.name}`" for item in fields(WidgetSettings) if item.name not in ("look", "contact")]),
        ("embedding.md", [f"`look.{item.name}`" for item in fields(Look)]),
        ("embedding.md", [f"`{name}`" for names in (LAUNCHERS, POSITIONS, THEMES, DRAWINGS) for name in names]),
        ("languages.md", [f"`{language}`" for language in LANGUAGES]),
        ("targeting.md", [f"`{name}`" for name in (*TRIGGERS, *PAGE_KINDS, *ATTRIBUTE_KINDS, *DEVICES)]),
    ],
)
def test_everything_in_a_literal_list_stands_in_its_page(page: str, names: list[str]):
    text = _page(page)
    assert [name for name in names if name not in text] == []


def test_defaults_in_the_settings_page_are_the_real_ones():
    lines = {
        line.split("|")[1].strip(): line for line in _page("settings.md").splitlines() if line.startswith("| `LUKE")
    }
    for name, default, _meaning, _secret in documented():
        shown = lines[f"`{name}`"].split("|")[2].strip()
        assert shown == (f"`{default}`" if default is not None else "none"), name


def test_status_in_the_problems_page_is_the_real_one():
    text = _page("problems.md")
    for problem in PROBLEMS:
        assert re.search(rf"^\| `{problem.slug}` \| {problem.status} \|", text, re.MULTILINE), problem.slug


def test_every_problem_is_on_the_list():
    def below(parent: type[Problem]) -> set[type[Problem]]:
        return {cls for child in parent.__subclasses__() for cls in ({child} | below(child))}

    assert below(Problem) == set(PROBLEMS)
    assert len({problem.slug for problem in PROBLEMS}) == len(PROBLEMS)


def test_every_fact_has_its_subscribers_named():
    assert SUBSCRIBERS.keys() == {fact.kind for fact in FACTS}


def test_every_operation_stands_in_the_api_page(app: Flask):
    text = _page("api.md")
    assert [f"{method} {route}" for method, route in operations(app) if f"`{method} {route}`" not in text] == []


def test_the_page_on_security_names_a_test_for_every_attack_but_those_that_it_says_are_open():
    tests = "".join(path.read_text("utf-8") for path in DOCS.parent.glob("tests/**/test_*.py"))
    there = set(re.findall(r"^def (test_\w+)\(", tests, re.MULTILINE))
    tables, _, still_open = _page("security.md").partition("## What does not hold")
    numbers: set[int] = set()
    for said, names in re.findall(r"^\| ([\d, ]+) \|.*\| ([^|]+) \|$", tables, re.MULTILINE):
        row, named = {int(number) for number in said.split(", ")}, re.findall(r"`(\w+)`", names)
        assert named, said
        assert [name for name in named if name not in there] == [], said
        numbers |= row
    assert set(range(1, 99)) - numbers == {int(number) for number in re.findall(r"\((\d+)\)", still_open)}


def test_links_between_pages_resolve():
    root = DOCS.parent
    broken = []
    for page in [*DOCS.glob("*.md"), root / "README.md", root / "CHANGELOG.md"]:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []
