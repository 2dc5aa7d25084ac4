"""A regular expression for a page's path that an owner may write: it means the same in Python and in a browser, and
nobody waits for it.

It is read here, character by character, instead of being tried: what is read is known to be in the part of the two
languages that agrees, and the ways in which a search can go through it can be counted. Left out are whatever the two read
differently (`\\s`, `\\b`, look-around, back-references, named groups, flags, braces that are not a quantifier) and a
quantifier other than `?` on a group, from which exponential searches are made.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from math import prod

#: A longer path is not searched. Decoded characters.
LONGEST_PATH = 256
#: In how many ways a search may go through a pattern at most: ^ and two `.*`, or a start anywhere and one, and a few
#: alternatives. Even the slowest then takes less than a tenth of a second.
MOST_WAYS = 4 * LONGEST_PATH**2
#: Characters of a pattern.
LONGEST_PATTERN = 200

#: What must be escaped to stand for itself; a browser refuses any other escape of a sign when it reads Unicode.
_SIGNS = frozenset("^$\\.*+?()[]{}|/")
#: Sets with a short name, of ASCII alone, which is what browsers mean by them.
_SETS = frozenset("dDwW")
_SET_NAMES = frozenset(f"\\{name}" for name in _SETS)
_COUNTS = re.compile(r"([0-9]{1,3})(,([0-9]{1,3})?)?\}")
#: Groups within groups.
_DEEPEST = 8
_FLAGS = re.ASCII | re.DOTALL
#: Python's own $ also stands before a line break at the end.
_END = r"\Z"


class UnsafePattern(ValueError):
    """The pattern is not one that may be used; the text is a sentence for the owner."""


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, to be searched for in a decoded path of at most `LONGEST_PATH` characters; it finds there what
    `new RegExp(pattern, 'su')` finds. Raises `UnsafePattern`."""
    if not 0 < len(pattern) <= LONGEST_PATTERN:
        raise UnsafePattern(f"A regular expression has between 1 and {LONGEST_PATTERN} characters.")
    reading = _Reading(pattern)
    whole = reading.alternatives()
    if not reading.ended:
        raise UnsafePattern("A ) closes nothing; write \\) for the sign itself.")
    if whole.ways * (1 if whole.anchored else LONGEST_PATH) > MOST_WAYS:
        raise UnsafePattern(
            "This regular expression could take long: begin it with ^, or use fewer of * + ? {…} and of alternatives."
        )
    return re.compile(whole.source, _FLAGS)


@dataclass(frozen=True, slots=True)
class _Part:
    """What was read: its text for Python, in how many ways a search can go through it, whether it begins with ^."""

    source: str
    ways: int = 1
    anchored: bool = False
    #: What a quantifier may follow: "character", "group", or "" for nothing.
    repeats: str = ""
    #: The sign that it has to begin with, `_END` for the end of the path, empty where it may be several.
    first: str = ""
    #: The text of the one character that it repeats.
    repeated: str = ""


