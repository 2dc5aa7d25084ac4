"""What becomes of cases when something is heard of their responses. Nothing happens the second time."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import Label, bindparam, delete, literal, select, update
from sqlalchemy.orm import Session

from collector.cases.actions import MAKE, stand, step
from collector.cases.due import due_after
from collector.cases.models import CaseRow, EventRow, NoteRow, ReplyRow
from collector.cases.queries import OF_RESPONSE, in_order, rules_of
from collector.cases.rules import CaseRules
from collector.cases.state import Standing, State, spoken_to
from collector.db import table_of
from collector.db.bulk import BulkInsert
from collector.events import Heard
from collector.followups.models import FollowUpRow
from collector.followups.queries import ASKED
from collector.responses.models import ResponseRow

Said = Literal["amended", "answered", "corrected", "handed_over"]
#: When something was said, and a number that grows with every change of it. Whoever says nothing does so to the end, once.
_SAID: dict[Said, tuple[Label[Any], Label[Any]]] = {
    "amended": (ResponseRow.amended_at.label("said_at"), ResponseRow.revision.label("said_in")),
    "answered": (FollowUpRow.answered_at.label("said_at"), FollowUpRow.revision.label("said_in")),
    "corrected": (FollowUpRow.corrected_at.label("said_at"), FollowUpRow.revision.label("said_in")),
    "handed_over": (FollowUpRow.expires_at.label("said_at"), literal(0).label("said_in")),
}

#: Responses that are whole, a person's, and there; on tables and made once, which costs a quarter.
_RESPONSE = table_of(ResponseRow).c
_FINISHED = (
    select(_RESPONSE.submission_id, _RESPONSE.segment, _RESPONSE.received_at)
    .where(
        _RESPONSE.site_id == bindparam("site"),
        _RESPONSE.team_id == bindparam("team"),
        _RESPONSE.submission_id.in_(bindparam("submissions", expanding=True)),
        _RESPONSE.partial.is_(False),
        _RESPONSE.suspect.is_(None),
        _RESPONSE.erased_at.is_(None),
    )
    .with_for_update(read=True)
)
_HEARD = BulkInsert(
    EventRow, ["team_id", "case_id", "at", "press", "kind", "detail", "mark"], unique=("case_id", "mark")
)


def open_cases(tx: Session, facts: Sequence[Heard], now: datetime) -> None:
    """Makes cases of the responses that become one by themselves."""
    by_site: dict[tuple[int, int], list[Heard]] = {}
    for fact in facts:
        by_site.setdefault((fact.team, fact.site), []).append(fact)
    for (team, site), told in by_site.items():
        rules = rules_of(tx, team)
        # What the visitor changed since is told by another fact.
        wanted: list[UUID] = [fact.submission for fact in told if fact.segment in rules.by_itself]
        if wanted:
            _make_cases(tx, team, site, wanted, rules, now)


def hear_amended(tx: Session, facts: Sequence[Heard], now: datetime) -> None:
    """A changed or finished response may become a case now, or is taken up again."""
    _hear(tx, facts, "amended", now)
    open_cases(tx, facts, now)


def hear_answered(tx: Session, facts: Sequence[Heard], now: datetime) -> None:
    """An answer takes up a case that waited or was done."""
    _hear(tx, facts, "answered", now)


def hear_corrected(tx: Session, facts: Sequence[Heard], now: datetime) -> None:
    """A changed answer does as the first one."""
    _hear(tx, facts, "corrected", now)


def hear_handed_over(tx: Session, facts: Sequence[Heard], now: datetime) -> None:
    """Whoever was asked in vain is the team's to speak with: a case that waited is taken up."""
    _hear(tx, facts, "handed_over", now)


def forget_cases(tx: Session, facts: Sequence[Heard], now: datetime) -> None:
    """What was said is erased, and with it the case."""
    for site, submission in in_order(tx, _places(facts)):
        _forget_case(tx, site, submission)


def forget_what_was_written(tx: Session, facts: Sequence[Heard], now: datetime) -> None:
    """Nothing points to the person any more, so the team's notes do not either."""
    for site, submission in in_order(tx, _places(facts)):
        _forget_words(tx, site, submission)


def _hear(tx: Session, facts: Sequence[Heard], kind: Said, now: datetime) -> None:
    for site, submission in in_order(tx, _places(facts)):
        _hear_one(tx, site, submission, kind, now)


def _places(facts: Sequence[Heard]) -> list[tuple[int, UUID]]:
    return [(fact.site, fact.submission) for fact in facts]


def _make_cases(
    tx: Session, team: int, site: int, submissions: Collection[UUID], rules: CaseRules, now: datetime
) -> None:
    """Makes cases of those responses that become one by themselves: finished, from a person, in a segment of the rules, not
    erased. Those that are cases already stay as they are."""
    # Held until the end, so that an erasure at the same moment comes before, or finds the case.
    rows = tx.execute(_FINISHED, {"team": team, "site": site, "submissions": submissions})
    new = [
        (team, site, submission, "new", due_after(received_at, rules.days[segment], rules.clock), now, 0)
        for submission, segment, received_at in rows
        if segment in rules.by_itself
    ]
    MAKE.run(tx, new)()


def _hear_one(tx: Session, site: int, submission: UUID, kind: Said, now: datetime) -> None:
    """Writes down, once for each change, that the person behind a case said something more, or nothing when asked; what waited
    is taken up again, and what was done if something was said. Nothing happens to a response that is no case, or became one
    afterwards."""
    row = tx.execute(
        select(CaseRow, ResponseRow.segment, *_SAID[kind])
        .join(ResponseRow, OF_RESPONSE)
        .outerjoin(FollowUpRow, ASKED)
        .where(ResponseRow.site_id == site, ResponseRow.submission_id == submission, ResponseRow.erased_at.is_(None))
        .with_for_update(of=CaseRow)
        .execution_options(populate_existing=True)
    ).first()
    if row is None or row.said_at is None or row.said_at <= row.CaseRow.made_at:
        return
    case: CaseRow = row.CaseRow
    was = Standing(cast(State, case.state), case.owner_id, case.due_at)
    rules = rules_of(tx, case.team_id)
    fresh = due_after(now, rules.days.get(row.segment, 0), rules.clock)
    to = was if kind == "handed_over" and was.state == "done" else spoken_to(was, fresh, now)
    mark = f"{kind}:{row.said_in}"
    detail = step(was, to) if to != was else {}
    if _HEARD.run(tx, [(case.team_id, case.id, now, mark, kind, detail, mark)])() and to != was:
        stand(tx, case.id, case.revision, to, now)


def _forget_case(tx: Session, site: int, submission: UUID) -> None:
    """Deletes the case of a response with all that was written about it: notes may quote the person."""
    tx.execute(
        delete(CaseRow)
        .where(CaseRow.site_id == site, CaseRow.submission_id == submission)
        .execution_options(synchronize_session=False)
    )


def _forget_words(tx: Session, site: int, submission: UUID) -> None:
    """Takes away what was written about the person of a case: notes, whom they called, the reply's words. State, tags and
    history stay."""
    case = select(CaseRow.id).where(CaseRow.site_id == site, CaseRow.submission_id == submission).scalar_subquery()
    here = {"synchronize_session": False}
    tx.execute(delete(NoteRow).where(NoteRow.case_id == case).execution_options(**here))
    tx.execute(update(ReplyRow).where(ReplyRow.case_id == case).values(text="").execution_options(**here))
