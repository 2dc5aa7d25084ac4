"""Tokens that cannot be guessed, and fingerprints that can be stored in their place."""

import hashlib
from functools import lru_cache

#: 128 bits, as ASVS 5.0 (7.2.3) asks of a token that stands for a right.
SECRET_BYTES = 16


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


def fingerprint(token: str) -> bytes:
    """What is stored in place of a token or key: its SHA-256, 32 bytes. Enough for secrets of 128 random bits."""
    return hashlib.sha256(token.encode()).digest()
