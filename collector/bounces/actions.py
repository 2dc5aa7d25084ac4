"""Writes for reports. They keep addresses from being written to and never let one be written to again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from collector.bounces.models import ReportRow
from collector.bounces.report import Report
from collector.channels.actions import bounce
from collector.channels.delivery import NewDelivery
from collector.channels.queries import delivery_of, latest_to
from collector.contacts.actions import suppress
from collector.contacts.address import digest_of, read_address
from collector.contacts.queries import contacts_at
from collector.db.bulk import BulkInsert
from collector.followups.actions import move
from collector.reaching.naming import message_named
from collector.sites.queries import site_numbered

_FIRST = BulkInsert(ReportRow, ["team_id", "site_id", "event", "kind", "made_at"], unique=("site_id", "event"))


def take(tx: Session, reports: Sequence[Report], key: bytes, now: datetime) -> None:
    """Acts on reports, on each once for every site. One of a message that is not ours, or of an address that nobody wrote to,
    is passed over."""
    # In one order, so that two calls that name the same people never wait for each other crosswise.
    for report in sorted(reports, key=lambda one: one.event):
        digest, written = _meant(tx, report, key)
        if digest is None:
            continue
        sites = {one.site for one in written}
        if report.message is None:
            sites |= {contact.site for contact in contacts_at(tx, digest)}
        for number in sorted(sites):
            site = site_numbered(tx, number)
            if site is None or _FIRST.run(tx, [(site.team, number, report.event, report.kind, now)])() == 0:
                continue
            if report.kind == "complaint":
                suppress(tx, site, digest, "complained", now)
            elif report.permanent:
                suppress(tx, site, digest, "bounced", now)
                _came_back(tx, [one for one in written if one.site == number], now)


def _meant(tx: Session, report: Report, key: bytes) -> tuple[bytes | None, list[NewDelivery]]:
    """Whom a report is about, and the messages that it may mean: the one it names, else the latest of each site."""
    if report.message is not None:
        named = message_named(key, report.message)
        found = delivery_of(tx, *named, "email") if named else None
        return (found.digest, [found]) if found else (None, [])
    try:
        digest = digest_of(read_address("email", report.address or ""))
    except ValueError:
        return None, []
    return digest, latest_to(tx, digest)


def _came_back(tx: Session, messages: Sequence[NewDelivery], now: datetime) -> None:
    for message in messages:
        if bounce(tx, message, now):
            move(tx, message.site, message.submission, "undeliverable", now)
