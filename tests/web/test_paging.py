"""Cursors: what is given out comes back as it was, and nothing else is taken."""

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.problems import ValidationFailed
from collector.web.paging import cursor_after, row_of

ROWS = st.integers(1, 2**63 - 1)


@given(ROWS)
def test_a_cursor_comes_back_as_its_row(row):
    cursor = cursor_after(row)
    assert row_of(cursor) == row
    assert cursor.isascii()
    assert set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(ROWS, ROWS)
def test_two_rows_have_two_cursors(one, other):
    assert (cursor_after(one) == cursor_after(other)) == (one == other)


@given(st.text(max_size=60) | st.text("ABCMcjkyMDExNwQgz-_=", max_size=8))
def test_what_was_not_given_out_is_refused(text):
    with suppress(ValidationFailed):
        assert cursor_after(row_of(text)) == text


@pytest.mark.parametrize(
    "inside",
    [b"r0", b"r-1", b"r01", b"1", b"R1", b"r1 ", b" r1", b"r1\n", b"r1.0", b"r\xd9\xa1", b"r9223372036854775808"],
)
def test_a_forged_cursor_is_refused(inside):
    with pytest.raises(ValidationFailed):
        row_of(base64.urlsafe_b64encode(inside).rstrip(b"=").decode())
