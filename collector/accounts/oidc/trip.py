"""What ties the way back from the provider to the browser that set out: a cookie that nobody else has, and three values that
only we can make of it. So nothing of a trip is stored here."""

from datetime import datetime, timedelta
from urllib.parse import quote, unquote

from collector.signing import fingerprint, secret

#: How long somebody may take at the provider.
TRIP_LASTS = timedelta(minutes=10)


class Away(Exception):
    """The provider cannot be reached, or says nothing that can be used."""


def begun(chance: str, wanted: str, now: datetime) -> str:
    """The cookie of a new trip, which ends at the page `wanted`. `chance` is random, and holds no full stop."""
    return f"{chance}.{int((now + TRIP_LASTS).timestamp())}.{quote(wanted, safe='')}"


def end_of(trip: str, now: datetime) -> str | None:
    """The page that a trip leads to; `None` when it took too long, or is none. Whether it is ours, its state says."""
    _, _, rest = trip.partition(".")
    until, _, wanted = rest.partition(".")
    if not (until.isascii() and until.isdecimal()) or len(until) > 12 or int(until) <= now.timestamp():
        return None
    return unquote(wanted)


def state_of(key: bytes, trip: str) -> str:
    """What comes back with the browser, so that nobody is brought here on somebody else's trip (RFC 6749, section 10.12)."""
    return secret(key, "oidc state", trip.encode()).hex()


def nonce_of(key: bytes, trip: str) -> str:
    """What the provider signs, so that its word is for this trip (OpenID Connect Core, section 15.5.2)."""
    return secret(key, "oidc nonce", trip.encode()).hex()


def verifier_of(key: bytes, trip: str) -> str:
    """What proves to the provider that whoever brings the code set out for it: 64 signs (RFC 7636, section 4.1)."""
    return fingerprint(secret(key, "oidc verifier", trip.encode()).hex()).hex()
