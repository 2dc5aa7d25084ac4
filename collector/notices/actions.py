"""Writes to rules and their messages.

Whoever touches a rule's messages holds the rule's row: between two messages nothing is lost, and nothing is told twice."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from collector.accounts.actions import note_change
from collector.accounts.queries import colleagues
from collector.db.bulk import BulkInsert
from collector.events import Heard
from collector.hiding import hide, under_newest
from collector.notices.models import MatchRow, MessageRow, RuleRow
from collector.notices.notice import Notice
from collector.notices.outcome import Result
from collector.notices.pace import MOST_REFUSALS, PATIENCE, due_at, look_again
from collector.notices.queries import items, rule_of, rules
from collector.notices.rule import HIDDEN_FOR, Off, Rule, Wanted, inbox_query, matches
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry
from collector.outbox.retry import next_try
from collector.responses.queries import stored_response
from collector.signing import secret
from collector.sites.queries import site_numbered

#: The order that sends one message.
ORDER = "notice.tell"
#: How long it is known what was told. A response may be amended for thirty days, and is not told again.
KEPT = timedelta(days=31)

_MATCH = BulkInsert(MatchRow, ["rule_id", "site_id", "submission_id", "team_id", "message_id"])
_COLUMNS = {"site": "site_id", "member": "member_id"}


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that is going out: to whom by which rule, and what it says. `recipient` is a member's address."""

    rule: Rule
    notice: Notice
    recipient: str | None


def add_rule(tx: Session, team: int, member: int, wanted: Wanted, key: bytes, now: datetime) -> int:
    """The number of a new rule, whose address is hidden with `key`."""
    row = RuleRow(team_id=team, made_at=now, **_values(wanted))
    tx.add(row)
    tx.flush()
    row.address = _hidden(key, row.id, wanted)
    tx.flush()
    _note(tx, team, member, "added", row.id, now, wanted)
    return row.id


def change_rule(tx: Session, rule: Rule, member: int, wanted: Wanted, key: bytes, now: datetime) -> bool:
    """Changes a rule; `False` when somebody else changed or removed it since it was read. What has gathered is still told.
    One that was off is on again when it tells somebody else."""
    values = {**_values(wanted), "address": _hidden(key, rule.id, wanted)}
    if (wanted.way, wanted.address, wanted.member) != (rule.wanted.way, rule.wanted.address, rule.wanted.member):
        values |= {"off_why": None, "refusals": 0}
    if not _set(tx, rule, **values):
        return False
    _note(tx, rule.team, member, "changed", rule.id, now, wanted)
    return True


def switch_rule(tx: Session, rule: Rule, member: int | None, off: Off | None, now: datetime) -> bool:
    """Switches a rule off for a reason, or on again. `False` when somebody else changed it since it was read."""
    if not _set(tx, rule, off_why=off, refusals=0):
        return False
    _note(tx, rule.team, member, "switched_off" if off else "switched_on", rule.id, now, rule.wanted)
    return True


def remove_rule(tx: Session, rule: Rule, member: int, now: datetime) -> None:
    """Removes a rule with its messages; what is on its way may still arrive."""
    tx.execute(delete(RuleRow).where(RuleRow.team_id == rule.team, RuleRow.id == rule.id))
    _note(tx, rule.team, member, "removed", rule.id, now, rule.wanted)


def move_addresses(tx: Session, key: bytes) -> tuple[int, int]:
    """Hides addresses with the newest key, where an older one does it. Returns how many were moved, and how many cannot be, for
    their key is not there. No revision goes up: what a form holds of the rule stays true."""
    kept = select(RuleRow.id, RuleRow.address).where(RuleRow.address.is_not(None)).order_by(RuleRow.id)
    rows = tx.execute(kept.with_for_update())
    moved, lost = under_newest(key, HIDDEN_FOR, [(rule, stored) for rule, stored in rows if stored is not None])
    for rule, stored in moved.items():
        tx.execute(update(RuleRow).where(RuleRow.id == rule).values(address=stored))
    return len(moved), lost


def order_test(tx: Session, rule: Rule, member: int, now: datetime) -> None:
    """Has a message sent that says that messages arrive."""
    row = MessageRow(team_id=rule.team, rule_id=rule.id, test=True, state="sending", made_at=now, changed_at=now)
    tx.add(row)
    tx.flush()
    _order(tx, row, now)
    _note(tx, rule.team, member, "tested", rule.id, now, rule.wanted)


def hear(tx: Session, facts: Sequence[Heard], now: datetime) -> None:
    """Responses came in, or were finished or corrected: whoever wants to be told of them will be."""
    for team in sorted({fact.team for fact in facts}):
        known = rules(tx, team)
        if not known:
            continue  # as of most teams, whose responses are not read for it
        places = dict.fromkeys((fact.site, fact.submission) for fact in facts if fact.team == team)
        found = [response for place in places if (response := stored_response(tx, *place)) is not None]
        for rule in known:
            _gather(tx, rule, [(one.site, one.submission) for one in found if matches(rule.wanted, one)], now)


