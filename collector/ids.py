"""Names for things: public ids with a prefix that tells what they belong to, and the UUIDs that browsers make."""

import re
import secrets
from uuid import UUID

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def public_id(prefix: str, length: int = 16) -> str:
    """A fresh random name such as `site_6Kx…`. 16 signs of 57 carry 93 bits; signs that look alike are left out."""
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(length))}"


def parse_uuid(text: str) -> UUID | None:
    """The UUID written in `text` in its hyphenated form (RFC 9562, section 4), else `None`. Any version is taken."""
    return UUID(text) if _UUID.fullmatch(text) else None
