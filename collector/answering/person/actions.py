"""Writes of a person's own choice."""

from datetime import datetime

from sqlalchemy.orm import Session

from collector.answering.person.choice import Choice, wish_of
from collector.answering.person.queries import Own
from collector.contacts.actions import forget, suppress, wish
from collector.contacts.contact import Contact
from collector.intake.actions import erase_response
from collector.responses.token import make_token
from collector.sites.site import Site


def choose(tx: Session, site: Site, contact: Contact, choice: Choice, now: datetime) -> None:
    """Keeps how a person wants to be asked. Who said never is not asked again by anything that is chosen afterwards."""
    for address in contact.addresses[:1]:
        if choice == "never":
            suppress(tx, site, address.digest, "unsubscribed", now)
        else:
            wish(tx, site, address.digest, *wish_of(choice, now), now)


def erase_all(tx: Session, own: Own, token_key: bytes, now: datetime) -> None:
    """Erases all that a mailbox's owner said on a site, with the answers, the addresses and the wishes; nobody writes there
    again."""
    for response in own.responses:
        erase_response(tx, make_token(token_key, response.site, response.submission), token_key, now)
    for contact in own.contacts:
        forget(tx, contact, now)
