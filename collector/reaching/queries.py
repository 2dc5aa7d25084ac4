"""Reads for reaching people."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.channels.queries import attempts_of, last_asked, messages_since
from collector.contacts.contact import Contact
from collector.followups.follow_up import OfferedFollowUp
from collector.followups.models import FollowUpRow
from collector.reaching.manners import DAY, Manners, manners_from
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
    follow_up: OfferedFollowUp,
    contact: Contact | None,
    channels: tuple[str, ...],
    rules: TextRules,
    manners: Manners,
    now: datetime,
) -> Facts:
    """What the plan for a follow-up is made from."""
    site, submission = follow_up.site, follow_up.submission
    said = tx.execute(
        select(ResponseRow.comment, ResponseRow.set_aside_at).where(
            ResponseRow.site_id == site, ResponseRow.submission_id == submission
        )
    ).first()
    addresses = contact.addresses if contact else ()
    digests = frozenset(address.digest for address in addresses)
    numbers = [one.address for one in addresses if one.channel == "sms" and "sms" in channels]
    verdict, crowd = text_verdict(tx, site, numbers[0], rules, manners, now) if numbers else (None, None)
    return Facts(
        state=follow_up.state,
        offered_at=follow_up.offered_at,
        expires_at=follow_up.expires_at,
        wrote=bool(said and said.comment),
        addresses=addresses,
        zone=contact.zone if contact else None,
        channels=channels,
        attempts=attempts_of(tx, site, submission),
        elsewhere=last_asked(tx, site, digests, submission),
        today=messages_since(tx, digests, now - DAY),
        not_before=contact.not_before if contact else None,
        only=contact.only if contact else None,
        country_zones=zones_of(numbers[0]) if numbers else (),
        barred={"sms": verdict} if verdict else {},
        full={"sms": crowd} if crowd else {},
        set_aside=bool(said and said.set_aside_at),
    )


def reason_of(tx: Session, site: int, submission: UUID) -> str | None:
    """What the plan for a follow-up says; `None` before there is one."""
    return tx.scalar(select(PlanRow.why).where(PlanRow.site_id == site, PlanRow.submission_id == submission))


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
