"""Who a site says its visitor is. The site's server signs it, so that nobody can bring along another person's address."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from collector.signing import is_one_of

#: A signature that is good for longer than this is refused: it would be a password written into a page.
LONGEST = 86_400
_VERSION = "lukewarm-identity-1"

Doubt = Literal["malformed", "expired", "lasts too long", "wrong signature"]


@dataclass(frozen=True, slots=True)
class Identity:
    """What came over the wire, checked for types. `expires` in seconds since 1970, UTC; `signature` in hexadecimal."""

    id: str
    email: str | None
    phone: str | None
    expires: int
    signature: str


def signed_text(site: str, identity: Identity) -> str:
    """What is signed: six lines, parted by line feeds, an absent value as an empty line, none at the end."""
    lines = (_VERSION, site, identity.id, identity.email or "", identity.phone or "", str(identity.expires))
    return "\n".join(lines)


def sign(secret: str, text: str) -> str:
    """HMAC-SHA256 (RFC 2104) of `text` in UTF-8 under the secret's own letters, as 64 small hexadecimal digits."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def doubt(identity: Identity, site: str, secrets: Iterable[str], now: datetime) -> Doubt | None:
    """Why this identity is not believed under any of the site's secrets; `None` when it is."""
    if any("\n" in part or "\r" in part for part in (identity.id, identity.email or "", identity.phone or "")):
        return "malformed"
    text = signed_text(site, identity)
    if not is_one_of(identity.signature.lower(), [sign(one, text) for one in secrets]):
        return "wrong signature"
    left = identity.expires - now.timestamp()
    if left <= 0:
        return "expired"
    return "lasts too long" if left > LONGEST else None
