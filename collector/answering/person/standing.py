"""What became of a question, in one of a few plain words."""

from datetime import datetime
from typing import Literal

from collector.followups.follow_up import OfferedFollowUp

Standing = Literal["open", "waiting", "answered", "withdrawn", "closed"]


def standing(found: OfferedFollowUp, waits: bool, now: datetime) -> tuple[Standing, datetime | None]:
    """Where a question stands for the person who was asked, and the day that belongs to it: its end, or the answer's. `waits`
    says that an answer waits to be confirmed."""
    if found.state == "answered":
        return "answered", found.answered_at
    if found.state == "cancelled":
        return "withdrawn", None
    if found.state == "expired" or now >= found.expires_at:
        return "closed", None
    return ("waiting", None) if waits else ("open", found.expires_at)
