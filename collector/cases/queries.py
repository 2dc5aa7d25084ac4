"""Reads of cases. A case whose response was erased is not there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from collector.accounts.models import MemberRow, MembershipRow
from collector.accounts.queries import colleagues
from collector.cases.case import Case, Event, Note, Tag, Who
from collector.cases.filters import CaseFilter
from collector.cases.history import saying
from collector.cases.mentions import parts
from collector.cases.models import CaseRow, CaseTagRow, EventRow, NoteRow, RulesRow, TagRow
from collector.cases.replies.queries import obstacle, reply_of
from collector.cases.rules import CaseRules, rules_from
from collector.cases.state import State
from collector.db import table_of
from collector.responses.models import ResponseRow
from collector.scales import SCALES
from collector.surveys.models import SurveyRow

#: Said in the statement itself: an index over some rows is not found by a value that comes later.
DONE = literal_column("'done'", String())
_RULES, _CASE = table_of(RulesRow).c, table_of(CaseRow).c
_RESPONSE, _MEMBER = table_of(ResponseRow).c, table_of(MemberRow).c
#: Statements that the worker makes for each few facts: on tables and made once, they cost a quarter.
_RULES_OF = select(_RULES.settings).where(_RULES.team_id == bindparam("team"))
_NUMBERED = select(_CASE.id, _CASE.submission_id).where(
    _CASE.site_id == bindparam("site"), _CASE.submission_id.in_(bindparam("submissions", expanding=True))
)

#: How a case and its response are put together.
OF_RESPONSE = and_(CaseRow.site_id == ResponseRow.site_id, CaseRow.submission_id == ResponseRow.submission_id)
#: What a case is made of, without tags, notes and history, in a statement that is `owned`.
SHOWN = (
    _CASE.id.label("case"),
    _RESPONSE.id.label("response"),
    _CASE.state.label("case_state"),
    _MEMBER.id.label("owner"),
    _MEMBER.name.label("owner_name"),
    _CASE.due_at,
    _CASE.made_at,
    _CASE.revision.label("case_revision"),
)


def owned(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A SELECT over cases together with whoever looks after each: nobody, where that is no member of the team any more."""
    belongs = and_(MembershipRow.member_id == CaseRow.owner_id, MembershipRow.team_id == CaseRow.team_id)
    works = and_(MemberRow.id == MembershipRow.member_id, MemberRow.disabled_at.is_(None))
    return statement.outerjoin(table_of(MembershipRow), belongs).outerjoin(table_of(MemberRow), works)


#: Made once, as these are asked for by pages that show many things.
_CASES = owned(select(*SHOWN).select_from(table_of(CaseRow)).join(table_of(ResponseRow), OF_RESPONSE)).where(
    _CASE.team_id == bindparam("team"), _RESPONSE.team_id == bindparam("team"), _RESPONSE.erased_at.is_(None)
)
_WHOLE = _CASES.add_columns(_CASE.site_id, _CASE.submission_id)
_TAGS = select(TagRow.id, TagRow.name).where(TagRow.team_id == bindparam("team")).order_by(TagRow.folded)
_NOTES = (
    select(NoteRow, MemberRow.name)
    .join(MemberRow, MemberRow.id == NoteRow.member_id)
    .where(NoteRow.case_id == bindparam("case"))
    .order_by(NoteRow.id)
)
_EVENTS = (
    select(EventRow, MemberRow.name)
    .outerjoin(MemberRow, MemberRow.id == EventRow.member_id)
    .where(EventRow.case_id == bindparam("case"))
    .order_by(EventRow.id)
    .execution_options(populate_existing=True)
)
_NAMES = select(MemberRow.id, MemberRow.name).where(MemberRow.id.in_(bindparam("members", expanding=True)))


def rules_of(tx: Session, team: int) -> CaseRules:
    """What a team set about its cases."""
    return rules_from(tx.execute(_RULES_OF, {"team": team}).scalar() or {})


def in_order(tx: Session, places: Sequence[tuple[int, UUID]]) -> list[tuple[int, UUID]]:
    """Those of these responses, by site and submission, that are cases, in the order of the cases' numbers: whoever holds
    several cases takes them in it, so that two never wait for each other crosswise."""
    found: list[tuple[int, int, UUID]] = []
    for site in {site for site, _ in places}:
        submissions = {submission for at, submission in places if at == site}
        numbered = tx.execute(_NUMBERED, {"site": site, "submissions": submissions})
        found += [(number, site, submission) for number, submission in numbered]
    return [(site, submission) for _, site, submission in sorted(found)]


def case_of(tx: Session, team: int, response: int) -> Case | None:
    """The case that a response of the team's is, with notes and history; `None` when it is none. `response` is the number of
    the response's row."""
    return _whole(tx, team, ResponseRow.id == response)


def case_numbered(tx: Session, team: int, number: int) -> Case | None:
    """The case of the team's with this number, with notes and history."""
    return _whole(tx, team, CaseRow.id == number)


def cases_of(tx: Session, team: int, responses: Sequence[int]) -> Mapping[int, Case]:
    """The cases among these responses, by the number of the response's row, without notes and history."""
    found = tx.execute(_CASES.where(_RESPONSE.id.in_(responses)), {"team": team}).all() if responses else []
    if not found:
        return {}
    rules, put = rules_of(tx, team), tags_by_case(tx, [row.case for row in found])
    return {row.response: case_in(row, rules, put.get(row.case, ())) for row in found}


