"""Tokens that cannot be guessed, and fingerprints that can be stored in their place.

A token names the submission that it is about: it needs no index of random values, which would cost more with every million
of them, and it tells which tenant's table to look into."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

#: 128 bits, as ASVS 5.0 (7.2.3) asks of a token that stands for a right.
SECRET_BYTES = 16

#: A site's number, in bytes; a submission's id has sixteen.
_SITE_BYTES = 5
_PLACE_BYTES = _SITE_BYTES + 16


def every(key: bytes) -> list[bytes]:
    """The keys that are believed, the newest first. A key is one line or several: what is made is made with the first, and
    what an older one made, on a line of its own, is read too."""
    return key.split(b"\n")


def secret(key: bytes, purpose: str, *parts: bytes) -> bytes:
    """Sixteen bytes that only the holder of the newest `key` can make of `parts`: BLAKE2b with a key (RFC 7693, section 2.9).

    They are derived, not drawn: a repeated submission gets the same token without a stored secret. Each part's length is
    signed with it, so that no two lists of parts run together; another purpose gives another secret."""
    begun = _begun(key, purpose).copy()
    for part in parts:
        begun.update(len(part).to_bytes(4, "big") + part)
    return begun.digest()


@lru_cache(maxsize=32)
def _begun(key: bytes, purpose: str) -> "hashlib.blake2b":
    # BLAKE2b takes no key above 64 bytes; a setting may be longer.
    whole = hashlib.sha512(every(key)[0]).digest()
    name = purpose.encode()
    return hashlib.blake2b(len(name).to_bytes(4, "big") + name, digest_size=SECRET_BYTES, key=whole)


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
    """The site and submission that a token names, if `key`, or an older one, made it for this purpose."""
    place = place_of(token)
    if place is None:
        return None
    return place if is_one_of(token, [token_for(one, purpose, *place) for one in every(key)]) else None


def is_one_of(given: str, made: Iterable[str]) -> bool:
    """Whether something that was given is what one of the keys made of it. Each is compared in constant time."""
    return any(hmac.compare_digest(one.encode(), given.encode()) for one in made)


def fingerprint(token: str) -> bytes:
    """What is stored in place of a token or key: its SHA-256, 32 bytes. Enough for secrets of 128 random bits."""
    return hashlib.sha256(token.encode()).digest()
