"""Writes of asking for a letter with a link for a new password. Whoever sends it stands above."""

from datetime import datetime

from sqlalchemy.orm import Session

from collector.outbox.actions import put
from collector.outbox.entry import NewEntry

#: The order that has the letter sent, if somebody here has the address.
ORDER = "reset.send"


def order_reset(tx: Session, email: str, now: datetime) -> None:
    """Has a link for a new password sent to an address, in its normal form. Whether anybody here has it is looked up by the
    worker, so that asking costs the same for every address."""
    put(tx, [NewEntry(ORDER, {"email": email, "asked_at": now.isoformat()}, now)])
