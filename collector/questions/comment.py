"""How much a comment already says: empty, vague, plain or detailed. This decides whether to offer areas, to probe, to ask
the ordinary question, or to ask for something the visitor has not written yet."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

Depth = Literal["empty", "vague", "plain", "detailed"]

#: Fewer content words than this name no concrete thing (shared study of probes: a probe pays below four).
PLAIN_FROM = 4
#: From here on a comment usually holds what happened and where; asking for it again wastes the person's time.
DETAILED_FROM = 12

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
#: Scripts written without spaces: two signs are counted as one word.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")

_EMPTY_WORDS = frozenset(
    """
    a an the and or but if so as at by for from in into of on to with without is are was were be been am do does did
    has have had i me my mine we us our you your he she it its they them their this that these those there here what
    which who when where why how not no nor yes all any some more most very much too just only also than then can
    could would should will may might must really quite bit lot nothing none n/a na thing things it's i'm don't because
    ein eine einer einem einen der die das den dem des und oder aber wenn als an bei für von im in ins zu zum zur mit
    ohne ist sind war waren sein bin tun hat habe haben hatte ich mich mir mein meine wir uns unser du dein sie ihr
    ihre er es dies diese dieser dieses da hier was wer wann wo warum wie nicht kein keine nein ja alle alles mehr
    sehr viel zu nur auch dann kann könnte würde sollte wird muss nichts man noch schon so etwas weil dass un une le
    la les et ou mais si de du des en à au aux pour avec sans est sont je me mon ma nous vous il elle on ce cette ces
    que qui ne pas non oui tout tous très plus trop y a
    """.split()
)
#: Praise or a shrug alone: says how the person feels, not what could change.
_FEELING_WORDS = frozenset(
    """
    good great nice fine ok okay well super cool excellent perfect love like lovely amazing awesome best happy
    satisfied thanks thank useful helpful easy app website site service page everything bad poor fantastic brilliant
    wonderful friendly polite professional efficient pleasant gut toll schön super prima okay ok perfekt klasse
    bestens zufrieden danke alles hilfreich einfach seite schlecht wunderbar hervorragend freundlich nett bien bon
    bonne super génial parfait merci top
    """.split()
)


def words_of(text: str) -> list[str]:
    """Words of `text`, case-folded, in order. However a letter or an apostrophe was typed, the word is the same."""
    if not text.isascii():
        composed = unicodedata.normalize("NFC", text).replace("’", "'")
        # A mark that no composed letter takes (the vowel signs of Hindi, for one) would cut its word in two.
        text = "".join(sign for sign in composed if not unicodedata.category(sign).startswith("M"))
    return [word.casefold() for word in _WORD.findall(text)]


@dataclass(frozen=True, slots=True)
class Reading:
    """A comment, read once: how much it says, how many content words it has, and its words as one line to look in."""

    depth: Depth
    count: int
    line: str


def read_comment(text: str) -> Reading:
    """Reads a comment. Only white space or signs is empty; praise alone is vague however long it is. Scripts without
    spaces are counted by pairs of signs."""
    words = words_of(text)
    unspaced = len(_UNSPACED.findall(text))
    spaced = words_of(_UNSPACED.sub(" ", text)) if unspaced else words
    content = [word for word in spaced if word not in _EMPTY_WORDS]
    count = len(content) + unspaced // 2
    telling = unspaced > 0 or any(word not in _FEELING_WORDS for word in content)
    return Reading(_depth(len(words), count, telling), count, f" {' '.join(words)} ")


def _depth(words: int, count: int, telling: bool) -> Depth:
    if not words:
        return "empty"
    if count < PLAIN_FROM or not telling:
        return "vague"
    return "detailed" if count >= DETAILED_FROM else "plain"


def speaks_of(reading: Reading, words: tuple[str, ...]) -> str | None:
    """The first of `words` that the comment holds, else `None`. A phrase must stand in order; `return*` is a beginning."""
    return next((word for word in words if _wanted(word) in reading.line), None)


@cache
def _wanted(word: str) -> str:
    """What is looked for in a reading's line; the words of all packs are few and are read once."""
    return f" {' '.join(words_of(word))}{'' if word.endswith('*') else ' '}"