def tags(tx: Session, team: int) -> list[Tag]:
    """The team's tags by name."""
    return [Tag(*row) for row in tx.execute(_TAGS, {"team": team})]


def counted_tags(tx: Session, team: int) -> list[Tag]:
    """The team's tags by name, each with how many cases have it: that goes through all cases that have one."""
    joined = _TAGS.add_columns(func.count(CaseTagRow.case_id)).outerjoin(CaseTagRow, CaseTagRow.tag_id == TagRow.id)
    counted = joined.group_by(TagRow.id, TagRow.name, TagRow.folded)
    return [Tag(*row) for row in tx.execute(counted, {"team": team})]


def tags_by_case(tx: Session, numbers: Collection[int]) -> dict[int, tuple[Tag, ...]]:
    """The tags that these cases have, by the case's number, each case's by name."""
    put: dict[int, tuple[Tag, ...]] = {}
    if numbers:
        for case, number, name in tx.execute(
            select(CaseTagRow.case_id, TagRow.id, TagRow.name)
            .join(TagRow, TagRow.id == CaseTagRow.tag_id)
            .where(CaseTagRow.case_id.in_(numbers))
            .order_by(TagRow.folded)
        ):
            put[case] = (*put.get(case, ()), Tag(number, name))
    return put


def narrowed(statement: Select[*tuple[Any, ...]], team: int, wanted: CaseFilter) -> Select[*tuple[Any, ...]]:
    """A SELECT over `ResponseRow` with the conditions that `wanted` puts on the case. A state other than `none` leaves only
    responses that are cases."""
    if wanted.is_empty:
        return statement
    joined = statement.outerjoin(CaseRow, and_(OF_RESPONSE, CaseRow.team_id == team))
    if wanted.state == "none":
        return joined.where(CaseRow.id.is_(None))
    return joined.where(CaseRow.id.is_not(None), *conditions(wanted))


def conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """What a filter asks of a row of `CaseRow`."""
    asked: list[ColumnElement[bool]] = []
    if wanted.state == "open" or wanted.overdue is not None:
        asked.append(CaseRow.state != DONE)
    elif wanted.state is not None:
        asked.append(CaseRow.state == wanted.state)
    if wanted.overdue is not None:
        asked.append(CaseRow.due_at < wanted.overdue)
    if wanted.owner is not None:
        asked.append(CaseRow.owner_id == wanted.owner if wanted.owner else CaseRow.owner_id.is_(None))
    if wanted.tag is not None:
        asked.append(CaseRow.id.in_(select(CaseTagRow.case_id).where(CaseTagRow.tag_id == wanted.tag)))
    return asked


def case_in(row: Any, rules: CaseRules, put: tuple[Tag, ...] = ()) -> Case:
    """The case in a row that has the columns of `SHOWN`."""
    return Case(
        id=row.case,
        response=row.response,
        state=cast(State, row.case_state),
        owner=Who(row.owner, row.owner_name) if row.owner else None,
        due_at=row.due_at,
        made_at=row.made_at,
        revision=row.case_revision,
        rules=rules,
        tags=put,
    )


def _whole(tx: Session, team: int, condition: ColumnElement[bool]) -> Case | None:
    row = tx.execute(_WHOLE.where(condition), {"team": team}).first()
    if row is None:
        return None
    case = case_in(row, rules_of(tx, team), tags_by_case(tx, [row.case]).get(row.case, ()))
    return replace(
        case,
        notes=_notes(tx, team, case.id),
        history=_history(tx, case),
        reply=reply_of(tx, case.id, row.site_id, row.submission_id),
        no_reply=obstacle(tx, row.site_id, row.submission_id),
    )


def _notes(tx: Session, team: int, case: int) -> tuple[Note, ...]:
    rows = tx.execute(_NOTES, {"case": case}).all()
    names = {one.id: one.name for one in colleagues(tx, team)} if rows else {}
    return tuple(Note(note.id, Who(note.member_id, name), note.made_at, parts(note.text, names)) for note, name in rows)


def _history(tx: Session, case: Case) -> tuple[Event, ...]:
    rows = tx.execute(_EVENTS, {"case": case.id}).all()
    given = {row.EventRow.detail["after"]["owner"] for row in rows if "after" in row.EventRow.detail} - {None}
    names = {row.id: row.name for row in tx.execute(_NAMES, {"members": given})} if given else {}
    return tuple(_event(event, name, names, case.rules) for event, name in rows)


def _event(row: EventRow, name: str | None, names: Mapping[int, str], rules: CaseRules) -> Event:
    by = Who(row.member_id, name) if row.member_id is not None and name is not None else None
    words = saying(row.kind, row.detail, row.member_id, names, rules.clock)
    return Event(row.id, row.press, row.kind, by, row.at, row.revision, row.undone_at is not None, words)


def scales_of(tx: Session, team: int) -> list[str]:
    """The scales that the team's surveys have, in the order of the list of scales."""
    used = set(tx.scalars(select(SurveyRow.scale).where(SurveyRow.team_id == team).distinct()))
    return [scale for scale in SCALES if scale in used]
