"""Who the site says its visitor is: believed with a right signature for a day at most, and never otherwise."""

from dataclasses import replace
from datetime import timedelta

import pytest

from collector.contacts.identity import LONGEST, Identity, doubt, sign, signed_text
from tests.make import NOW

SITE = "site_example"
SECRET = "0123456789abcdef0123456789abcdef"
ANN = Identity("user-7", "ann@example.com", None, int(NOW.timestamp()) + 3600, "")


def signed(identity: Identity = ANN, secret: str = SECRET, site: str = SITE) -> Identity:
    return replace(identity, signature=sign(secret, signed_text(site, identity)))


def test_the_documented_example_is_what_is_signed():
    identity = Identity("user-7", "ann@example.com", None, 1763800000, "")
    text = "lukewarm-identity-1\nsite_example\nuser-7\nann@example.com\n\n1763800000"
    assert signed_text(SITE, identity) == text
    assert sign(SECRET, text) == "c6e7c6d5320d7258665678b4f47ffbd7b45ec23e1c9eee545a05068530535fd1"


def test_a_right_signature_is_believed_in_small_and_capital_digits():
    assert doubt(signed(), SITE, [SECRET], NOW) is None
    capital = replace(signed(), signature=signed().signature.upper())
    assert doubt(capital, SITE, ["f" * 32, SECRET], NOW) is None


@pytest.mark.parametrize(
    ("identity", "why"),
    [
        (signed(secret="f" * 32), "wrong signature"),
        (signed(site="site_other"), "wrong signature"),
        (replace(signed(), id="user-8"), "wrong signature"),
        (replace(signed(), email="eve@example.com"), "wrong signature"),
        (replace(signed(), email=None), "wrong signature"),
        (replace(signed(), phone="+447400123456"), "wrong signature"),
        (replace(signed(), expires=ANN.expires + 1), "wrong signature"),
        (replace(signed(), signature="é" * 64), "wrong signature"),
        (signed(replace(ANN, expires=int(NOW.timestamp()))), "expired"),
        (signed(replace(ANN, expires=int(NOW.timestamp()) + LONGEST + 1)), "lasts too long"),
        (signed(replace(ANN, id="user-7\nann@example.com", email=None)), "malformed"),
    ],
)
def test_anything_else_is_not_believed(identity: Identity, why: str):
    assert doubt(identity, SITE, [SECRET], NOW) == why


def test_an_identity_ends():
    assert doubt(signed(), SITE, [SECRET], NOW + timedelta(hours=1)) == "expired"
