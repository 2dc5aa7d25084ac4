"""Writes for follow-ups by SMS."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from collector.channels.actions import report
from collector.channels.delivery import NewDelivery, Outcome
from collector.channels.queries import attempts_of
from collector.channels.sms.status import Report, step
from collector.channels.sms.twilio import refused
from collector.contacts.actions import suppress, suppress_everywhere
from collector.db.bulk import BulkInsert
from collector.followups.actions import move
from collector.reaching.models import MannersRow
from collector.sites.queries import sites
from collector.sites.site import Site

_MANNERS = BulkInsert(MannersRow, ["site_id", "team_id", "settings"], unique=("site_id",))


def note_report(tx: Session, site: Site, of: NewDelivery, said: Report, now: datetime) -> None:
    """Writes what a provider reports of a message that it took, as far as it is news, and what follows from it: a number that
    is gone, or whose owner told the carrier to stop, is not written to again."""
    reached = step(said.word)
    digest = report(tx, of, reached, str(said), now) if reached else None
    if reached is None or digest is None:
        return
    latest = attempts_of(tx, of.site, of.submission)[-1]
    if (latest.purpose, latest.channel) == (of.purpose, of.channel):
        move(tx, of.site, of.submission, "undeliverable" if reached.to == "undeliverable" else "sent", now)
    if reached.to == "undeliverable":
        heed(tx, site, digest, refused("", said.code or 0), now)


def heed(tx: Session, site: Site, digest: bytes, outcome: Outcome, now: datetime) -> None:
    """Keeps from an address what its provider said must not go there: from one that is gone, this site; from one whose owner
    said stop, all of them."""
    if outcome.gone:
        suppress(tx, site, digest, "bounced", now)
    if outcome.stopped:
        suppress_everywhere(tx, sites(tx), digest, "unsubscribed", now)


def resume_texts(tx: Session, site: Site, now: datetime) -> None:
    """Has a site that sent no more messages by SMS, because almost nobody answered, begin anew."""
    _MANNERS.run(tx, [(site.id, site.team, {})])
    tx.execute(update(MannersRow).where(MannersRow.site_id == site.id).values(counted_from=now))
