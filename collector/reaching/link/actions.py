"""Writes for sending somebody the link to what they said."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from collector.channels.queries import delivery_of
from collector.followups.queries import follow_up_of
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry
from collector.reaching.actions import begin_single, letter
from collector.reaching.letter import compose
from collector.reaching.outward import Outward, Ready
from collector.sites.queries import site_numbered
from collector.sites.site import Site

#: The order that has the link sent; one for each response, and so one message.
ORDER = "contact.link"


def order_link(tx: Session, site: Site, submission: UUID, now: datetime) -> None:
    """Has the link sent to the person behind a response, unless it was sent before."""
    if delivery_of(tx, site.id, submission, "link", "email") is None:
        payload = {"site": site.id, "submission": str(submission)}
        put(tx, [NewEntry(ORDER, payload, now, key=f"link:{site.id}:{submission}")])


def begin_link(tx: Session, outward: Outward, payload: Mapping[str, object], now: datetime) -> Ready | datetime | None:
    """The message with the link, which is claimed; else when to look again; else `None`, for good."""
    number, submission = int(str(payload["site"])), UUID(str(payload["submission"]))
    site, found = site_numbered(tx, number), follow_up_of(tx, number, submission)
    if site is None or found is None:
        return None
    begun = begin_single(
        tx,
        outward,
        site,
        submission,
        "link",
        lambda new, address: compose(letter(outward, site, new, address, found.language)),
        now,
    )
    return None if isinstance(begun, str) else begun
