"""Which heads are refused although the parser reads them: whatever two programs on the way may read differently (RFC 9112,
sections 2.2, 2.3, 3.2, 5.2, 6.1, 6.3 and 7.1), and what is too long."""

import re
from collections.abc import Mapping, Sequence

from collector import problems

#: Larger bodies are refused while they arrive; the application's own limit is lower and says so politely.
MAX_BODY = 64 * 1024
MAX_HEAD = 16 * 1024

#: What may stand in a head once. Two of them, and two programs on the way take different ones.
_ONCE = (b"host", b"content-length", b"transfer-encoding", b"content-type", b"content-encoding", b"origin")
_LENGTH = re.compile(rb"[0-9]{1,19}")


class Unreadable(Exception):
    """The request can be read in two ways, or is too long. `problem` is the answer."""

    def __init__(self, problem: problems.Problem | None = None) -> None:
        super().__init__()
        self.problem = problem or problems.BadRequest("The request can be read in two ways.")


def check(url: bytes, lines: Sequence[tuple[bytes, bytes]], head: Mapping[bytes, bytes], version: str) -> None:
    """Raises `Unreadable` unless a request with this address, these lines, `head` made of them with names in small letters,
    and this version of HTTP can be read in one way only."""
    length, coding = head.get(b"content-length"), head.get(b"transfer-encoding")
    if (
        (len(head) != len(lines) and _says_twice(lines))
        or version not in ("1.0", "1.1")
        or (b"host" not in head and version == "1.1")
        or (length is not None and (coding is not None or not _LENGTH.fullmatch(length)))
        or (coding is not None and (coding.lower() != b"chunked" or version == "1.0"))
        or not url.isascii()
    ):
        raise Unreadable()
    if length is not None and int(length) > MAX_BODY:
        raise Unreadable(problems.BodyTooLarge())


def _says_twice(lines: Sequence[tuple[bytes, bytes]]) -> bool:
    names = [name for name, _ in lines]
    return any(names.count(name) > 1 for name in _ONCE)
