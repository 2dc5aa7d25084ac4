"""Searching in what people wrote: the words of a text, and the words that somebody looks for, in one form. Only letters and
digits are left of either, so nothing that is typed into a search is ever syntax to a database."""

import re
import unicodedata
from collections.abc import Sequence

#: Letters of a word, and words of a text, that are kept. A comment and an answer have 4,000 letters each.
LONGEST_WORD = 40
MOST_WORDS = 1000
#: Words that are looked for at once.
MOST_SOUGHT = 8
#: Letters that a word's stem needs for being looked for as well; shorter ones begin too many other words.
LEAST_STEM = 4

#: Chinese and Japanese are written without spaces; there each sign is taken for a word.
_SIGN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_SIGN}]|(?:(?![{_SIGN}])[^\s])+")
#: For ASCII, in a third of the time: letters, small, and digits stay, and every other sign parts words.
_PLAIN = "".join(chr(code).lower() if chr(code).isalnum() else " " for code in range(128))
_WORD = re.compile(rf"[{_SIGN}]|[^\W_{_SIGN}]+")


def words_of(*texts: str) -> str:
    """What is kept for searching in `texts`: each word once, folded, in the order of the alphabet, with a space between."""
    found = {word for text in texts for word in _words(text)}
    return " ".join(sorted(found)[:MOST_WORDS])


def sought_in(text: str) -> tuple[str, ...]:
    """The words that somebody looks for, folded, each once. Single Latin letters and digits are left out: half of all words
    begin with one of a few. Empty when nothing else is in `text`."""
    found = dict.fromkeys(_words(text))
    return tuple(word for word in found if len(word) > 1 or not word.isascii())[:MOST_SOUGHT]


def excerpt(text: str, words: Sequence[str], length: int) -> list[tuple[str, bool]]:
    """Some `length` letters of a text in pieces, each with whether it is a word that begins with one of `words`. The
    beginning, unless the first such word stands behind it; then what is around that."""
    found = [match for match in _RUN.finditer(text) if _begins(match[0], words)] if words else []
    first = found[0].start() if found else 0
    begin = 0 if first < length // 2 else text.rfind(" ", 0, first - length // 4) + 1
    pieces, end = [("… ", False)] if begin else [], begin
    for match in found:
        if begin <= match.start() < begin + length:
            pieces += [(text[end : match.start()], False), (match[0], True)]
            end = match.end()
    return [piece for piece in [*pieces, (text[end : begin + length], False)] if piece[0]]


def _begins(run: str, words: Sequence[str]) -> bool:
    return any(word.startswith(tuple(words)) for word in _words(run))


def _words(text: str) -> list[str]:
    found = text.translate(_PLAIN).split() if text.isascii() else _WORD.findall(_folded(text))
    return [word[:LONGEST_WORD] for word in found]


def _folded(text: str) -> str:
    # Compatibility forms apart, marks away, case folded: é and e, ß and ss, ﬁ and fi are the same to whoever searches.
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in apart if not unicodedata.combining(sign))
    # Put together again, for a Hangul syllable is one letter to its readers; what casefold left behind is folded as well.
    return unicodedata.normalize("NFC", kept).casefold()
