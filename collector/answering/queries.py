"""Reads for the pages that a message leads to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from collector.followups.follow_up import OfferedFollowUp
from collector.followups.queries import follow_up_of


def open_question(tx: Session, place: tuple[int, UUID] | None, now: datetime) -> OfferedFollowUp | None:
    """The question at this place, if it can still be answered."""
    found = follow_up_of(tx, *place) if place else None
    if found is None or found.state in ("expired", "cancelled") or now >= found.expires_at:
        return None
    return found


def language_of(tx: Session, place: tuple[int, UUID]) -> str:
    """The language that the person at this place was asked in."""
    found = follow_up_of(tx, *place)
    return found.language if found else "en"
