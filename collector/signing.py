"""Tokens that cannot be guessed, and fingerprints that can be stored in their place."""

import hashlib
import hmac

#: 128 bits, as ASVS 5.0 (7.2.3) asks of a token that stands for a right.
SECRET_BYTES = 16


def secret(key: bytes, purpose: str, *parts: bytes) -> bytes:
    """Sixteen bytes that only the holder of `key` can make of `parts`: HMAC-SHA-256 (RFC 2104), cut to 128 bits.

    They are derived, not drawn: a repeated submission gets the same token without a stored secret. Each part's length is
    signed with it, so that no two lists of parts run together; another purpose gives another secret."""
    message = b"".join(len(part).to_bytes(4, "big") + part for part in (purpose.encode(), *parts))
    return hmac.digest(key, message, "sha256")[:SECRET_BYTES]


def fingerprint(token: str) -> bytes:
    """What is stored in place of a token or key: its SHA-256, 32 bytes. Enough for secrets of 128 random bits."""
    return hashlib.sha256(token.encode()).digest()
