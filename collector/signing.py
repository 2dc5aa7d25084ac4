"""Tokens that cannot be guessed, and fingerprints that can be stored in their place."""

import base64
import hashlib
import hmac

#: 128 bits, as ASVS 5.0 (7.2.3) asks of a token that stands for a right.
_TOKEN_BYTES = 16


def token(key: bytes, purpose: str, *parts: bytes) -> str:
    """The token for `parts` under `purpose`: HMAC-SHA-256 (RFC 2104), cut to 128 bits, 22 signs of base64url.

    It is derived, not drawn: a repeated submission gets the same token without a stored secret. Each part's length is
    signed with it, so that no two lists of parts run together; another purpose gives another token."""
    message = b"".join(len(part).to_bytes(4, "big") + part for part in (purpose.encode(), *parts))
    digest = hmac.new(key, message, hashlib.sha256).digest()[:_TOKEN_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def fingerprint(secret: str) -> bytes:
    """What is stored in place of a token or key: its SHA-256, 32 bytes. Enough for secrets of 128 random bits."""
    return hashlib.sha256(secret.encode()).digest()
