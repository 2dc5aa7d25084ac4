"""The number that stands for a table, and the place in it: the same for the same values, whatever the database."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.moving.position import position_key, position_text
from collector.moving.tally import Difference, Tally, canonical

PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.binary(), st.uuids(), st.floats(allow_nan=False)
)
ROWS = st.lists(st.tuples(PLAIN, PLAIN), max_size=6)
NO_DOCUMENTS = (False, False)


@given(ROWS, st.randoms())
def test_the_order_of_rows_does_not_matter_and_a_tally_can_be_gone_on_with(rows, random):
    whole = Tally().plus(rows, NO_DOCUMENTS)
    mixed = random.sample(rows, len(rows))
    cut = random.randint(0, len(rows))
    assert Tally().plus(mixed[:cut], NO_DOCUMENTS).plus(mixed[cut:], NO_DOCUMENTS) == whole


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        ((None, ""), ("", None)),
        ((1, 0), (True, 0)),
        ((0, 0), (False, 0)),
        (("1", 0), (1, 0)),
        ((b"a", 0), ("a", 0)),
        ((0.0, 0), (0, 0)),
        (("é", 0), ("e\u0301", 0)),
        ((datetime(2026, 1, 1, tzinfo=UTC), 0), (datetime(2026, 1, 1, microsecond=1, tzinfo=UTC), 0)),
        ((UUID(int=1), 0), (UUID(int=1).bytes, 0)),
    ],
)
def test_rows_that_differ_are_told_apart(one, other):
    assert Tally().plus([one], NO_DOCUMENTS) != Tally().plus([other], NO_DOCUMENTS)


def test_one_time_in_two_zones_and_one_document_in_two_hands_are_the_same():
    utc = datetime(2026, 6, 1, 12, tzinfo=UTC)
    kathmandu = utc.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert canonical((utc,), (False,)) == canonical((kathmandu,), (False,))
    assert canonical(('{"a": 1, "ü": [2]}',), (True,)) == canonical(('{"\\u00fc":[2],"a":1}',), (True,))
    assert canonical(("[1]",), (True,)) != canonical(("[1]",), (False,))
    assert canonical(("null",), (True,)) != canonical((None,), (True,))


@pytest.mark.parametrize("value", [datetime(2026, 1, 1), memoryview(b"x"), [1]])  # noqa: DTZ001 - the fault is the point
def test_a_value_of_unknown_kind_is_never_compared_by_guess(value):
    with pytest.raises(TypeError, match="no canonical form"):
        canonical((value,), (False,))


def test_a_difference_says_which_table_and_how_many():
    assert str(Difference("response", Tally(1000, 1), Tally(999, 2))) == (
        "response: 1,000 rows in the source, 999 in the target"
    )
    assert str(Difference("site", Tally(2, 1), Tally(2, 3))) == "site: 2 rows in both, but not the same"


@pytest.mark.parametrize(
    "key", [(7,), ("a", 2), (b"\x00\xff",), (UUID(int=9), "z"), (datetime(2026, 1, 1, 5, microsecond=7, tzinfo=UTC),)]
)
def test_a_place_is_found_again(key):
    assert position_key(position_text(key)) == key


def test_a_key_of_unknown_kind_has_no_place():
    with pytest.raises(TypeError):
        position_text((1.5,))
