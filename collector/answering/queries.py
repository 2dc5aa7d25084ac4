"""Reads for the pages that a message leads to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from collector.followups.follow_up import OfferedFollowUp
from collector.followups.queries import follow_up_of
from collector.followups.state import takes_answer


def open_question(tx: Session, place: tuple[int, UUID] | None, now: datetime) -> OfferedFollowUp | None:
    """The question at this place, if it can still be answered, or its answer still be replaced."""
    found = follow_up_of(tx, *place) if place else None
    return found if found is not None and takes_answer(found.state, found.expires_at, found.answered_at, now) else None


def language_of(tx: Session, place: tuple[int, UUID]) -> str:
    """The language that the person at this place was asked in."""
    found = follow_up_of(tx, *place)
    return found.language if found else "en"
