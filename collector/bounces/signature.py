"""Whether a call comes from somebody who has the secret, and is not an old one that somebody kept."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

#: How far the caller's clock may be from ours, and for how long a call that was overheard could be repeated.
WINDOW = timedelta(minutes=5)
_VERSION = b"lukewarm-hook-1"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 (RFC 2104) under the secret's own letters, as 64 small hexadecimal digits, of three parts with a line feed
    between them: `lukewarm-hook-1`, the timestamp as it was sent, and the body's bytes."""
    return hmac.new(secret.encode(), b"\n".join((_VERSION, timestamp.encode(), body)), hashlib.sha256).hexdigest()


def is_genuine(secret: str | None, timestamp: str, signed: str, body: bytes, now: datetime) -> bool:
    """Whether `signed` is the signature of this body, made within the window. Without a secret nothing is. Compared in constant
    time."""
    expected = signature(secret or "", timestamp, body)
    is_signed = hmac.compare_digest(expected.encode(), signed.lower().encode())
    if secret is None or not is_signed or not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 11):
        return False
    return abs(now - datetime.fromtimestamp(int(timestamp), UTC)) <= WINDOW
