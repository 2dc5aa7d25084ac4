"""Whether a person sent this. What is suspect is kept and marked, never refused or dropped: a browser that fills in every
field must not cost a person's words."""

from typing import Literal

#: `copy` is found by the worker, when it compares what came.
Suspicion = Literal["trap", "fast", "copy"]

#: Seconds from the opening of the form to its sending that no person comes below.
TOO_FAST = 0.1


def suspicion(trap: str, seconds: float | None) -> Suspicion | None:
    """Why a form was hardly filled in by a person: something stands in the field that nobody sees (`trap`), or it was sent
    within a tenth of a second (`fast`); `seconds` is `None` where nobody said how long it took."""
    if trap:
        return "trap"
    return "fast" if seconds is not None and seconds < TOO_FAST else None