def _gather(tx: Session, rule: Rule, places: Sequence[tuple[int, UUID]], now: datetime) -> None:
    """Puts responses, by site and submission, into the message that the rule gathers for, and has it sent in time. A response
    that the rule has told of, or is about to, stays where it is."""
    row = _held(tx, rule.team, rule.id) if places else None
    if row is None or row.off_why is not None:
        return
    told = tx.execute(
        select(MatchRow.site_id, MatchRow.submission_id).where(
            MatchRow.rule_id == rule.id, MatchRow.submission_id.in_([submission for _, submission in places])
        )
    )
    known = {(site, submission) for site, submission in told}
    new = [place for place in places if place not in known]
    if not new:
        return
    message = tx.scalars(
        select(MessageRow).where(MessageRow.rule_id == rule.id, MessageRow.state == "gathering")
    ).first()
    if message is None:
        message = MessageRow(team_id=rule.team, rule_id=rule.id, state="gathering", made_at=now, changed_at=now)
        tx.add(message)
        tx.flush()
        _order(tx, message, due_at(row.gather, row.told_at, now))
    _MATCH.run(tx, [(rule.id, site, submission, rule.team, message.id) for site, submission in new])


def begin(tx: Session, number: int, key: bytes, root: str, now: datetime) -> Ready | datetime | None:
    """Closes a message and says what to send. Returns a time when it has to wait for the message before it, and `None` when
    there is nothing to send: the rule is off or gone, or everything in it was erased."""
    message, row = _message(tx, number)
    if message is None or row is None or message.state not in ("gathering", "sending", "given_up"):
        return None
    if message.state == "gathering" and _is_busy(tx, row.id, now):
        return look_again(row.gather, now)
    rule, recipient = rule_of(row, key), _recipient(tx, row)
    has_left = row.way == "email" and recipient is None
    if has_left and rule.off is None:
        switch_rule(tx, rule, None, "left", now)
    shown, more = items(tx, row.team_id, number, root, row.words)
    if has_left or not (message.test or (rule.off is None and shown)):
        message.state, message.changed_at = "dropped", now
        tx.flush()
        return None
    message.state, message.changed_at = "sending", now
    tx.flush()
    name = f"msg_{secret(key, 'notice', str(number).encode()).hex()}"
    site = site_numbered(tx, row.site_id) if row.site_id is not None else None
    link = f"{root}/inbox?{inbox_query(rule.wanted, site.key if site else None)}".rstrip("?") if root else None
    return Ready(rule, Notice(name, row.name, shown, more, link, message.test), recipient)


def settle(tx: Session, number: int, result: Result, now: datetime) -> bool:
    """Writes what became of a message, and switches off a rule at whose address nobody is any more. Says whether the message
    is tried again, or was tried in vain for the last time; a test is tried once."""
    message, row = _message(tx, number)
    if message is None or row is None or message.state != "sending":
        return False
    message.tries, message.result, message.changed_at = message.tries + 1, result.code, now
    if not message.test:
        row.told_at = now if result.fate == "told" else row.told_at
        row.refusals = row.refusals + 1 if result.fate == "gone" else 0
    is_over = message.test or row.refusals >= MOST_REFUSALS
    if result.fate == "told":
        message.state = "told"
    elif result.fate == "refused" or is_over:
        message.state = "refused"
    elif next_try(message.tries, 0) is None:
        message.state = "given_up"
    tx.flush()
    if row.refusals >= MOST_REFUSALS and row.off_why is None:
        switch_rule(tx, rule_of(row), None, "gone", now)
    return message.state in ("sending", "given_up")


def forget(tx: Session, now: datetime, limit: int) -> int:
    """Deletes up to `limit` messages that are old, with what was in them, and returns how many."""
    old = select(MessageRow.id).where(MessageRow.changed_at < now - KEPT).limit(limit)
    return len(tx.scalars(delete(MessageRow).where(MessageRow.id.in_(old)).returning(MessageRow.id)).all())


def _set(tx: Session, rule: Rule, **values: object) -> bool:
    statement = (
        update(RuleRow)
        .where(RuleRow.team_id == rule.team, RuleRow.id == rule.id, RuleRow.revision == rule.revision)
        .values(revision=RuleRow.revision + 1, **values)
        .returning(RuleRow.id)
        .execution_options(synchronize_session=False)
    )
    return tx.execute(statement).first() is not None


def _values(wanted: Wanted) -> dict[str, object]:
    return {_COLUMNS.get(name, name): value for name, value in asdict(wanted).items() if name != "address"}


def _hidden(key: bytes, rule: int, wanted: Wanted) -> str | None:
    return hide(key, HIDDEN_FOR, rule, wanted.address) if wanted.address else None


def _note(tx: Session, team: int, member: int | None, verb: str, rule: int, now: datetime, wanted: Wanted) -> None:
    note_change(tx, team, member, f"notice.{verb}", wanted.name, now, {"rule": rule, "way": wanted.way})


def _order(tx: Session, message: MessageRow, due: datetime) -> None:
    put(tx, [NewEntry(ORDER, {"message": message.id}, due, key=f"notice:{message.id}")])


def _held(tx: Session, team: int, rule: int) -> RuleRow | None:
    return tx.scalars(
        select(RuleRow)
        .where(RuleRow.team_id == team, RuleRow.id == rule)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def _message(tx: Session, number: int) -> tuple[MessageRow | None, RuleRow | None]:
    """A message and its rule, whose row is held from here on."""
    found = tx.get(MessageRow, number)
    if found is None:
        return None, None
    row = _held(tx, found.team_id, found.rule_id)
    if row is not None:
        tx.refresh(found)
    return found, row


def _is_busy(tx: Session, rule: int, now: datetime) -> bool:
    statement = select(MessageRow.id).where(
        MessageRow.rule_id == rule,
        MessageRow.state == "sending",
        MessageRow.test.is_(False),
        MessageRow.changed_at > now - PATIENCE,
    )
    return tx.scalar(statement.limit(1)) is not None


def _recipient(tx: Session, row: RuleRow) -> str | None:
    if row.way != "email":
        return None
    return next((one.email for one in colleagues(tx, row.team_id) if one.id == row.member_id), None)
