"""Searching in what people wrote: the words of a text, and the words that somebody looks for, in one form. Only letters and
digits are left of either, so nothing that is typed into a search is ever syntax to a database."""

import re
import unicodedata

#: Letters of a word, and words of a text, that are kept. A comment and an answer have 4,000 letters each.
LONGEST_WORD = 40
MOST_WORDS = 1000
#: Words that are looked for at once.
MOST_SOUGHT = 8
#: Letters that a word's stem needs for being looked for as well; shorter ones begin too many other words.
LEAST_STEM = 4

#: Chinese and Japanese are written without spaces; there each sign is taken for a word.
_SIGN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_SIGN}]|[^\W_{_SIGN}]+")


def words_of(*texts: str) -> str:
    """What is kept for searching in `texts`: each word once, folded, in the order of the alphabet, with a space between."""
    found = {word for text in texts for word in _words(text)}
    return " ".join(sorted(found)[:MOST_WORDS])


def sought_in(text: str) -> tuple[str, ...]:
    """The words that somebody looks for, folded, each once. Single letters are left out where there is more to go by. Empty
    when `text` holds neither a letter nor a digit."""
    found = tuple(dict.fromkeys(_words(text)))
    return (tuple(word for word in found if len(word) > 1 or not word.isascii()) or found)[:MOST_SOUGHT]


def _words(text: str) -> list[str]:
    plain = text.lower() if text.isascii() else _folded(text)
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain)]


def _folded(text: str) -> str:
    # Compatibility forms apart, marks away, case folded: é and e, ß and ss, ﬁ and fi are the same to whoever searches.
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in apart if not unicodedata.combining(sign))
    # Put together again, for a Hangul syllable is one letter to its readers; what casefold left behind is folded as well.
    return unicodedata.normalize("NFC", kept).casefold()
