"""Reads for reaching people."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.channels.queries import attempts_of, last_asked, messages_since
from collector.contacts.contact import Contact
from collector.followups.models import FollowUpRow
from collector.followups.queries import follow_up_of
from collector.reaching.manners import Manners, manners_from
from collector.reaching.models import MannersRow, PlanRow
from collector.reaching.plan import Facts
from collector.reaching.sms.queries import text_verdict
from collector.reaching.sms.room import TextRules
from collector.reaching.sms.zones import zones_of
from collector.responses.models import ResponseRow


@dataclass(frozen=True, slots=True)
class Reached:
    """What is on the record about reaching a person: the follow-up's state, and what was decided last, with its reason."""

    submission: UUID
    state: str
    why: str
    due_at: datetime | None


def manners_of(tx: Session, site: int) -> Manners:
    """How a site behaves."""
    stored = tx.scalar(select(MannersRow.settings).where(MannersRow.site_id == site))
    return manners_from(stored or {})


def facts_of(
    tx: Session,
    site: int,
    submission: UUID,
    contact: Contact | None,
    channels: tuple[str, ...],
    rules: TextRules,
    now: datetime,
) -> Facts | None:
    """What the plan for a follow-up is made from; `None` when there is no such follow-up."""
    found = follow_up_of(tx, site, submission)
    if found is None:
        return None
    offered_at, comment = tx.execute(
        select(FollowUpRow.offered_at, ResponseRow.comment)
        .join(
            ResponseRow,
            (ResponseRow.site_id == FollowUpRow.site_id) & (ResponseRow.submission_id == FollowUpRow.submission_id),
        )
        .where(FollowUpRow.site_id == site, FollowUpRow.submission_id == submission)
    ).one()
    addresses = contact.addresses if contact else ()
    digests = frozenset(address.digest for address in addresses)
    numbers = [one.address for one in addresses if one.channel == "sms" and "sms" in channels]
    verdict, crowd = text_verdict(tx, site, numbers[0], rules, manners_of(tx, site), now) if numbers else (None, None)
    return Facts(
        state=found.state,
        offered_at=offered_at,
        expires_at=found.expires_at,
        wrote=bool(comment),
        addresses=addresses,
        zone=contact.zone if contact else None,
        channels=channels,
        attempts=attempts_of(tx, site, submission),
        elsewhere=last_asked(tx, site, digests, submission),
        today=messages_since(tx, digests, now - timedelta(days=1)),
        country_zones=zones_of(numbers[0]) if numbers else (),
        barred={"sms": verdict} if verdict else {},
        full={"sms": crowd} if crowd else {},
    )


def reached(tx: Session, site: int) -> list[Reached]:
    """The follow-ups of a site whose people are, or were, to be reached later; the latest decision first."""
    statement = (
        select(PlanRow.submission_id, FollowUpRow.state, PlanRow.why, PlanRow.due_at)
        .join(
            FollowUpRow,
            (FollowUpRow.site_id == PlanRow.site_id) & (FollowUpRow.submission_id == PlanRow.submission_id),
        )
        .where(FollowUpRow.site_id == site)
        .order_by(PlanRow.decided_at.desc(), PlanRow.submission_id)
    )
    return [Reached(*row) for row in tx.execute(statement)]
