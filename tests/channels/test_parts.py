"""Parts of a message: the standard's sizes, nothing torn, nothing wasted."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector.channels.sms.parts import cheaper, measure

GSM = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !#¤%&()*+,-./0123456789:;<=>?¡AZÄÖÑÜ§¿azäöñüà\n"
TWO = "^{}\\[~]|€"


@pytest.mark.parametrize(
    ("text", "encoding", "parts", "left"),
    [
        ("", "GSM-7", 1, 160),
        ("a" * 160, "GSM-7", 1, 0),
        ("a" * 161, "GSM-7", 2, 145),
        ("a" * 306, "GSM-7", 2, 0),
        ("a" * 307, "GSM-7", 3, 152),
        ("€" * 80, "GSM-7", 1, 0),
        ("€" * 81, "GSM-7", 2, 143),  # 76 signs fill 152 of 153; the 77th goes over whole
        ("ç", "UCS-2", 1, 69),
        ("é" * 160, "GSM-7", 1, 0),
        ("я" * 70, "UCS-2", 1, 0),
        ("я" * 71, "UCS-2", 2, 63),
        ("😀" * 35, "UCS-2", 1, 0),
        ("😀" * 36, "UCS-2", 2, 61),  # 33 pairs fill 66 of 67
    ],
)
def test_a_text_takes_as_many_parts_as_the_standard_says(text: str, encoding: str, parts: int, left: int):
    found = measure(text)
    assert (found.encoding, len(found.parts), found.left) == (encoding, parts, left)


def units(text: str, encoding: str) -> int:
    if encoding == "GSM-7":
        return len(text) + sum(sign in TWO for sign in text)
    return len(text.encode("utf-16-be")) // 2


TEXTS = st.one_of(st.text(st.sampled_from(GSM + TWO), max_size=700), st.text(max_size=300))


@given(TEXTS)
@example("a" * 152 + "€" * 10)
@example("я" * 66 + "😀" * 5)
def test_parts_are_the_text_whole_within_their_room_and_never_fewer_than_they_could_hold(text: str):
    found = measure(text)
    whole, room = (160, 153) if found.encoding == "GSM-7" else (70, 67)
    assert "".join(found.parts) == text
    assert (len(found.parts) == 1) == (units(text, found.encoding) <= whole)
    if len(found.parts) > 1:
        assert all(0 < units(part, found.encoding) <= room for part in found.parts)
        for part, after in zip(found.parts, found.parts[1:], strict=False):
            assert units(part + after[0], found.encoding) > room
        whole = room
    assert found.left == whole - units(found.parts[-1], found.encoding)


@given(TEXTS)
def test_writing_plainly_never_costs_more_and_leaves_letters_alone(text: str):
    plain = cheaper(text)
    assert len(measure(plain).parts) <= len(measure(text).parts) or "…" in text
    assert [sign for sign in plain if sign.isalpha()] == [sign for sign in text if sign.isalpha()]


def test_typographic_signs_do_not_make_a_message_dear():
    dear = "What’s “one thing” – just one… that we could do better?\u00a0" + "a" * 80
    assert (measure(dear).encoding, measure(cheaper(dear)).encoding) == ("UCS-2", "GSM-7")
    assert measure(dear).cost(Decimal("0.05")) == Decimal("0.15")
    assert measure(cheaper(dear)).cost(Decimal("0.05")) == Decimal("0.05")
