"""Tokens that cannot be guessed, and fingerprints that can be stored in their place.

A token names the submission that it is about: it needs no index of random values, which would cost more with every million
of them, and it tells which tenant's table to look into."""

import base64
import binascii
import hashlib
import hmac
from functools import lru_cache
from uuid import UUID

#: 128 bits, as ASVS 5.0 (7.2.3) asks of a token that stands for a right.
SECRET_BYTES = 16

#: A site's number, in bytes; a submission's id has sixteen.
_SITE_BYTES = 5
_PLACE_BYTES = _SITE_BYTES + 16


def secret(key: bytes, purpose: str, *parts: bytes) -> bytes:
    """Sixteen bytes that only the holder of `key` can make of `parts`: BLAKE2b with a key (RFC 7693, section 2.9).

    They are derived, not drawn: a repeated submission gets the same token without a stored secret. Each part's length is
    signed with it, so that no two lists of parts run together; another purpose gives another secret."""
    message = b"".join(len(part).to_bytes(4, "big") + part for part in (purpose.encode(), *parts))
    return hashlib.blake2b(message, digest_size=SECRET_BYTES, key=_whole_key(key)).digest()


@lru_cache(maxsize=8)
def _whole_key(key: bytes) -> bytes:
    # BLAKE2b takes no key above 64 bytes; a setting may be longer.
    return hashlib.sha512(key).digest()


def token_for(key: bytes, purpose: str, site: int, submission: UUID) -> str:
    """The token of a submission for a purpose, the same each time: 50 signs of base64url (RFC 4648, section 5)."""
    place = site.to_bytes(_SITE_BYTES, "big") + submission.bytes
    return base64.urlsafe_b64encode(place + secret(key, purpose, place)).rstrip(b"=").decode("ascii")


def place_of(token: str) -> tuple[int, UUID] | None:
    """The site and submission that a token names, `None` when it is not one. Says nothing of its secret."""
    try:
        made = base64.urlsafe_b64decode(f"{token}==")
    except (ValueError, binascii.Error):
        return None
    if len(made) != _PLACE_BYTES + SECRET_BYTES:
        return None
    return int.from_bytes(made[:_SITE_BYTES], "big"), UUID(bytes=made[_SITE_BYTES:_PLACE_BYTES])


def signed_place(key: bytes, purpose: str, token: str) -> tuple[int, UUID] | None:
    """The site and submission that a token names, if `key` made it for this purpose."""
    place = place_of(token)
    made = token_for(key, purpose, *place) if place else ""
    return place if place and hmac.compare_digest(made.encode(), token.encode()) else None


def fingerprint(token: str) -> bytes:
    """What is stored in place of a token or key: its SHA-256, 32 bytes. Enough for secrets of 128 random bits."""
    return hashlib.sha256(token.encode()).digest()