class _Reading:
    """A place in a pattern, and what is read from there on."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._depth = 0

    @property
    def ended(self) -> bool:
        return self._at == len(self._pattern)

    def alternatives(self) -> _Part:
        """Up to the end, or to the ) of the group around."""
        parts = [self._sequence()]
        while self._take("|"):
            parts.append(self._sequence())
        return _Part(
            "|".join(part.source for part in parts),
            sum(part.ways for part in parts),
            all(part.anchored for part in parts),
        )

    def _sequence(self) -> _Part:
        parts: list[_Part] = []
        while not self.ended and self._pattern[self._at] not in "|)":
            parts.append(self._quantified(self._atom()))
        # What comes last in the whole pattern has fitted as soon as it fits at all.
        after = _Part("", first=_END) if self._depth == 0 else _Part("")
        return _Part(
            "".join(part.source for part in parts),
            prod(_ways(part, following) for part, following in pairwise([*parts, after])),
            bool(parts) and parts[0].source == "^",
        )

    def _atom(self) -> _Part:
        sign = self._next()
        if sign == "(":
            return self._group()
        if sign == "[":
            return _Part(self._set(), repeats="character")
        if sign == "\\":
            escaped = self._escaped(_SIGNS)
            first = "" if escaped in _SET_NAMES else self._pattern[self._at - 1]
            return _Part(escaped, repeats="character", first=first)
        if sign == "^":
            return _Part(sign)
        if sign == "$":
            return _Part(_END, first=_END)
        if sign == ".":
            return _Part(sign, repeats="character")
        if sign in "*+?":
            raise UnsafePattern(
                f"Nothing that could be repeated stands before {sign}; write \\{sign} for the sign itself."
            )
        if sign in "]{}":
            raise UnsafePattern(f"Write \\{sign} for the sign {sign} itself.")
        return _Part(re.escape(sign), repeats="character", first=sign)

    def _group(self) -> _Part:
        if self._take("?") and not self._take(":"):
            raise UnsafePattern("Of the groups only (…) and (?:…) may be used: no look-around, names or flags.")
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UnsafePattern(f"Groups stand at most {_DEEPEST} deep.")
        inner = self.alternatives()
        self._depth -= 1
        if not self._take(")"):
            raise UnsafePattern("A ( is not closed; write \\( for the sign itself.")
        return _Part(f"(?:{inner.source})", inner.ways, repeats="group")

    def _quantified(self, part: _Part) -> _Part:
        sign = "" if self.ended else self._pattern[self._at]
        if not sign or sign not in "*+?{":
            return part
        if not part.repeats:
            raise UnsafePattern("^ and $ cannot be repeated.")
        self._at += 1
        if part.repeats == "group":
            if sign != "?":
                raise UnsafePattern("A group may be followed by ? but not be repeated by * + or {…}.")
            self._take("?")
            return _Part(f"{part.source}?", part.ways + 1)
        least, most = {"*": (0, LONGEST_PATH), "+": (1, LONGEST_PATH), "?": (0, 1)}.get(sign) or self._counts()
        self._take("?")
        bound = "" if most == LONGEST_PATH else most
        return _Part(
            f"{part.source}{{{least},{bound}}}",
            min(most - least, LONGEST_PATH - 1) + 1,
            first=part.first if least else "",
            repeated=part.source,
        )

    def _counts(self) -> tuple[int, int]:
        found = _COUNTS.match(self._pattern, self._at)
        if not found:
            raise UnsafePattern("A quantifier in braces is {3}, {3,} or {3,5}; write \\{ for the sign itself.")
        self._at = found.end()
        least = int(found[1])
        most = int(found[3]) if found[3] else LONGEST_PATH if found[2] else least
        if not least <= most <= LONGEST_PATH:
            raise UnsafePattern(f"The numbers in braces rise, and go to {LONGEST_PATH} at most.")
        return least, most

    def _set(self) -> str:
        source = "[^" if self._take("^") else "["
        empty = True
        while not self._take("]"):
            low = self._member()
            # A - at the end stands for itself.
            if not self._pattern.startswith("-]", self._at) and self._take("-"):
                high = self._member()
                if {low, high} & _SET_NAMES or low[-1] > high[-1]:
                    raise UnsafePattern("A range in [ ] goes from one character up to another, such as a-z.")
                low = f"{low}-{high}"
            source, empty = source + low, False
        if empty:
            raise UnsafePattern("[ ] is empty; write \\] for the sign itself.")
        return f"{source}]"

    def _member(self) -> str:
        sign = self._next("A [ is not closed; write \\[ for the sign itself.")
        if sign == "\\":
            return self._escaped(_SIGNS | {"-"})
        if sign == "[":
            raise UnsafePattern("Write \\[ for the sign [ inside [ ].")
        return re.escape(sign)

    def _escaped(self, signs: frozenset[str]) -> str:
        sign = self._next("A \\ stands at the end; write \\\\ for the sign itself.")
        if sign in _SETS:
            return f"\\{sign}"
        if sign not in signs:
            raise UnsafePattern(f"\\{sign} cannot be used; \\d, \\w, their capitals, and signs such as \\. can.")
        return re.escape(sign)

    def _next(self, missing: str = "") -> str:
        if self.ended:
            raise UnsafePattern(missing)
        self._at += 1
        return self._pattern[self._at - 1]

    def _take(self, sign: str) -> bool:
        if not self._pattern.startswith(sign, self._at):
            return False
        self._at += len(sign)
        return True


def _ways(part: _Part, following: _Part) -> int:
    """In how many ways a search can go on after the part. A repeated character that cannot be the sign after it, such as
    `[^/]+` before `/`, has one: it ends where that sign stands, and whatever is shorter fails at once."""
    ends = following.first and (following.first == _END or not re.fullmatch(part.repeated, following.first, _FLAGS))
    return 1 if part.repeated and ends else part.ways
