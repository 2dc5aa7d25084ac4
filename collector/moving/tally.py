"""What a table holds, in a number that is the same on both databases: how many rows, and the sum of their hashes.

A sum does not depend on the order of rows, which databases do not share for every type, and it can be added to, so that a
copy that was interrupted goes on with it."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Tally:
    """A number of rows and the sum, modulo 2²⁵⁶, of their SHA-256."""

    rows: int = 0
    sum: int = 0

    def plus(self, rows: Iterable[Sequence[object]], documents: Sequence[bool]) -> "Tally":
        """This tally and `rows`. `documents` says of each column whether it holds JSON as text."""
        count, total = self.rows, self.sum
        for row in rows:
            count += 1
            total += int.from_bytes(hashlib.sha256(canonical(row, documents)).digest())
        return Tally(count, total % _MODULUS)


@dataclass(frozen=True, slots=True)
class Difference:
    """A table that is not the same in the source and the target."""

    table: str
    source: Tally
    target: Tally

    def __str__(self) -> str:
        if self.source.rows != self.target.rows:
            return f"{self.table}: {self.source.rows:,} rows in the source, {self.target.rows:,} in the target"
        return f"{self.table}: {self.source.rows:,} rows in both, but not the same"


def canonical(row: Sequence[object], documents: Sequence[bool]) -> bytes:
    """A row in bytes that stand for its values alone, not for how a database writes them. Each part begins with its type
    and length, so that no two rows run together. Raises `TypeError` for a type that is not listed below: two databases
    may return it in two ways."""
    parts: list[bytes] = []
    for value, is_document in zip(row, documents, strict=True):
        if is_document and isinstance(value, str):
            part = _document(value)
        else:
            write = _WRITERS.get(type(value))
            if write is None:
                raise TypeError(f"no canonical form for {type(value).__name__}")
            part = write(value)
        parts.append(len(part).to_bytes(4))
        parts.append(part)
    return b"".join(parts)


# The same few lists of areas and categories come again and again.
@lru_cache(1024)
def _document(text: str) -> bytes:
    return b"j" + json.dumps(json.loads(text), sort_keys=True, separators=(",", ":")).encode()


def _time(value: datetime) -> bytes:
    if value.tzinfo is None:
        raise TypeError("no canonical form for a time without a zone")
    return b"t" + value.astimezone(UTC).isoformat(timespec="microseconds").encode()


_WRITERS: dict[type, Callable[..., bytes]] = {
    type(None): lambda value: b"n",
    bool: lambda value: b"1" if value else b"0",
    int: lambda value: b"i%d" % value,
    float: lambda value: b"f" + value.hex().encode(),
    str: lambda value: b"s" + value.encode(),
    bytes: lambda value: b"b" + value,
    UUID: lambda value: b"u" + value.bytes,
    datetime: _time,
}
