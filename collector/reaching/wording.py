"""Words of the messages and of the pages that they lead to, by language."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES: tuple[str, ...] = ("en", "de", "es", "fi", "fr")


@cache
def words(language: str) -> Mapping[str, str]:
    """The words of the language that is nearest to `language`: itself, its base, English. They are read once."""
    base = language.lower().split("-")[0]
    found = base if base in LANGUAGES else "en"
    read: dict[str, str] = json.loads(files("collector.reaching").joinpath("words", f"{found}.json").read_text("utf-8"))
    return {**read, "language": found}
