"""The token under which a follow-up is answered: where it lies, and the secret that gives the right.

A token that names its follow-up needs no index of random values, which would cost more with every million of them, and
tells which tenant's table to look into."""

import base64
import binascii
from uuid import UUID

from collector.signing import SECRET_BYTES, secret

#: What the secret is good for; another purpose has another one.
PURPOSE = "follow-up"

#: A site's number, in bytes; a submission's id has sixteen.
_SITE_BYTES = 5
_PLACE_BYTES = _SITE_BYTES + 16


def make_token(key: bytes, site: int, submission: UUID) -> str:
    """The token of a submission's follow-up, the same each time: 50 signs of base64url (RFC 4648, section 5)."""
    place = site.to_bytes(_SITE_BYTES, "big") + submission.bytes
    return base64.urlsafe_b64encode(place + secret(key, PURPOSE, place)).rstrip(b"=").decode("ascii")


def place_of(token: str) -> tuple[int, UUID] | None:
    """The site and submission that a token names, `None` when it is not one. Says nothing of its secret: whether the token
    is right, the fingerprint that is stored there decides."""
    try:
        made = base64.urlsafe_b64decode(f"{token}==")
    except (ValueError, binascii.Error):
        return None
    if len(made) != _PLACE_BYTES + SECRET_BYTES:
        return None
    return int.from_bytes(made[:_SITE_BYTES], "big"), UUID(bytes=made[_SITE_BYTES:_PLACE_BYTES])
