"""Reads of responses with all that belongs to them, by key and in batches, so that a file of any length needs little
memory and an interrupted list goes on where it ended."""

from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from collector.accounts.models import MemberRow, MembershipRow
from collector.cases.models import CaseRow
from collector.cases.queries import OF_RESPONSE, tags_by_case
from collector.exports.columns import ExportedResponse
from collector.exports.walk import BATCH
from collector.followups.models import FollowUpRow
from collector.followups.queries import ASKED, narrowed
from collector.responses.filters import Filter
from collector.responses.models import ResponseRow
from collector.sites.models import SiteRow
from collector.surveys.models import SurveyRow


def _select(tx: Session, team: int | None, wanted: Filter) -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = (
        select(
            ResponseRow.id.label("number"),
            ResponseRow.submission_id,
            SiteRow.key.label("site_key"),
            SiteRow.name.label("site_name"),
            SurveyRow.key.label("survey_key"),
            ResponseRow.received_at,
            ResponseRow.scale,
            ResponseRow.score,
            ResponseRow.segment,
            ResponseRow.category,
            ResponseRow.comment,
            ResponseRow.page,
            ResponseRow.language,
            FollowUpRow.state,
            FollowUpRow.channel,
            FollowUpRow.text,
            FollowUpRow.pack,
            FollowUpRow.question,
            FollowUpRow.why,
            FollowUpRow.areas,
            FollowUpRow.answer_areas,
            FollowUpRow.answer_text,
            FollowUpRow.answered_at,
            ResponseRow.partial,
            ResponseRow.attributes,
            ResponseRow.suspect,
            ResponseRow.amended_at,
            ResponseRow.set_aside_at,
            FollowUpRow.answered_by,
            FollowUpRow.variant,
            FollowUpRow.probability,
            CaseRow.id.label("case"),
            CaseRow.state.label("case_state"),
            MemberRow.name.label("case_owner"),
        )
        .join(SiteRow, SiteRow.id == ResponseRow.site_id)
        .join(SurveyRow, SurveyRow.id == ResponseRow.survey_id)
        .outerjoin(FollowUpRow, ASKED)
        .outerjoin(CaseRow, OF_RESPONSE)
        .outerjoin(
            MembershipRow,
            (MembershipRow.member_id == CaseRow.owner_id) & (MembershipRow.team_id == CaseRow.team_id),
        )
        .outerjoin(MemberRow, MemberRow.id == MembershipRow.member_id)
        .where(ResponseRow.erased_at.is_(None))
        .order_by(ResponseRow.id)
    )
    if team is not None:
        statement = statement.where(ResponseRow.team_id == team)
    return narrowed(tx, statement, wanted)


#: Transactions that write responses. Each holds this lock on the table from before its first row has a number until it ends.
_WRITERS = text(
    "select virtualtransaction from pg_locks where locktype = 'relation' and relation = cast(:table as regclass) "
    "and database = (select oid from pg_database where datname = current_database()) "
    "and mode = 'RowExclusiveLock' and granted"
)


def newest_response(tx: Session, team: int) -> int:
    """The number of a team's newest response; 0 when there is none."""
    return tx.scalar(select(func.max(ResponseRow.id)).where(ResponseRow.team_id == team)) or 0


def response_writers(tx: Session) -> frozenset[str]:
    """The transactions that are writing responses at this moment. PostgreSQL gives a row its number before it is committed:
    as long as one of them goes on, a smaller number than one that can be read may still appear. On SQLite one writes at a time,
    and none of them can be overtaken."""
    if tx.get_bind().dialect.name == "sqlite":
        return frozenset()
    return frozenset(tx.scalars(_WRITERS, {"table": ResponseRow.__tablename__}))


def exported_responses(
    tx: Session, team: int | None, wanted: Filter, after: int = 0, limit: int = BATCH, newest: int | None = None
) -> list[ExportedResponse]:
    """Up to `limit` responses that `wanted` means, oldest first, beginning after the row `after` and, where `newest` is
    given, ending with that row. `team` limits them to one team's; the command line, which stands above teams, gives `None`."""
    statement = _select(tx, team, wanted).where(ResponseRow.id > after)
    if newest is not None:
        statement = statement.where(ResponseRow.id <= newest)
    rows = tx.execute(statement.limit(limit)).all()
    put = tags_by_case(tx, [row.case for row in rows if row.case is not None])
    return [
        ExportedResponse(
            number=row.number,
            id=row.submission_id,
            site=row.site_key,
            site_name=row.site_name,
            survey=row.survey_key,
            received_at=row.received_at,
            scale=row.scale,
            score=row.score,
            segment=row.segment,
            category=row.category,
            comment=row.comment,
            page=row.page,
            language=row.language,
            follow_up_state=row.state,
            channel=row.channel,
            question=row.text,
            question_key=f"{row.pack}/{row.question}" if row.question else None,
            question_why=row.why,
            offered_areas=tuple(key for key, _ in row.areas or ()),
            answer_areas=tuple(row.answer_areas or ()),
            answer=row.answer_text or "",
            answered_at=row.answered_at,
            partial=row.partial,
            attributes=row.attributes,
            suspect=row.suspect,
            amended_at=row.amended_at,
            answered_by=(row.answered_by or "widget") if row.answered_at else None,
            variant=row.variant,
            probability=row.probability,
            case_state=row.case_state,
            case_owner=row.case_owner,
            tags=tuple(tag.name for tag in put.get(row.case, ())),
            set_aside_at=row.set_aside_at,
        )
        for row in rows
    ]
