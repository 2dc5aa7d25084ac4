"""How much a comment already says: empty, vague, plain or detailed. This decides whether to offer areas, to probe, to ask
the ordinary question, or to ask for something the visitor has not written yet."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from operator import itemgetter
from typing import Literal

from msgspec import Struct

Depth = Literal["empty", "vague", "plain", "detailed"]

#: Fewer content words than this name no concrete thing (shared study of probes: a probe pays below four).
PLAIN_FROM = 4
#: From here on a comment usually holds what happened and where; asking for it again wastes the person's time.
DETAILED_FROM = 12

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
#: The same for ASCII, in a fifth of the time: small letters, digits and apostrophes stay, every other sign parts words ...
_PLAIN = "".join(chr(code).lower() if chr(code).isalnum() or chr(code) == "'" else " " for code in range(128))
#: ... and so does an apostrophe that does not stand between two of them, or that French puts for a vowel (l'écran, qu'il).
_STRAY = re.compile("'(?:(?<![a-z0-9]')|(?![a-z0-9])|(?<=(?<![a-z0-9])[cdjlmnst]')|(?<=qu'))")
_ELISION = re.compile(r"'(?:(?<=(?<![^\W_'])[cdjlmnst]')|(?<=qu'))(?=[^\W_])", re.IGNORECASE)
#: The first letters, by which words to look for are sorted: three tell most words apart, and most beginnings have as many.
_HEAD = 3
_head = itemgetter(slice(_HEAD))
#: Scripts written without spaces: two signs are counted as one word.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")

#: Grammar of all languages together: `son` is missing, because “my son” says something in English.
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
    que qui ne pas non oui tout toute tous toutes très plus trop y a ai ont été être avoir fait nous vos votre notre nos
    ces leur leurs lui eux moi où quand comment pourquoi parce donc dans par sous peu bien déjà encore aussi
    rien c d j l m n s t qu ça ca cela celui celle sa ses chez peut peux peuvent va vais suis était étaient avait avez
    avons même autre autres quel quelle entre vers quelques depuis
    el los las lo un una unos unas y o pero si de del al en por para con sin es está están estoy ser estar ha han
    he hay me mi mis yo nos nuestro nuestra tu su sus usted ustedes él ella ello ellos este esta esto estos estas ese
    esa eso que quien cual cuando donde como qué cómo dónde porque no sí todo toda todos todas nada muy más menos tan
    tanto mucho mucha poco ya también solo sólo aún aunque se le les puede puedo pueden fue hace va tiene tengo cada
    otro otra entre desde hasta sobre mismo misma
    ja tai mutta vaan jos että kun koska niin kuin myös on ovat oli olivat ole olen olla ollut ei en et emme ette eivät
    minä mä minun mun sinä te me he hän se ne tämä tämän tässä tuo nämä joka jotka mikä mitä miten missä milloin miksi
    voi voin voisi pitää olisi sen sitä siitä siinä sille sekä eli tätä tästä tähän niitä jokin joku jotain
    mitään ihan aika hyvin erittäin tosi todella vain vielä jo nyt sitten kaikki kaikkea liian vähän
    """.split()
)
#: Praise or a shrug alone: says how the person feels, not what could change.
_FEELING_WORDS = frozenset(
    """
    good great nice fine ok okay well super cool excellent perfect love like lovely amazing awesome best happy
    satisfied thanks thank useful helpful easy app website site service page everything bad poor fantastic brilliant
    wonderful friendly polite professional efficient pleasant gut toll schön super prima okay ok perfekt klasse
    bestens zufrieden danke alles hilfreich einfach seite schlecht wunderbar hervorragend freundlich nett bien bon
    bonne bons super génial parfait parfaite merci top excellent pratique facile utile satisfait satisfaite
    page agréable mauvais nul
    bien bueno buena buenos genial perfecto perfecta excelente gracias fácil útil contento contenta satisfecho
    satisfecha página estupendo agradable maravilloso malo mala
    hyvä hyvää hyvät hienoa hieno loistava erinomainen täydellinen kiitos helppo hyödyllinen tyytyväinen mukava kiva
    ystävällinen sivu sivusto palvelu ok huono
    """.split()
)


def words_of(text: str) -> list[str]:
    """Words of `text`, case-folded, in order. However a letter or an apostrophe was typed, the word is the same."""
    if text.isascii():
        return _STRAY.sub(" ", text.translate(_PLAIN)).split()
    text = _ELISION.sub(" ", unicodedata.normalize("NFC", text).replace("’", "'"))
    # A mark that no composed letter takes (the vowel signs of Hindi, for one) would cut its word in two.
    if marks := {sign for sign in set(text) if unicodedata.category(sign).startswith("M")}:
        text = "".join([sign for sign in text if sign not in marks])
    return " ".join(_WORD.findall(text)).casefold().split()


class Reading(Struct, frozen=True):
    """A comment, read once: how much it says, how many content words it has, its words as one line to look in, and their
    heads (first letters)."""

    depth: Depth
    count: int
    line: str
    heads: frozenset[str]


def read_comment(text: str) -> Reading:
    """Reads a comment. Only white space or signs is empty; praise alone is vague however long it is. Scripts without
    spaces are counted by pairs of signs."""
    words = words_of(text)
    unspaced = 0 if text.isascii() else len(_UNSPACED.findall(text))
    spaced = words_of(_UNSPACED.sub(" ", text)) if unspaced else words
    content = [word for word in spaced if word not in _EMPTY_WORDS]
    count = len(content) + unspaced // 2
    telling = unspaced > 0 or any(word not in _FEELING_WORDS for word in content)
    heads = frozenset(map(_head, words))
    return Reading(_depth(len(words), count, telling), count, f" {' '.join(words)} ", heads)


def _depth(words: int, count: int, telling: bool) -> Depth:
    if not words:
        return "empty"
    if count < PLAIN_FROM or not telling:
        return "vague"
    return "detailed" if count >= DETAILED_FROM else "plain"


def speaks_of(reading: Reading, words: tuple[str, ...]) -> str | None:
    """The first of `words` that the comment holds, else `None`. A phrase must stand in order; `return*` is a beginning."""
    return next((word for word in words if _wanted(word) in reading.line), None)


#: Words to look for, each with what is looked for in a reading's line, by the head of its first word.
Lookout = Mapping[str, tuple[tuple[str, str], ...]]


def lookout(words: Iterable[str]) -> Lookout:
    """`words` made ready for `spoken_in`. A beginning that is shorter than a head fits many and stands under ""."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for word in dict.fromkeys(words):
        wanted = _wanted(word)
        head = "" if word.endswith("*") and len(wanted) <= _HEAD else _head(wanted.split()[0])
        found[head] = (*found.get(head, ()), (word, wanted))
    return found


def spoken_in(reading: Reading, words: Lookout) -> set[str]:
    """Those of `words` that the comment holds. `speaks_of` would say the same of each; this tries only the likely ones."""
    near = [words[head] for head in reading.heads & words.keys()]
    return {word for group in (*near, words.get("", ())) for word, wanted in group if wanted in reading.line}


@cache
def _wanted(word: str) -> str:
    """What is looked for in a reading's line; the words of all packs are few and are read once."""
    return f" {' '.join(words_of(word))}{'' if word.endswith('*') else ' '}"
