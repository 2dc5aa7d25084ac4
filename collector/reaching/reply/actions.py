"""Writes for handing over a reply, at most once."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from collector.cases.replies.actions import refuse_reply
from collector.cases.replies.queries import CHANNEL, Wanted, wanted_reply
from collector.channels.actions import begin, give_up
from collector.channels.delivery import Attempt, NewDelivery
from collector.channels.queries import messages_since, reply_attempt
from collector.contacts.actions import hold_mailboxes
from collector.contacts.consent import refusal
from collector.contacts.contact import Contact, Reachable
from collector.contacts.queries import contact_of
from collector.reaching.letter import Letter, compose_reply
from collector.reaching.manners import MOST_A_DAY
from collector.reaching.naming import message_name
from collector.reaching.outward import Outward, Ready
from collector.signing import token_for
from collector.sites.queries import site_numbered
from collector.sites.site import Site

_DAY = timedelta(days=1)
#: How long another sender is given to say what became of its message.
_MEANWHILE = timedelta(minutes=10)


def begin_reply(tx: Session, outward: Outward, payload: Mapping[str, object], now: datetime) -> Ready | datetime | None:
    """The message to hand over now, which is claimed; else when to look again; else `None`, for good."""
    case = int(str(payload["case"]))
    wanted = wanted_reply(tx, case)
    site = site_numbered(tx, wanted.site) if wanted else None
    if wanted is None or site is None:
        return None
    attempt = reply_attempt(tx, site.id, wanted.submission)
    if attempt is not None and attempt.state != "deferred":
        if attempt.state == "sending":
            give_up(tx, NewDelivery(site.team, site.id, wanted.submission, "reply", CHANNEL, b""), now)
        return None
    contact = contact_of(tx, site.id, wanted.submission)
    why = _why_not(outward, contact)
    if why is not None or contact is None:
        refuse_reply(tx, case, why or "")
        return None
    address = next(one for one in contact.addresses if one.channel == CHANNEL)
    hold_mailboxes(tx, frozenset({address.digest}))
    due_at = _due(tx, address, attempt, now)
    return due_at if due_at > now else _claim(tx, outward, site, wanted, address, now)


def _why_not(outward: Outward, contact: Contact | None) -> str | None:
    if CHANNEL not in outward.providers:
        return "No channel is configured."
    return refusal(contact.addresses if contact else (), CHANNEL)


def _due(tx: Session, address: Reachable, attempt: Attempt | None, now: datetime) -> datetime:
    """When this mailbox may get the message: what is tried again counts among its messages already."""
    if attempt is not None:
        return attempt.due_at or now
    recent = sorted(messages_since(tx, frozenset({address.digest}), now - _DAY))
    return recent[-MOST_A_DAY] + _DAY if len(recent) >= MOST_A_DAY else now


def _claim(
    tx: Session, outward: Outward, site: Site, wanted: Wanted, address: Reachable, now: datetime
) -> Ready | datetime:
    new = NewDelivery(site.team, site.id, wanted.submission, "reply", CHANNEL, address.digest)
    if not begin(tx, new, now):
        return now + _MEANWHILE
    place = site.id, wanted.submission
    letter = Letter(
        site=site.name,
        language=address.consent.language,
        sender=outward.sender,
        recipient=address.address,
        question=wanted.text,
        areas=(),
        answer_at="",
        decoy_at="",
        stop_at=f"{outward.root}/u/{token_for(outward.key, 'unsubscribe', *place)}",
        purpose="reply",
        agreed_at=address.consent.given_at,
        name=message_name(outward.key, *place, "reply"),
    )
    return Ready(new, compose_reply(letter), address.address)
