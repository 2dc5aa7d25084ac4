"""Pages by key: a cursor says after which row the next page begins. It is opaque to callers and checked when it returns."""

import base64
import re

from collector.problems import Fault, ValidationFailed

DEFAULT_LIMIT = 50
MOST = 200

_NUMBER = re.compile(r"r[1-9][0-9]{0,18}")


def cursor_after(number: int) -> str:
    """The cursor of the page that follows the row `number`."""
    return base64.urlsafe_b64encode(f"r{number}".encode()).rstrip(b"=").decode()


def row_of(cursor: str) -> int:
    """The row after which the page begins. Raises `ValidationFailed` for a cursor that was not given out."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except ValueError:
        text = ""
    if not _NUMBER.fullmatch(text) or int(text[1:]) >= 2**63:
        raise ValidationFailed(faults=[Fault("This is not a cursor that was given out.", parameter="cursor")])
    return int(text[1:])
