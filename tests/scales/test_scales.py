"""How scores are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.scales import SCALES, SEGMENTS

EXPECTED = {
    "nps": {"detractor": range(0, 7), "passive": range(7, 9), "promoter": range(9, 11)},
    "csat": {"dissatisfied": range(1, 3), "neutral": range(3, 4), "satisfied": range(4, 6)},
    "ces": {"difficult": range(1, 4), "undecided": range(4, 5), "easy": range(5, 8)},
    "thumbs": {"down": range(0, 1), "up": range(1, 2)},
}


@pytest.mark.parametrize("name", SCALES)
def test_each_score_has_the_segment_that_the_scale_says(name: str):
    scale = SCALES[name]
    read = {score: scale.band(score).segment for score in range(scale.lowest, scale.highest + 1)}
    assert read == {score: segment for segment, scores in EXPECTED[name].items() for score in scores}


@given(st.sampled_from(list(SCALES.values())), st.integers())
def test_a_score_is_in_one_band_or_off_the_scale(scale, score):
    bands = [band for band in scale.bands if band.lowest <= score <= band.highest]
    if scale.lowest <= score <= scale.highest:
        assert bands == [scale.band(score)]
    else:
        with pytest.raises(ValueError, match="not on the scale"):
            scale.band(score)


def test_bands_join_without_a_gap():
    for scale in SCALES.values():
        for lower, upper in zip(scale.bands, scale.bands[1:], strict=False):
            assert upper.lowest == lower.highest + 1


def test_only_nps_has_passives():
    assert [name for name, scale in SCALES.items() if any(band.segment == "passive" for band in scale.bands)] == ["nps"]
    assert len(set(SEGMENTS)) == len(SEGMENTS)


def test_thumbs_have_no_middle():
    assert [band.place for band in SCALES["thumbs"].bands] == ["low", "high"]
