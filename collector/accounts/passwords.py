"""Passwords: which are taken, and how they are kept."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 256

#: OWASP's second choice for Argon2id: 19 MiB, two passes, one lane; some 30 ms.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: What a password is compared with when there is no such member, so that both take as long.
_NOBODYS = _HASHER.hash("nobody's")


def fault_of(password: str) -> str | None:
    """What is wrong with a new password, as a sentence. Length is all that is asked for (NIST SP 800-63B, 3.1.1.2)."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"A password has {SHORTEST} to {LONGEST} characters; a few words in a row are easy to keep in mind."
    return None


def keep(password: str) -> str:
    """What is stored of a password (Argon2id, RFC 9106, in the PHC string format)."""
    return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password that `kept` was made from. Takes as long when there is none."""
    if len(password) > LONGEST:
        return False
    try:
        return _HASHER.verify(kept or _NOBODYS, password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether `kept` was made with other costs than are asked for today."""
    return _HASHER.check_needs_rehash(kept)
