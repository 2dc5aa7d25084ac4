"""Writes for sending somebody the link to what they said."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from collector.channels.actions import begin, give_up
from collector.channels.delivery import NewDelivery
from collector.channels.queries import delivery_of, is_sending, messages_since
from collector.contacts.actions import hold_mailboxes
from collector.contacts.consent import refusal
from collector.contacts.queries import contact_of
from collector.followups.queries import follow_up_of
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry
from collector.reaching.actions import letter
from collector.reaching.letter import compose
from collector.reaching.manners import MOST_A_DAY
from collector.reaching.outward import Outward, Ready
from collector.sites.queries import site_numbered
from collector.sites.site import Site

#: The order that has the link sent; one for each response, and so one message.
ORDER = "contact.link"
_DAY = timedelta(days=1)


def order_link(tx: Session, site: Site, submission: UUID, now: datetime) -> None:
    """Has the link sent to the person behind a response, unless it was sent before."""
    if delivery_of(tx, site.id, submission, "link", "email") is None:
        payload = {"site": site.id, "submission": str(submission)}
        put(tx, [NewEntry(ORDER, payload, now, key=f"link:{site.id}:{submission}")])


def begin_link(tx: Session, outward: Outward, payload: Mapping[str, object], now: datetime) -> Ready | datetime | None:
    """Claims the message with the link, if this person may be written to by e-mail; a mailbox that had its share of messages
    today gets it tomorrow."""
    number, submission = int(str(payload["site"])), UUID(str(payload["submission"]))
    site, found, contact = (
        site_numbered(tx, number),
        follow_up_of(tx, number, submission),
        contact_of(tx, number, submission),
    )
    if site is None or found is None or contact is None or "email" not in outward.providers:
        return None
    if refusal(contact.addresses, "email") is not None:
        return None
    address = next(one for one in contact.addresses if one.channel == "email")
    new = NewDelivery(site.team, number, submission, "link", "email", address.digest)
    if is_sending(tx, new):
        # Whoever began it stopped before saying what became of it.
        give_up(tx, new, now)
        return None
    hold_mailboxes(tx, frozenset({address.digest}))
    recent = sorted(messages_since(tx, frozenset({address.digest}), now - _DAY))
    if len(recent) >= MOST_A_DAY:
        return recent[-MOST_A_DAY] + _DAY
    if not begin(tx, new, now):
        return None
    return Ready(new, compose(letter(outward, site, found, address, "link")), address.address)
