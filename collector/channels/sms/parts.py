"""How a text travels as an SMS: in GSM's own alphabet or in UCS-2, and in how many parts (3GPP TS 23.038, section 6.2, and
TS 23.040, section 9.2.3.24.1). Each part is paid for."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Written as an escape and a sign: two septets that may not be parted.
_EXTENDED = frozenset("\f^{}\\[~]|€")

#: Units in a message of one part, and in each part of a longer one, which carries a header of six octets.
_ROOM: dict[Encoding, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}

#: Typographic signs that would make the whole message UCS-2 and so up to twice as dear, and what says the same for less.
_CHEAPER = str.maketrans(
    {
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2011": "-", "\u2013": "-", "\u2014": "-", "\u2026": "...",
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
        "\u00ab": '"', "\u00bb": '"', "\u2022": "-", "\t": " ",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """A text as it is sent. `parts` in their order; `left` is how many units the last one still takes."""

    encoding: Encoding
    parts: tuple[str, ...]
    left: int

    def cost(self, price: Decimal) -> Decimal:
        """What the message costs at `price` a part."""
        return price * len(self.parts)


def cheaper(text: str) -> str:
    """`text` with typographic signs written plainly. Letters stay: a name without its accents is another name."""
    return text.translate(_CHEAPER)


def measure(text: str) -> Measured:
    """The parts of a text. No part ends within a sign: neither between an escape and what it escapes nor between the halves
    of a surrogate pair."""
    encoding: Encoding = "GSM-7" if _BASIC.union(_EXTENDED).issuperset(text) else "UCS-2"
    whole, part = _ROOM[encoding]
    total = sum(_units(sign, encoding) for sign in text)
    if total <= whole:
        return Measured(encoding, (text,), whole - total)
    parts = [""]
    used = 0
    for sign in text:
        units = _units(sign, encoding)
        if used + units > part:
            parts.append("")
            used = 0
        parts[-1] += sign
        used += units
    return Measured(encoding, tuple(parts), part - used)


def _units(sign: str, encoding: Encoding) -> int:
    if encoding == "GSM-7":
        return 2 if sign in _EXTENDED else 1
    return 2 if ord(sign) > 0xFFFF else 1
