"""Reads for a person's own pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from collector.channels.queries import delivery_of, tried
from collector.contacts.contact import Contact
from collector.contacts.queries import contact_of, contacts_at, submissions_of
from collector.followups.follow_up import OfferedFollowUp
from collector.followups.queries import follow_up_of, waits
from collector.responses.queries import stored_response
from collector.responses.response import StoredResponse
from collector.signing import signed_place
from collector.sites.queries import site_numbered
from collector.sites.site import Site

#: For how long the link to what somebody said works after it was sent.
LINK_GOOD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Person:
    """Who holds the link of a message. `waits`: an answer waits to be confirmed; `was_sent`: the link to what they said went
    out."""

    site: Site
    follow_up: OfferedFollowUp
    contact: Contact | None
    waits: bool
    was_sent: bool


@dataclass(frozen=True, slots=True)
class Own:
    """All that belongs to a mailbox at a site, for whoever has shown that it is theirs."""

    site: Site
    language: str
    contacts: Sequence[Contact]
    responses: Sequence[StoredResponse]


def person_at(tx: Session, key: bytes, token: str) -> Person | None:
    """Who holds the link to answer with this token; `None` when it is none, or the response was erased."""
    place = signed_place(key, "answer", token)
    found = follow_up_of(tx, *place) if place else None
    site = site_numbered(tx, place[0]) if place else None
    if place is None or found is None or site is None or not found.text:
        return None
    was_sent = delivery_of(tx, *place, "link", "email") is not None
    return Person(site, found, contact_of(tx, *place), waits(tx, *place), was_sent)


def own_at(tx: Session, key: bytes, token: str, now: datetime) -> Own | None:
    """What belongs to the mailbox that the link with this token was sent to; `None` when it was not sent, or is too old.
    Everybody who left this address counts, for it is the mailbox that was shown."""
    place = signed_place(key, "own", token)
    sent = delivery_of(tx, *place, "link", "email") if place else None
    site = site_numbered(tx, sent.site) if sent else None
    if sent is None or site is None or now >= tried(tx, sent)[0] + LINK_GOOD_FOR:
        return None
    contacts = contacts_at(tx, sent.digest, site.id)
    named = [submission for contact in contacts for submission in submissions_of(tx, contact.id)]
    stored = [response for one in named if (response := stored_response(tx, site.id, one)) is not None]
    found = follow_up_of(tx, sent.site, sent.submission)
    stored.sort(key=lambda response: response.received_at, reverse=True)
    return Own(site, found.language if found and found.language else site.language, contacts, stored)
