"""Cursors: what is given out comes back as it was, and nothing else is taken."""

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.problems import ValidationFailed
from collector.web.paging import cursor_after, row_of
from tests.make import ORIGIN, make_key, submission

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


def test_pages_give_every_row_once_and_in_order_whatever_comes_meanwhile(client, site, database):
    def post(number: int) -> None:
        client.post(f"/v1/sites/{site.key}/responses", json=submission(number), headers={"Origin": ORIGIN})

    for number in range(5):
        post(number)
    with database.writing() as tx:
        headers = {"Authorization": f"Bearer {make_key(tx, 'responses:read')}"}
    seen, following, address = [], None, "/api/responses?limit=2&segment=passive"
    while address:
        reply = client.get(address, headers=headers)
        seen += [item["id"] for item in reply.json["items"]]
        post(100 + len(seen))
        following = reply.json["next"]
        link = reply.headers.get("Link")
        assert (following is None) == (link is None)
        address = link.partition(">")[0].removeprefix("<") if link and len(seen) < 6 else ""
        assert not address or address.startswith("/api/responses?limit=2&segment=passive&cursor=")
    assert seen == sorted(set(seen))
    assert len(seen) == 6


@pytest.mark.parametrize(
    "query", ["cursor=", "cursor=x", "limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "x=1"]
)
def test_a_page_that_cannot_be_is_refused_by_name(client, database, query):
    with database.writing() as tx:
        headers = {"Authorization": f"Bearer {make_key(tx, 'responses:read')}"}
    reply = client.get(f"/api/responses?{query}", headers=headers)
    assert (reply.status_code, reply.mimetype) == (422, "application/problem+json")
    assert [fault["parameter"] for fault in reply.json["errors"]] == [query.partition("=")[0]]
