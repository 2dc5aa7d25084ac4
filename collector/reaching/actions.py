"""Writes for reaching people."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from collector.channels.actions import begin, give_up, hold_texts, settle
from collector.channels.delivery import NewDelivery, Outcome, Purpose, TextMessage
from collector.channels.queries import attempt_of, attempts_of, messages_since, tried
from collector.channels.replies import next_try
from collector.channels.sms.number import prefix_of
from collector.contacts.actions import hold_mailboxes
from collector.contacts.consent import refusal
from collector.contacts.contact import Reachable
from collector.contacts.queries import contact_of
from collector.events import FollowUpHandedOver
from collector.followups.actions import move
from collector.followups.follow_up import ShownArea
from collector.followups.queries import follow_up_of
from collector.followups.state import FINAL, State
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry, fact_entries
from collector.reaching.attempt import tried_once_more, with_outcome
from collector.reaching.letter import Letter, compose
from collector.reaching.manners import DAY, Manners, free_at
from collector.reaching.models import MannersRow, PlanRow
from collector.reaching.naming import message_name
from collector.reaching.outward import Known, Outward, Ready
from collector.reaching.plan import End, Facts, Send, Step, Wait, next_step
from collector.reaching.queries import facts_of, manners_of, reason_of
from collector.reaching.sms.actions import heed
from collector.reaching.sms.text import compose_text, report_purpose
from collector.signing import token_for
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


def forget_plan(tx: Session, site: int, submission: UUID) -> None:
    """Takes away what was last decided about reaching a person, which tells of their hours."""
    tx.execute(delete(PlanRow).where(PlanRow.site_id == site, PlanRow.submission_id == submission))


def set_manners(tx: Session, site: Site, manners: Manners) -> None:
    """Replaces a site's manners."""
    given = asdict(manners)
    defaults = asdict(Manners())
    settings = {name: value for name, value in given.items() if value != defaults[name]}
    tx.merge(MannersRow(site_id=site.id, team_id=site.team, settings=settings))
    tx.flush()


def decide(tx: Session, outward: Outward, payload: Mapping[str, object], now: datetime) -> Ready | datetime | None:
    """Makes the plan for a follow-up anew and writes it down. Returns the message to send, which is claimed, else when to look
    again, else `None`."""
    number, submission = int(str(payload["site"])), UUID(str(payload["submission"]))
    site = site_numbered(tx, number)
    follow_up = follow_up_of(tx, number, submission)
    if site is None or follow_up is None:
        return None
    contact = contact_of(tx, number, submission)
    if contact is not None:
        hold_mailboxes(tx, frozenset(address.digest for address in contact.addresses))
        if "sms" in outward.providers and any(address.channel == "sms" for address in contact.addresses):
            hold_texts(tx)
    _end_what_was_left(tx, site, submission, now)
    manners = manners_of(tx, number)
    facts = facts_of(tx, follow_up, contact, tuple(outward.providers), outward.rules, manners, now)
    step = next_step(facts, manners, now)
    if not isinstance(step, Send) or contact is None:
        return _keep(tx, site, submission, facts, step, now)
    address = next(one for one in contact.addresses if one.channel == step.channel)
    prefix = prefix_of(address.address) if step.channel == "sms" else None
    new = NewDelivery(site.team, site.id, submission, step.purpose, step.channel, address.digest, prefix)
    if not begin(tx, new, now):
        # Somebody else is sending it at this moment; what became of it is seen at the next look.
        return now + _MEANWHILE
    move(tx, site.id, submission, "sending", now)
    written = letter(outward, site, new, address, follow_up.language, follow_up.text, follow_up.areas)
    message = _as_text(outward, written, new) if step.channel == "sms" else compose(written)
    return Ready(site, new, message, address.address, Known(manners, tried_once_more(facts, step, now)))


def begin_single(
    tx: Session,
    outward: Outward,
    site: Site,
    submission: UUID,
    purpose: Purpose,
    write: Callable[[NewDelivery, Reachable], EmailMessage],
    now: datetime,
) -> Ready | datetime | str | None:
    """Claims the one e-mail of a purpose to the person behind a response that no plan decides about. Returns it, as `write`
    makes it; else when to look again: a mailbox that had its share of messages today gets it later; else why it goes to
    nobody, in a sentence; else `None`: it was handed over, or nobody knows."""
    attempt = attempt_of(tx, site.id, submission, purpose)
    if attempt is not None and attempt.state != "deferred":
        if attempt.state == "sending":
            give_up(tx, NewDelivery(site.team, site.id, submission, purpose, "email", b""), now)
        return None
    contact = contact_of(tx, site.id, submission)
    addresses = contact.addresses if contact else ()
    why = refusal(addresses, "email") if "email" in outward.providers else "No channel is configured."
    if why is not None:
        return why
    address = next(one for one in addresses if one.channel == "email")
    mailbox = frozenset({address.digest})
    hold_mailboxes(tx, mailbox)
    # What is tried again counts among the mailbox's messages already.
    due = (attempt.due_at or now) if attempt else free_at(messages_since(tx, mailbox, now - DAY), now)
    if due > now:
        return due
    new = NewDelivery(site.team, site.id, submission, purpose, "email", address.digest)
    return Ready(site, new, write(new, address), address.address) if begin(tx, new, now) else now + _MEANWHILE


