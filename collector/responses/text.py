"""A visitor's words as they are kept: verbatim, but for what could harm whoever reads them later."""

import re
import unicodedata

#: Letters, counted as Unicode code points, that a comment or an answer may have.
MAX_TEXT = 4000

#: Control characters but for tab and line feed, and the signs that turn the direction of what follows (CVE-2021-42574).
#: Marks that only join or hint (ZWJ, ZWNJ, LRM, RLM) are part of how people write and stay.
_DROPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]")

#: Halves of surrogate pairs.
_HALVES = re.compile("[\ud800-\udfff]")

#: Marks that may stand on one letter. No language comes near (UAX #15, section 13, "Stream-Safe Text Format"); more cover
#: the lines around them, and putting n of them in order takes n² steps.
_MOST_MARKS = 30


def clean_text(text: str) -> str:
    """`text` in Unicode form NFC, with line feeds for line ends, without control and direction signs, without more than
    thirty marks on one letter, and without white space around it. Everything else stays as it was written."""
    if text.isascii() and text.isprintable():
        return text.strip()
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return unicodedata.normalize("NFC", _without_towers(_DROPPED.sub("", unified))).strip()


def _without_towers(text: str) -> str:
    if not any(map(unicodedata.combining, set(text))):
        return text
    kept: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


def storable(text: str) -> bool:
    """Whether both databases can store `text`: no NUL (PostgreSQL refuses it, SQLite cuts at it) and no half of a
    surrogate pair (UTF-8 cannot write it)."""
    return "\x00" not in text and (text.isascii() or _HALVES.search(text) is None)
