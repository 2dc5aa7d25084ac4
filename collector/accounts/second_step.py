"""The second step at sign-in: codes that a device counts (RFC 6238), and the ticket between the two steps."""

import base64
import hmac
from datetime import datetime, timedelta

import pyotp

from collector.signing import every, is_one_of, secret

#: Seconds that a code is for. One step to either side is taken, for clocks that differ and people who type slowly
#: (RFC 6238, section 5.2).
STEP = 30
_SKEW = 1
#: How long the first step counts.
TICKET_LASTS = timedelta(minutes=10)
DIGITS = 6
#: What is stored begins so, but for what is older: a seed, or the secret itself.
_KEPT, _SEED = "kept:", "seed:"
#: 160 bits, which RFC 4226 (section 4, R6) recommends.
_SECRET_BYTES = 20
#: Random bytes that one secret is hidden with, and that are used for no other.
CHANCE_BYTES = 10


def kept_of(key: bytes, member: int, totp_secret: str, chance: bytes) -> str:
    """What is stored of a secret that a member's device counts codes from: hidden by as many bytes that only `key` can make,
    and `chance`, so that whoever reads the database counts no codes. It says which key that was."""
    hidden = _mixed(base64.b32decode(totp_secret), _pad(key, member, chance))
    return f"{_KEPT}{_name(key)}:{base64.b32encode(chance + hidden).decode()}"


def counted_from(key: bytes, member: int, stored: str) -> str | None:
    """The secret that a member's device counts codes from, in base32; `None` when the key that hides it is not among those that
    are believed."""
    if stored.startswith(_SEED):
        # Seeds are from before a second key could be given, so the oldest one made them.
        parts = str(member).encode(), stored.encode()
        made = b"".join(secret(every(key)[-1], "codes of the second step", half, *parts) for half in (b"1", b"2"))
        return base64.b32encode(made[:_SECRET_BYTES]).decode()
    if not stored.startswith(_KEPT):
        return stored
    _, name, text = stored.split(":")
    both = base64.b32decode(text)
    chance, hidden = both[:CHANCE_BYTES], both[CHANCE_BYTES:]
    holder = next((one for one in every(key) if _name(one) == name), None)
    return None if holder is None else base64.b32encode(_mixed(hidden, _pad(holder, member, chance))).decode()


def is_under_newest(key: bytes, stored: str) -> bool:
    """Whether a stored secret outlasts the older keys."""
    return stored.startswith(f"{_KEPT}{_name(key)}:")


def _pad(key: bytes, member: int, chance: bytes) -> bytes:
    parts = str(member).encode(), chance
    return b"".join(secret(key, "hides the second step", half, *parts) for half in (b"1", b"2"))[:_SECRET_BYTES]


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))


def _name(key: bytes) -> str:
    return secret(key, "name of the key").hex()[:8]


def step_of(totp_secret: str, code: str, last: int | None, now: datetime) -> int | None:
    """The number of the step that `code` is for; `None` when it is wrong, too early, too late, or not after the step `last`,
    whose code was taken."""
    if len(code) != DIGITS or not (code.isascii() and code.isdecimal()):
        return None
    counted = pyotp.HOTP(totp_secret)
    today = int(now.timestamp()) // STEP
    found = None
    for step in range(today - _SKEW, today + _SKEW + 1):
        if hmac.compare_digest(counted.at(step), code) and (last is None or step > last):
            found = step
    return found


def address_of(totp_secret: str, email: str) -> str:
    """What a device reads out of the picture (Key URI format)."""
    return pyotp.TOTP(totp_secret).provisioning_uri(name=email, issuer_name="Lukewarm")


def ticket(key: bytes, member: int, kept: str, now: datetime) -> str:
    """Says that a member's password was right at `now`. `kept` is what is stored of it: another password ends the ticket."""
    until = int((now + TICKET_LASTS).timestamp())
    return f"{member}.{until}.{_seal(key, member, until, kept)}"


def named_in(text: str) -> int | None:
    """The member whom a ticket names; says nothing of whether it is good."""
    number = text.partition(".")[0]
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else None


def is_good(key: bytes, text: str, member: int, kept: str, now: datetime) -> bool:
    """Whether this ticket was given to the member, for the password that is still in force, and not too long ago."""
    until = text.split(".")[1] if text.count(".") == 2 else ""
    if not (until.isascii() and until.isdecimal()) or len(until) > 12 or int(until) <= now.timestamp():
        return False
    return is_one_of(text, [f"{member}.{until}.{_seal(one, member, int(until), kept)}" for one in every(key)])


def _seal(key: bytes, member: int, until: int, kept: str) -> str:
    return secret(key, "second step", str(member).encode(), str(until).encode(), kept.encode()).hex()
