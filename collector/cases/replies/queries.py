"""Reads of replies."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from collector.accounts.models import MemberRow
from collector.cases.case import Reply, Who
from collector.cases.models import CaseRow, ReplyRow
from collector.channels.queries import attempt_of
from collector.contacts.consent import refusal
from collector.contacts.queries import contact_of

CHANNEL = "email"

_STANDINGS = {
    "sending": "It is being handed to the mail server.",
    "sent": "The mail server took it.",
    "deferred": "The mail server was not ready; it is tried again for 48 hours.",
    "undeliverable": "The mail server refused it for good.",
    "uncertain": "It is not known whether it arrived, so it is not sent again.",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reply that is to be handed over: whose response it answers, and the text."""

    site: int
    submission: UUID
    text: str


_REPLY = (
    select(ReplyRow, MemberRow.name)
    .join(MemberRow, MemberRow.id == ReplyRow.member_id)
    .where(ReplyRow.case_id == bindparam("case"))
    .execution_options(populate_existing=True)
)


def reply_of(tx: Session, case: int, site: int, submission: UUID) -> Reply | None:
    """What was written to the person behind a case, whose response it names, and how that stands."""
    row = tx.execute(_REPLY, {"case": case}).first()
    if row is None:
        return None
    reply: ReplyRow = row.ReplyRow
    attempt = attempt_of(tx, site, submission, "reply")
    standing = _STANDINGS[attempt.state] if attempt else "It goes out within a minute."
    if reply.refused is not None:
        standing = f"It was not sent. {reply.refused}"
    return Reply(Who(reply.member_id, row.name), reply.made_at, reply.text, standing)


def obstacle(tx: Session, site: int, submission: UUID) -> str:
    """Why nobody may write to the person behind a response, in a sentence; nothing when somebody may."""
    contact = contact_of(tx, site, submission)
    return refusal(contact.addresses if contact else (), CHANNEL) or ""


def wanted_reply(tx: Session, case: int) -> Wanted | None:
    """The reply to a case that nothing was decided about for good; `None` when it is gone or was not sent."""
    row = tx.execute(
        select(CaseRow.site_id, CaseRow.submission_id, ReplyRow.text)
        .join(ReplyRow, ReplyRow.case_id == CaseRow.id)
        .where(CaseRow.id == case, ReplyRow.refused.is_(None))
    ).first()
    return Wanted(*row) if row else None
