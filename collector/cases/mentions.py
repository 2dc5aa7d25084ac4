"""Who a note calls: @ and a colleague's name, as in "@Ann, what do you think?"."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a note. `member` is the number of the colleague whom it names, `None` for all other words."""

    text: str
    member: int | None = None


def parts(text: str, names: Mapping[int, str]) -> tuple[Part, ...]:
    """`text` in pieces that give it back when put together. A colleague is named by the whole name, or by its first word where
    only one has it, in any letters, as a word of its own; an @ within a word, as in an address, calls nobody."""
    called = _called(names)
    found: list[Part] = []
    rest = begin = 0
    while (begin := text.find("@", begin)) >= 0:
        match = _match(text, begin, called)
        if match is None:
            begin += 1
            continue
        end, member = match
        if rest < begin:
            found.append(Part(text[rest:begin]))
        found.append(Part(text[begin:end], member))
        rest = begin = end
    return (*found, Part(text[rest:])) if rest < len(text) else tuple(found)


def mentioned(text: str, names: Mapping[int, str]) -> frozenset[int]:
    """The numbers of the colleagues whom `text` calls."""
    return frozenset(part.member for part in parts(text, names) if part.member is not None)


def _called(names: Mapping[int, str]) -> list[tuple[str, int]]:
    """What each colleague may be called, longest first, so that a whole name goes before its beginning."""
    first = Counter(name.split()[0].lower() for name in names.values() if name.split())
    whole = Counter(" ".join(name.split()).lower() for name in names.values())
    called = [(name, member) for member, name in _lowered(names) if whole[name] == 1]
    called += [
        (name.split()[0], member) for member, name in _lowered(names) if " " in name and first[name.split()[0]] == 1
    ]
    return sorted(called, key=lambda one: (-len(one[0]), one))


def _lowered(names: Mapping[int, str]) -> list[tuple[int, str]]:
    return [(member, " ".join(name.split()).lower()) for member, name in names.items() if name.strip()]


def _match(text: str, at: int, called: list[tuple[str, int]]) -> tuple[int, int] | None:
    if at and text[at - 1].isalnum():
        return None
    for name, member in called:
        end = at + 1 + len(name)
        if text[at + 1 : end].lower() == name and not text[end : end + 1].isalnum():
            return end, member
    return None
