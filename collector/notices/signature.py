"""How a program can tell that a message is ours: Standard Webhooks, version 1, with one secret for each rule and address."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

from collector.signing import secret

_PREFIX = "whsec_"


def signing_secret(key: bytes, rule: int, address: str) -> str:
    """The secret of a rule's address, as the other end wants it. It is derived, not kept; another address has another one,
    so that whoever changes where messages go cannot have them signed for where they went before."""
    parts = (str(rule).encode(), address.encode())
    # Two of sixteen bytes: the specification asks for at least 24.
    made = secret(key, "notice hook", *parts) + secret(key, "notice hook, second half", *parts)
    return _PREFIX + base64.b64encode(made).decode("ascii")


def signed_headers(signing: Iterable[str], name: str, seconds: int, body: bytes) -> dict[str, str]:
    """The headers that sign `body`, under each secret that the other end may know. `name` stays the same over all tries of a
    message, `seconds` is when this one is made."""
    content = f"{name}.{seconds}.".encode() + body
    return {
        "webhook-id": name,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(_signature(one, content) for one in signing),
    }


def _signature(signing: str, content: bytes) -> str:
    digest = hmac.digest(base64.b64decode(signing.removeprefix(_PREFIX)), content, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode('ascii')}"
