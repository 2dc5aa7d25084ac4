"""Reads for what comes after the form, and for the pages that a message leads to."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from collector.contacts.consent import STANDS_FOR, sentences, version_of
from collector.contacts.contact import Consent
from collector.contacts.queries import past_consent
from collector.followups.follow_up import OfferedFollowUp
from collector.followups.queries import follow_up_of
from collector.followups.state import takes_answer
from collector.sites.site import Site
from collector.surveys.queries import surveys_of
from collector.surveys.wording import wording


def open_question(tx: Session, place: tuple[int, UUID] | None, now: datetime) -> OfferedFollowUp | None:
    """The question at this place, if it can still be answered, or its answer still be replaced."""
    found = follow_up_of(tx, *place) if place else None
    return found if found is not None and takes_answer(found.state, found.expires_at, found.answered_at, now) else None


def language_of(tx: Session, place: tuple[int, UUID]) -> str:
    """The language that the person at this place was asked in."""
    found = follow_up_of(tx, *place)
    return found.language if found else "en"


def agreed(
    tx: Session, site: Site, survey: int, channel: str, language: str, version: str, now: datetime
) -> Consent | None:
    """What somebody agreed to who read this version of a survey's sentences: those that are shown now, or were not long ago.
    `None` when it is neither."""
    settings = next(one.widget for one in surveys_of(tx, site.id) if one.id == survey)
    shown: Mapping[str, str] = sentences(wording(language).contact, site.name, settings.consent.get(language, {}))
    if version != version_of(shown):
        past = past_consent(tx, survey, language, version)
        if past is None or past.ended_at + STANDS_FOR < now:
            return None
        shown = past.sentences
    return Consent(shown[channel], version, language, now, "form")
