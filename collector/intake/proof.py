"""Proof of work: what a browser is asked to compute before its network may use up the rest of a share.

A challenge names its difficulty, the second of its end and a salt, and ends with a keyed hash over these three, the site and
the network that it was made for. The hash takes each of them with its length, so that nothing of one can be read as the
beginning of the next (CVE-2025-68113). The work is to find a number that, written after the keyed hash and a dot, has a SHA-256
with as many leading zero bits as the difficulty says."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from collector.ids import new_uuid
from collector.signing import fingerprint, secret

#: Leading zero bits. Each more doubles the work; sixteen take 65,536 hashes on average.
DIFFICULTY = 16
#: For how long a challenge may be answered. Whoever writes on meanwhile is asked again.
LASTS = timedelta(minutes=5)

_PURPOSE = "proof of work for a submission"
_PROOF = re.compile(r"(([0-9]{1,2})\.([0-9]{10})\.([0-9a-f]{32}))\.([0-9a-f]{32})\.([0-9]{1,12})")


@dataclass(frozen=True, slots=True)
class Proof:
    """Work that was done. `fingerprint` stands for the challenge, which may be answered once and until `expires_at`."""

    fingerprint: bytes
    expires_at: datetime


def challenge(key: bytes, site: str, network: str, now: datetime, difficulty: int = DIFFICULTY) -> str:
    """A new challenge to whoever submits to a site from a network, which only the holder of `key` can make."""
    asked = f"{difficulty}.{int((now + LASTS).timestamp())}.{new_uuid(now).hex}"
    return f"{asked}.{_signature(key, asked, site, network)}"


def proven(key: bytes, proof: str, site: str, network: str, now: datetime) -> Proof | None:
    """The work behind `proof`, which is a challenge, a dot and the number that was found; `None` unless the challenge was made
    under `key` for this site and network, is not over at `now`, and the number solves it. Whether it was used before, the
    database knows. Takes two hashes, whatever is sent."""
    found = _PROOF.fullmatch(proof)
    if found is None:
        return None
    asked, difficulty, expires, _, signature, number = found.groups()
    expires_at = datetime.fromtimestamp(int(expires), UTC)
    if not compare_digest(signature, _signature(key, asked, site, network)) or expires_at <= now:
        return None
    if not is_solved(signature, int(number), int(difficulty)):
        return None
    return Proof(fingerprint(f"{asked}.{signature}"), expires_at)


def is_solved(signature: str, number: int, difficulty: int) -> bool:
    """Whether the number solves the challenge that ends with this keyed hash."""
    digest = hashlib.sha256(f"{signature}.{number}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - difficulty) == 0


def _signature(key: bytes, asked: str, site: str, network: str) -> str:
    return secret(key, _PURPOSE, *(part.encode() for part in (*asked.split("."), site, network))).hex()
