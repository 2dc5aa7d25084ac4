"""The second step at sign-in: codes that a device counts (RFC 6238), and the ticket between the two steps."""

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
#: What the secret that codes are counted from is hidden for (`hiding.hide`); its owner is the member.
HIDDEN_FOR = "the second step"


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
