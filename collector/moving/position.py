"""How far a walk by key has come, as text that gives the same key again."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID


def position_text(key: Sequence[object]) -> str:
    """A primary key's values as text. Raises `TypeError` for a type that no key has so far."""
    return json.dumps([_written(value) for value in key])


def position_key(text: str) -> tuple[object, ...]:
    """The key that `position_text` wrote."""
    return tuple(_read(kind, value) for kind, value in json.loads(text))


def _written(value: object) -> tuple[str, str | int]:
    if isinstance(value, int | str):
        return "plain", value
    if isinstance(value, bytes):
        return "bytes", value.hex()
    if isinstance(value, UUID):
        return "uuid", value.hex
    if isinstance(value, datetime):
        return "time", value.isoformat()
    raise TypeError(f"no position for {type(value).__name__}")


def _read(kind: str, value: str | int) -> object:
    if kind == "bytes":
        return bytes.fromhex(str(value))
    if kind == "uuid":
        return UUID(hex=str(value))
    if kind == "time":
        return datetime.fromisoformat(str(value))
    return value
