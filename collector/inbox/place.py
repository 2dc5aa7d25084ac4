"""Where a page of the inbox begins: beside which response, and towards which end. A cursor says it in the query string."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_CURSOR = re.compile(r"([0-9]{1,17})-([0-9]{1,18})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """A response's place in the list: when it came, and its number, which decides between two of one moment."""

    at: datetime
    number: int

    @property
    def cursor(self) -> str:
        """The place as it stands in the query string."""
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.number}"


def place_from(cursor: str) -> Place | None:
    """The place that a cursor names; `None` for a text that is none."""
    found = _CURSOR.fullmatch(cursor) if cursor.isascii() else None
    if found is None:
        return None
    try:
        return Place(_EPOCH + timedelta(microseconds=int(found[1])), int(found[2]))
    except OverflowError:
        return None
