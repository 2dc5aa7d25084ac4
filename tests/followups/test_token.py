"""A follow-up's token: it names its place, and no other token is taken there."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.followups.token import make_token
from collector.signing import place_of
from tests.intake.test_submit import send
from tests.make import make_site, submission

KEY = b"a key for tests that is long enough to be one"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What a token is good for is no matter of where its fingerprint lies."""
    return sqlite_url


@given(st.integers(0, 2**40 - 1), st.uuids())
def test_a_token_names_its_place(site, submission_id):
    assert place_of(make_token(KEY, site, submission_id)) == (site, submission_id)


@given(st.text(max_size=60))
def test_any_other_text_names_none_or_some_place(text):
    found = place_of(text)
    assert found is None or found[0] < 2**40


def test_a_token_with_one_bit_turned_is_no_token(client, site):
    token = send(client, site, submission(1)).json["follow_up"]["token"]
    made = base64.urlsafe_b64decode(f"{token}==")
    for place in range(len(made) * 8):
        turned = bytearray(made)
        turned[place // 8] ^= 1 << place % 8
        other = base64.urlsafe_b64encode(turned).rstrip(b"=").decode()
        assert client.post(f"/v1/follow-ups/{other}", json={"text": "x"}).status_code == 404
    # The last sign carries four bits that mean nothing; they have to be right all the same.
    for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        status = client.post(f"/v1/follow-ups/{token[:-1]}{sign}", json={"text": "x"}).status_code
        assert status == (200 if sign == token[-1] else 404)


def test_a_secret_of_another_follow_up_gives_no_right(client, site, database):
    with database.writing() as tx:
        other = make_site(tx, name="Other")
    tokens = [
        base64.urlsafe_b64decode(f"{send(client, where, submission(number)).json['follow_up']['token']}==")
        for where, number in ((site, 1), (site, 2), (other, 1))
    ]
    for place, secret in ((0, 1), (1, 0), (0, 2), (2, 0)):
        mixed = base64.urlsafe_b64encode(tokens[place][:21] + tokens[secret][21:]).rstrip(b"=").decode()
        assert client.post(f"/v1/follow-ups/{mixed}", json={"text": "x"}).status_code == 404
