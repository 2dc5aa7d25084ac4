"""How a person wants to be asked, as one choice of a few."""

from datetime import datetime, timedelta
from typing import Literal

from collector.contacts.contact import Contact

Choice = Literal["usual", "later", "email", "never"]
CHOICES: tuple[Choice, ...] = ("usual", "later", "email", "never")
#: What "later" means.
LATER = timedelta(days=30)


def chosen(contact: Contact, now: datetime) -> Choice:
    """What this person has chosen, as far as it holds now."""
    if any(address.suppressed not in (None, "bounced") for address in contact.addresses):
        return "never"
    if contact.not_before is not None and contact.not_before > now:
        return "later"
    return "email" if contact.only == "email" else "usual"


def wish_of(choice: Choice, now: datetime) -> tuple[datetime | None, str | None]:
    """From when on, and on which channel only, somebody who chose this is asked."""
    return now + LATER if choice == "later" else None, "email" if choice == "email" else None
