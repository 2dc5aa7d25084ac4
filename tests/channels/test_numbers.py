"""A-52: which numbers are written to, and how neighbours are told."""

import pytest

from collector.channels.sms.number import country_of, prefix_of, refusal


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("+447400123456", None),
        ("+358401234567", "not allowed"),
        ("+12125550123", "not allowed"),  # a country where landlines and mobiles look alike
        ("+448712345678", "premium"),
        ("+449098791234", "premium"),
        ("+448081570123", "service number"),
        ("+442079460958", "landline"),
        ("+447640123456", "pager"),
        ("+999123456789", "not a phone number"),
        ("+44740012345", "Nobody has"),
        ("+٤٤٧٤٠٠١٢٣٤٥٦٧٨٩", "Nobody has"),
        ("FLOWERS", "not a phone number"),
    ],
)
def test_a52_only_mobile_numbers_in_countries_that_are_allowed_are_written_to(number: str, word: str | None):
    found = refusal(number, ("GB",))
    assert (found is None) if word is None else (word in found)


def test_a52_without_a_country_nobody_is_written_to():
    assert "not allowed" in refusal("+447400123456", ())


def test_neighbours_share_a_prefix_that_names_nobody():
    assert {prefix_of(f"+44740012{number:04}") for number in range(10_000)} == {"4474001"}
    assert prefix_of("+37251234567") == "372512"
    assert prefix_of("+6834567") == "68"


def test_a_number_names_its_country():
    assert [country_of(number) for number in ("+358401234567", "+16135550123", "12345")] == ["FI", "CA", None]
