"""Writes for reaching people."""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from collector.channels.actions import begin, give_up, hold_texts, settle
from collector.channels.delivery import NewDelivery, Outcome, TextMessage
from collector.channels.queries import attempts_of, tried
from collector.channels.replies import next_try
from collector.channels.sms.number import prefix_of
from collector.contacts.actions import hold_mailboxes
from collector.contacts.contact import Contact, Reachable
from collector.contacts.queries import contact_of
from collector.followups.actions import move
from collector.followups.queries import follow_up_of
from collector.followups.state import FINAL, State
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry
from collector.reaching.letter import Letter, compose
from collector.reaching.manners import Manners
from collector.reaching.models import MannersRow, PlanRow
from collector.reaching.outward import Outward, Ready
from collector.reaching.plan import End, Facts, Send, Step, Wait, next_step
from collector.reaching.queries import facts_of, manners_of
from collector.reaching.sms.actions import heed
from collector.reaching.sms.text import compose_text, report_purpose
from collector.signing import secret, token_for
from collector.sites.queries import site_numbered
from collector.sites.site import Site

#: The order that has the plan made anew; one for each follow-up, from the first address until its end.
ORDER = "followup.reach"
#: Where a follow-up stands, by what became of the last message.
_STANDING: dict[str, State] = {
    "sending": "sending",
    "deferred": "scheduled",
    "sent": "sent",
    "delivered": "sent",
    "undeliverable": "undeliverable",
    "uncertain": "uncertain",
}
#: How long another sender is given to say what became of its message.
_MEANWHILE = timedelta(minutes=10)


def order_plan(tx: Session, site: Site, submission: UUID, now: datetime) -> None:
    """Has the person behind a response reached later, if there is an open question. The worker makes the plan."""
    found = follow_up_of(tx, site.id, submission)
    if found is not None and found.state not in FINAL:
        payload = {"site": site.id, "submission": str(submission)}
        put(tx, [NewEntry(ORDER, payload, now, key=f"reach:{site.id}:{submission}")])


def set_manners(tx: Session, site: Site, manners: Manners) -> None:
    """Replaces a site's manners."""
    given = asdict(manners)
    defaults = asdict(Manners())
    settings = {name: value for name, value in given.items() if value != defaults[name]}
    tx.merge(MannersRow(site_id=site.id, team_id=site.team, settings=settings))
    tx.flush()


def decide(tx: Session, outward: Outward, number: int, submission: UUID, now: datetime) -> Ready | datetime | None:
    """Makes the plan for a follow-up anew and writes it down. Returns the message to send, which is claimed, else when to look
    again, else `None`."""
    site = site_numbered(tx, number)
    if site is None:
        return None
    contact = contact_of(tx, number, submission)
    if contact is not None:
        hold_mailboxes(tx, frozenset(address.digest for address in contact.addresses))
        if "sms" in outward.providers and any(address.channel == "sms" for address in contact.addresses):
            hold_texts(tx)
    _end_what_was_left(tx, site, submission, now)
    step = _plan(tx, outward, site, submission, contact, now)
    if isinstance(step, Send) and contact is not None:
        return _prepare(tx, outward, site, submission, contact, step, now)
    return step.until if isinstance(step, Wait) else None


def _plan(
    tx: Session, outward: Outward, site: Site, submission: UUID, contact: Contact | None, now: datetime
) -> Step | None:
    facts = facts_of(tx, site.id, submission, contact, tuple(outward.providers), outward.rules, now)
    if facts is None:
        return None
    step = next_step(facts, manners_of(tx, site.id), now)
    _keep_plan(tx, site, submission, step, now)
    if isinstance(step, Wait):
        move(tx, site.id, submission, _standing(facts), now)
    elif isinstance(step, End) and step.state is not None:
        move(tx, site.id, submission, step.state, now)
    return step


def _end_what_was_left(tx: Session, site: Site, submission: UUID, now: datetime) -> None:
    for attempt in attempts_of(tx, site.id, submission):
        if attempt.state == "sending":
            left = NewDelivery(site.team, site.id, submission, attempt.purpose, attempt.channel, b"")
            give_up(tx, left, now)
            move(tx, site.id, submission, "uncertain", now)


def _standing(facts: Facts) -> State:
    return _STANDING[facts.attempts[-1].state] if facts.attempts else "scheduled"


def _prepare(
    tx: Session, outward: Outward, site: Site, submission: UUID, contact: Contact, step: Send, now: datetime
) -> Ready | datetime:
    address = next(one for one in contact.addresses if one.channel == step.channel)
    prefix = prefix_of(address.address) if step.channel == "sms" else None
    new = NewDelivery(site.team, site.id, submission, step.purpose, step.channel, address.digest, prefix)
    if not begin(tx, new, now):
        # Somebody else is sending it at this moment; what became of it is seen at the next look.
        return now + _MEANWHILE
    move(tx, site.id, submission, "sending", now)
    letter = _letter(tx, outward, site, submission, address, step)
    message = _as_text(outward, letter, new) if step.channel == "sms" else compose(letter)
    return Ready(new, message, address.address)


def _as_text(outward: Outward, letter: Letter, new: NewDelivery) -> TextMessage:
    text = compose_text(letter.site, letter.language, letter.question, letter.areas, letter.answer_at, new.purpose)
    token = token_for(outward.key, report_purpose(new.purpose), new.site, new.submission)
    return TextMessage(text, f"{outward.root}/hooks/sms/status/{token}")


def _letter(tx: Session, outward: Outward, site: Site, submission: UUID, address: Reachable, step: Send) -> Letter:
    found = follow_up_of(tx, site.id, submission)
    assert found is not None
    return Letter(
        site=site.name,
        language=found.language,
        sender=outward.sender,
        recipient=address.address,
        question=found.text,
        areas=found.areas,
        answer_at=f"{outward.root}/a/{token_for(outward.key, 'answer', site.id, submission)}",
        stop_at=f"{outward.root}/u/{token_for(outward.key, 'unsubscribe', site.id, submission)}",
        purpose=step.purpose,
        agreed_at=address.consent.given_at,
        name=secret(outward.key, "message", str(site.id).encode(), submission.bytes, step.purpose.encode()).hex(),
    )


def settle_message(
    tx: Session, outward: Outward, delivery: NewDelivery, outcome: Outcome, now: datetime
) -> datetime | None:
    """Writes what became of a message and the plan that follows from it. Returns when to look again; `None` when nothing more
    happens."""
    due = None
    if outcome.state == "deferred":
        first, tries = tried(tx, delivery)
        due = next_try(first, tries, now)
        if due is None:
            outcome = Outcome("undeliverable", outcome.reply)
    settle(tx, delivery, outcome, due, now)
    site = site_numbered(tx, delivery.site)
    if site is None:
        return None
    heed(tx, site, delivery.digest, outcome, now)
    move(tx, site.id, delivery.submission, _STANDING[outcome.state], now)
    contact = contact_of(tx, site.id, delivery.submission)
    step = _plan(tx, outward, site, delivery.submission, contact, now)
    if isinstance(step, Send):
        return now  # it is claimed in a transaction of its own
    return step.until if isinstance(step, Wait) else None


def _keep_plan(tx: Session, site: Site, submission: UUID, step: Step, now: datetime) -> None:
    due_at = step.until if isinstance(step, Wait) else None
    row = PlanRow(site_id=site.id, submission_id=submission, team_id=site.team, why=step.why, due_at=due_at)
    row.decided_at = now
    tx.merge(row)
    tx.flush()
