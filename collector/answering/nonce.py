"""What a form carries so that only somebody who was shown it can send it: when it was made, and a secret bound to that, to the
link it belongs to, and to whether it is the form that confirms."""

from datetime import UTC, datetime, timedelta

from collector.signing import every, is_one_of, secret

#: How long a form that was shown may be sent.
GOOD_FOR = timedelta(days=2)


def make_nonce(key: bytes, token: str, confirms: bool, now: datetime) -> str:
    """The nonce of a form that is shown now."""
    made = int(now.timestamp())
    return f"{made}.{'c' if confirms else 'f'}.{_proof(key, token, confirms, made)}"


def read_nonce(key: bytes, token: str, nonce: str, now: datetime) -> bool | None:
    """Whether the form that this nonce came with was the one that confirms; `None` when the nonce is not good any more, or
    never was."""
    made, _, rest = nonce.partition(".")
    kind, _, proof = rest.partition(".")
    if not (made.isascii() and made.isdecimal() and len(made) <= 11 and kind in ("c", "f")):
        return None
    confirms = kind == "c"
    if not is_one_of(proof, [_proof(one, token, confirms, int(made)) for one in every(key)]):
        return None
    age = now - datetime.fromtimestamp(int(made), UTC)
    return confirms if timedelta(0) <= age <= GOOD_FOR else None


def _proof(key: bytes, token: str, confirms: bool, made: int) -> str:
    return secret(key, "nonce", token.encode(), b"c" if confirms else b"f", str(made).encode()).hex()
