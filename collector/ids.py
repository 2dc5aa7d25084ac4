"""Names for things: public ids with a prefix that tells what they belong to, and the UUIDs that browsers make."""

import re
import secrets
from datetime import UTC, datetime
from uuid import UUID

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
#: For what people copy from paper: one case, nothing that looks alike.
_COPIED = "23456789abcdefghjkmnpqrstuvwxyz"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def public_id(prefix: str, length: int = 16) -> str:
    """A fresh random name such as `site_6Kx…`. 16 signs of 57 carry 93 bits; signs that look alike are left out."""
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(length))}"


def recovery_code() -> str:
    """A fresh random code to write down, such as `k7mf-2xqp-9wda-hh3z`. 16 signs of 31 carry 79 bits."""
    return "-".join("".join(secrets.choice(_COPIED) for _ in range(4)) for _ in range(4))


def parse_uuid(text: str) -> UUID | None:
    """The UUID written in `text` in its hyphenated form (RFC 9562, section 4), else `None`. Any version is taken."""
    return UUID(text) if _UUID.fullmatch(text) else None


def new_uuid(now: datetime) -> UUID:
    """A fresh UUID of version 7 (RFC 9562, section 5.7), as browsers make them for submissions: the time to a millisecond, and
    74 random bits."""
    milliseconds = int(now.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62))


def made_at(made: UUID) -> datetime | None:
    """The time in a UUID of version 7; `None` for every other, and for a time after the year 9999."""
    if made.version != 7:
        return None
    try:
        return datetime.fromtimestamp((made.int >> 80) / 1000, UTC)
    except (ValueError, OverflowError):
        return None


def number_in(text: str) -> int | None:
    """The number of a row that stands in `text` in plain digits; `None` when none does."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