def _keep(tx: Session, site: Site, submission: UUID, facts: Facts, step: Step, now: datetime) -> datetime | None:
    """Writes a plan down, and where the follow-up stands by it. Returns when to look again."""
    if isinstance(step, Wait) and step.hands_over and reason_of(tx, site.id, submission) != step.why:
        put(tx, fact_entries([FollowUpHandedOver(site.team, site.id, str(submission))], now))
    _keep_plan(tx, site.id, site.team, submission, step, now)
    if isinstance(step, Wait):
        move(tx, site.id, submission, _STANDING[facts.attempts[-1].state] if facts.attempts else "scheduled", now)
        return step.until
    if isinstance(step, End) and step.state is not None:
        move(tx, site.id, submission, step.state, now)
    return None


def _end_what_was_left(tx: Session, site: Site, submission: UUID, now: datetime) -> None:
    for attempt in attempts_of(tx, site.id, submission):
        if attempt.state == "sending":
            left = NewDelivery(site.team, site.id, submission, attempt.purpose, attempt.channel, b"")
            give_up(tx, left, now)
            move(tx, site.id, submission, "uncertain", now)


def letter(
    outward: Outward,
    site: Site,
    of: NewDelivery,
    address: Reachable,
    language: str,
    question: str | None = None,
    areas: tuple[ShownArea, ...] = (),
) -> Letter:
    """What a message is made from. One that holds no question leads to what was said."""

    def at(page: str, token: str) -> str:
        return f"{outward.root}/{page}/{token_for(outward.key, token, of.site, of.submission)}"

    return Letter(
        site=site.name,
        language=language,
        sender=outward.sender,
        recipient=address.address,
        question=question,
        areas=areas,
        answer_at=at("a", "answer") if question is not None else at("m", "own"),
        stop_at=at("u", "unsubscribe"),
        decoy_at=at("l", "decoy"),
        purpose=of.purpose,
        agreed_at=address.consent.given_at,
        name=message_name(outward.key, of.site, of.submission, of.purpose),
    )


def _as_text(outward: Outward, letter: Letter, new: NewDelivery) -> TextMessage:
    text = compose_text(
        letter.site, letter.language, letter.question or "", letter.areas, letter.answer_at, new.purpose
    )
    token = token_for(outward.key, report_purpose(new.purpose), new.site, new.submission)
    return TextMessage(text, f"{outward.root}/hooks/sms/status/{token}")


def settle_message(tx: Session, ready: Ready, outcome: Outcome, now: datetime) -> datetime | None:
    """Writes what became of a message and the plan that follows from it, made from what was known when the message was begun.
    Returns when to look again; `None` when nothing more happens."""
    site, delivery, known = ready.site, ready.delivery, ready.known
    due = next_try(*tried(tx, delivery), now) if outcome.state == "deferred" else None
    if outcome.state == "deferred" and due is None:
        outcome = Outcome("undeliverable", outcome.reply)
    settle(tx, delivery, outcome, due, now)
    heed(tx, site, delivery.digest, outcome, now)
    if known is None:
        return due
    facts = with_outcome(known.facts, outcome.state, due)
    step = next_step(facts, known.manners, now)
    if isinstance(step, Send):
        move(tx, delivery.site, delivery.submission, _STANDING[outcome.state], now)
        return now  # it is claimed in a transaction of its own
    return _keep(tx, site, delivery.submission, facts, step, now)


def _keep_plan(tx: Session, site: int, team: int, submission: UUID, step: Step, now: datetime) -> None:
    values = {"why": step.why, "due_at": step.until if isinstance(step, Wait) else None, "decided_at": now}
    changed = tx.execute(
        update(PlanRow)
        .where(PlanRow.site_id == site, PlanRow.submission_id == submission)
        .values(**values)
        .returning(PlanRow.site_id)
        .execution_options(synchronize_session=False)
    ).first()
    if changed is None:
        tx.execute(insert(PlanRow).values(site_id=site, submission_id=submission, team_id=team, **values))
