"""An owner's colour: kept where it can be seen, corrected where it cannot, refused where it is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.problems import ValidationFailed
from collector.surveys.appearance import (
    BLACK,
    DARK_GROUND,
    LIGHT_GROUND,
    PART_CONTRAST,
    TEXT_CONTRAST,
    WHITE,
    accent,
    colour,
    contrast,
    written,
)

COLOURS = st.tuples(*(st.integers(0, 255),) * 3)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#ffffff", "#000000", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        # Borders that auditors know by heart: the palest grey that passes with white, and the one before it.
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#949494", "#ffffff", 3.03),
        ("#ff0000", "#ffffff", 4.00),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_what_wcag_says(one, other, ratio):
    assert round(contrast(colour(one), colour(other)), 2) == ratio
    assert contrast(colour(one), colour(other)) == contrast(colour(other), colour(one))


@given(COLOURS)
def test_every_colour_becomes_one_that_is_seen_and_carries_readable_text(own):
    made = accent(written(own))
    for shade, text, ground in ((made.light, made.on_light, LIGHT_GROUND), (made.dark, made.on_dark, DARK_GROUND)):
        assert contrast(colour(shade), ground) >= PART_CONTRAST
        assert contrast(colour(shade), colour(text)) >= TEXT_CONTRAST


@given(COLOURS)
def test_a_colour_that_is_seen_is_left_as_it_is(own):
    made = accent(written(own))
    assert (made.light == written(own)) is (contrast(own, LIGHT_GROUND) >= PART_CONTRAST)
    assert (made.dark == written(own)) is (contrast(own, DARK_GROUND) >= PART_CONTRAST)


def test_a_correction_goes_no_further_than_it_must():
    yellow = accent("#ffee00")
    assert contrast(colour(yellow.light), LIGHT_GROUND) < PART_CONTRAST + 0.1
    assert yellow.dark == "#ffee00"
    navy = accent("#000080")
    assert contrast(colour(navy.dark), DARK_GROUND) < PART_CONTRAST + 0.1
    assert navy.light == "#000080"


def test_short_and_capital_digits_name_the_same_colour():
    assert colour("#0AF") == colour("#00aaff") == colour("#00AAFF") == (0, 170, 255)
    assert written(colour("#0AF")) == "#00aaff"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#",
        "red",
        "0f766e",
        "#0f766",
        "#0f766e00",
        "#12",
        "rgb(1,2,3)",
        "#0f766g",
        "#٠f766e",
        "#fff;}",
        " #fff",
        "#fff\n",
    ],
)
def test_what_is_no_colour_is_refused_with_a_sentence(text):
    with pytest.raises(ValidationFailed) as refused:
        accent(text)
    assert "Write one as #rrggbb" in refused.value.faults[0].detail


def test_black_and_white_are_corrected_on_their_own_ground_only():
    assert accent(written(WHITE)).dark == "#ffffff"
    assert accent(written(BLACK)).light == "#000000"
    assert accent(written(WHITE)).light != "#ffffff"
    assert accent(written(BLACK)).dark != "#000000"
