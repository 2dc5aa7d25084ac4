"""Words that visitors read, by language. The files in `languages/` are data; the widget's English is built from the same
file that this reads."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES: tuple[str, ...] = (
    "en", "ar", "cs", "da", "de", "el", "es", "fi", "fr", "he", "it", "ja", "ko", "nb", "nl", "pl", "pt", "pt-BR", "ru",
    "sv", "tr", "uk", "zh", "zh-Hant",
)  # fmt: skip

#: Other tags for the same words. Browsers still send old codes, and say a region where Chinese differs by script; who
#: reads Nynorsk reads Bokmål with less trouble than English.
_BY_TAG = {language.lower(): language for language in LANGUAGES} | {
    "iw": "he",
    "nn": "nb",
    "no": "nb",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
    "zh-tw": "zh-Hant",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's words: the widget's interface, what it says when it shows itself (`when`) and asks for an address
    (`contact`), our pages for visitors, five faces from worst to best, prompts and ends of each scale, default
    categories."""

    language: str
    name: str
    direction: str
    widget: Mapping[str, str]
    when: Mapping[str, str]
    contact: Mapping[str, str]
    pages: Mapping[str, str]
    faces: Sequence[str]
    scales: Mapping[str, Mapping[str, str]]
    categories: Mapping[str, Mapping[str, str]]

    def naming(self, sentence: str, site: str) -> str:
        """`sentence` in this language with the site's name in it. In a text that runs from right to left the name is isolated
        (UAX #9, FSI and PDI), for its brackets and marks would stand on the wrong side of it."""
        return sentence.replace("{site}", f"\u2068{site}\u2069" if self.direction == "rtl" else site)


@cache
def wording(language: str) -> Wording:
    """The words of a language in `LANGUAGES`. They are part of the program and read once."""
    text = files("collector.surveys").joinpath("languages", f"{language}.json").read_text("utf-8")
    return Wording(language=language, **json.loads(text))


@cache
def wording_fingerprint() -> str:
    """A hash of all words in all languages; a release with other words has another one."""
    folder = files("collector.surveys").joinpath("languages")
    digest = hashlib.sha256()
    for language in LANGUAGES:
        digest.update(folder.joinpath(f"{language}.json").read_bytes())
    return digest.hexdigest()


def other_tags(language: str) -> tuple[str, ...]:
    """The tags, in small letters, that mean the words of this language beside its own."""
    return tuple(tag for tag, meant in _BY_TAG.items() if meant == language and tag != language.lower())


def best_language(*wanted: str | None) -> str:
    """The first language that there are words for, trying each wish exactly, then by its base; English in the end. A wish is
    any tag in any capitals, with `-` or `_`; what follows its second part (`zh-Hant-HK`, `de-CH-1996`) decides nothing."""
    for wish in wanted:
        parts = (wish or "").strip().lower().replace("_", "-").split("-", 2)[:2]
        for candidate in ("-".join(parts), parts[0]):
            if candidate in _BY_TAG:
                return _BY_TAG[candidate]
    return "en"
