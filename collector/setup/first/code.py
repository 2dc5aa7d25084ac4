"""The one-time code of the set-up page."""

import base64
import hmac

from collector.signing import secret


def setup_code(key: bytes) -> str:
    """The code that opens the set-up page: 26 small letters and digits, 128 bits. It is made from the installation's key, so
    that all processes say the same and none has to keep it. It is worth nothing once somebody can sign in."""
    return base64.b32encode(secret(key, "setup")).rstrip(b"=").decode("ascii").lower()


def is_setup_code(key: bytes, text: str) -> bool:
    """Whether this is the code. Takes as long for a wrong one."""
    return hmac.compare_digest(setup_code(key).encode(), text.strip().lower().encode())
