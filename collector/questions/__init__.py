"""Which question comes next. The packs are data, in `packs/`: one TOML file an industry with its English, and one for each
other language. `INDUSTRIES` and `LANGUAGES` are the whole lists."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from collector.problems import Fault
from collector.questions.language import nearest
from collector.questions.pack import Pack
from collector.questions.parse import PackError, read_pack
from collector.questions.translation import translated

#: Industry of a site -> what it is called. The neutral pack stands behind every other one.
INDUSTRIES: dict[str, str] = {
    "neutral": "Any site",
    "saas": "Software as a service",
    "developer-tools": "Developer tools",
    "ecommerce": "Shop",
    "marketplace": "Marketplace",
    "documentation": "Documentation",
    "media": "Media and publishing",
    "education": "Education",
    "finance": "Finance and insurance",
    "healthcare": "Healthcare",
    "travel": "Travel and hospitality",
    "public-sector": "Public sector",
    "services": "Services for businesses",
    "device": "Devices",
    "utilities": "Telecom and utilities",
    "community": "Community and charity",
    "games": "Games",
}

#: Languages that every pack has whole.
LANGUAGES: tuple[str, ...] = ("en", "de", "fr", "es", "fi")

#: The name under which a site's own questions are stored and explained.
OWN = "own"


@cache
def pack(industry: str, language: str) -> Pack:
    """The pack of an industry in one of `LANGUAGES`. It is part of the program, like its code, and is read once."""
    data = tomllib.loads(_file(industry, "en"))
    if language != "en":
        data = translated(data, language, tomllib.loads(_file(industry, language)))
    return read_pack(data, language)


def packs_for(industry: str, language: str) -> tuple[Pack, ...]:
    """The packs that a site of this industry chooses from, in order of preference, for somebody who reads `language`."""
    tongue = nearest(language, LANGUAGES)
    neutral = pack("neutral", tongue)
    return (neutral,) if industry == "neutral" else (pack(industry, tongue), neutral)


def own_pack(questions: str, language: str) -> Pack:
    """A site's own questions, kept as the JSON text of a pack, for somebody who reads `language`."""
    return _own_pack(questions, nearest(language, _languages_of(questions)))


def check_own(data: Mapping[str, Any]) -> None:
    """Raises `PackError` unless `data` are questions that `own_pack` can use."""
    if not data.get("question"):
        raise PackError([Fault(f"{OWN}: there is no question", pointer="/question")])
    read_pack({**data, "name": OWN, "title": OWN}, "en", first=True)


@cache
def fingerprint(industry: str) -> str:
    """A hash of all that can be asked of a site of this industry; other wordings have another one."""
    names = dict.fromkeys((industry, "neutral"))
    parts = [_file(name, language).encode() for name in names for language in LANGUAGES]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


# By their text, because a site's settings are read anew every few seconds, and what was found out about a pack should last.
@lru_cache(maxsize=256)
def _own_pack(questions: str, language: str) -> Pack:
    return read_pack({**json.loads(questions), "name": OWN, "title": "Own questions"}, language, first=True)


@lru_cache(maxsize=256)
def _languages_of(questions: str) -> frozenset[str]:
    return frozenset(
        language for question in json.loads(questions).get("question", []) for language in question["text"]
    )


def _file(industry: str, language: str) -> str:
    name = f"{industry}.toml" if language == "en" else f"{language}/{industry}.toml"
    return files("collector.questions").joinpath("packs", *name.split("/")).read_text("utf-8")
