"""Writes to cases, each with its line in the history."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from collector.accounts.queries import colleagues
from collector.cases.due import due_after
from collector.cases.history import FINAL, UNDO_FOR, packed, unpacked
from collector.cases.mentions import mentioned
from collector.cases.models import CaseRow, CaseTagRow, EventRow, MentionRow, NoteRow, RulesRow, TagRow
from collector.cases.queries import OF_RESPONSE, rules_of
from collector.cases.state import Standing, State
from collector.db.bulk import BulkInsert
from collector.problems import NotFound
from collector.responses.models import ResponseRow

#: What came of a press: it was done; all was so already; somebody else had changed the case since it was looked at.
Outcome = Literal["done", "same", "stale"]

#: Cases; a response that is one already stays as it is.
MAKE = BulkInsert(
    CaseRow,
    ["team_id", "site_id", "submission_id", "state", "due_at", "made_at", "revision"],
    unique=("site_id", "submission_id"),
)
#: Tags on cases; one that is on a case already stays.
PUT_TAG = BulkInsert(CaseTagRow, ["case_id", "tag_id", "team_id"], unique=("case_id", "tag_id"))
_NEW_TAG = BulkInsert(TagRow, ["team_id", "name", "folded"], unique=("team_id", "folded"))


def make_case(tx: Session, team: int, response: int, member: int, press: str, now: datetime) -> int:
    """Makes a response a case by a press of `member`, due from now on; returns its number, and that of the case which it is
    already. Raises `NotFound` when the team has no such response."""
    row = tx.execute(
        select(ResponseRow.site_id, ResponseRow.submission_id, ResponseRow.segment)
        .where(ResponseRow.id == response, ResponseRow.team_id == team, ResponseRow.erased_at.is_(None))
        .with_for_update(read=True)
    ).first()
    if row is None:
        raise NotFound()
    rules = rules_of(tx, team)
    due_at = due_after(now, rules.days.get(row.segment, 0), rules.clock)
    made = MAKE.run(tx, [(team, row.site_id, row.submission_id, "new", due_at, now, 0)])()
    number = tx.scalars(
        select(CaseRow.id).where(CaseRow.site_id == row.site_id, CaseRow.submission_id == row.submission_id)
    ).one()
    if made:
        note_event(tx, team, number, member, press, "made", {}, now)
    return number


def change(
    tx: Session, team: int, number: int, revision: int, member: int, press: str,
    wanted: Callable[[Standing, datetime], Standing], now: datetime,
) -> Outcome:  # fmt: skip
    """Makes of a case's standing what `wanted` says, if nobody changed it since `revision` was looked at. `wanted` also
    gets the due date that the case would have if it came now. Raises `NotFound`."""
    row, segment = held(tx, team, number)
    was = Standing(cast(State, row.state), row.owner_id, row.due_at)
    rules = rules_of(tx, team)
    to = wanted(was, due_after(now, rules.days.get(segment, 0), rules.clock))
    if to == was:
        return "same"
    if row.revision != revision or not stand(tx, number, revision, to, now):
        return "stale"
    note_event(tx, team, number, member, press, "changed", step(was, to), now, revision + 1)
    return "done"


def add_note(tx: Session, team: int, number: int, member: int, press: str, text: str, now: datetime) -> None:
    """Writes a note on a case, and down whom it calls. Raises `NotFound`."""
    held(tx, team, number)
    row = NoteRow(team_id=team, case_id=number, member_id=member, text=text, made_at=now)
    tx.add(row)
    tx.flush()
    called = mentioned(text, {one.id: one.name for one in colleagues(tx, team)})
    tx.add_all(MentionRow(note_id=row.id, member_id=who, team_id=team, case_id=number) for who in sorted(called))
    note_event(tx, team, number, member, press, "noted", {"note": row.id}, now)


def put_tag(tx: Session, team: int, number: int, member: int, press: str, name: str, now: datetime) -> Outcome:
    """Puts the tag of this name on a case, which is made if the team has none. Raises `NotFound`."""
    held(tx, team, number)
    _NEW_TAG.run(tx, [(team, name, name.casefold())])
    tag = tx.scalars(select(TagRow).where(TagRow.team_id == team, TagRow.folded == name.casefold())).one()
    if not PUT_TAG.run(tx, [(number, tag.id, team)])():
        return "same"
    note_event(tx, team, number, member, press, "tagged", {"tag": tag.id, "name": tag.name}, now)
    return "done"


def take_tag(tx: Session, team: int, number: int, member: int, press: str, tag: int, now: datetime) -> Outcome:
    """Takes a tag off a case. Raises `NotFound`."""
    held(tx, team, number)
    name = tx.scalar(select(TagRow.name).where(TagRow.id == tag, TagRow.team_id == team))
    if name is None or not _take(tx, number, tag):
        return "same"
    note_event(tx, team, number, member, press, "untagged", {"tag": tag, "name": name}, now)
    return "done"


def undo(tx: Session, team: int, member: int, press: str, now: datetime) -> tuple[int, int]:
    """Takes back what `member` did with one press, where nobody did anything else since. Returns how many cases are as they
    were, and how many were left: none of both when there is nothing to undo, or no longer."""
    events = tx.scalars(
        select(EventRow)
        .where(
            EventRow.press == press,
            EventRow.team_id == team,
            EventRow.member_id == member,
            EventRow.at >= now - UNDO_FOR,
            EventRow.undone_at.is_(None),
            EventRow.kind.not_in(FINAL),
        )
        .order_by(EventRow.case_id)
    ).all()
    done = sum(_undo_one(tx, team, event, now) for event in events)
    return done, len(events) - done


def held(tx: Session, team: int, number: int) -> tuple[CaseRow, str]:
    """A case of the team's, kept from others until the transaction ends, and the segment of its response. Raises `NotFound`."""
    row = tx.execute(
        select(CaseRow, ResponseRow.segment)
        .join(ResponseRow, OF_RESPONSE)
        .where(
            CaseRow.id == number,
            CaseRow.team_id == team,
            ResponseRow.team_id == team,
            ResponseRow.erased_at.is_(None),
        )
        .with_for_update(of=CaseRow)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound()
    return row.CaseRow, row.segment


def stand(tx: Session, number: int, revision: int, to: Standing, now: datetime) -> bool:
    """Makes `to` of a case's standing. `False` when somebody changed the case since `revision`."""
    values = {"state": to.state, "owner_id": to.owner, "due_at": to.due_at, "revision": revision + 1}
    closed = {"closed_at": now if to.state == "done" else None}
    changed = tx.execute(
        update(CaseRow)
        .where(CaseRow.id == number, CaseRow.revision == revision)
        .values(**values, **closed)
        .returning(CaseRow.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def step(was: Standing, to: Standing) -> dict[str, object]:
    """What the history keeps of a change of standing."""
    return {"before": packed(was), "after": packed(to)}


def _take(tx: Session, number: int, tag: int) -> bool:
    gone = delete(CaseTagRow).where(CaseTagRow.case_id == number, CaseTagRow.tag_id == tag)
    return tx.execute(gone.returning(CaseTagRow.case_id)).first() is not None


def _undo_one(tx: Session, team: int, event: EventRow, now: datetime) -> bool:
    if not _undone(tx, team, event, now):
        return False
    event.undone_at = now
    tx.flush()
    return True


def _undone(tx: Session, team: int, event: EventRow, now: datetime) -> bool:
    if event.kind == "noted":
        tx.execute(delete(NoteRow).where(NoteRow.id == event.detail["note"], NoteRow.case_id == event.case_id))
        return True
    if event.kind == "tagged":
        return _take(tx, event.case_id, event.detail["tag"])
    if event.kind == "untagged":
        if tx.get(TagRow, event.detail["tag"]) is None:
            return False
        return PUT_TAG.run(tx, [(event.case_id, event.detail["tag"], team)])() > 0
    assert event.revision is not None
    return stand(tx, event.case_id, event.revision, unpacked(event.detail["before"]), now)


def note_event(
    tx: Session, team: int, number: int, member: int, press: str, kind: str, detail: Mapping[str, object],
    now: datetime, revision: int | None = None,
) -> None:  # fmt: skip
    """Writes a line of a case's history."""
    tx.add(
        EventRow(
            team_id=team, case_id=number, member_id=member, at=now, press=press, kind=kind, detail=dict(detail),
            revision=revision,
        )
    )  # fmt: skip
    tx.flush()


def set_rules(tx: Session, team: int, settings: Mapping[str, object]) -> None:
    """Replaces a team's rules."""
    tx.merge(RulesRow(team_id=team, settings=dict(settings)))
    tx.flush()
