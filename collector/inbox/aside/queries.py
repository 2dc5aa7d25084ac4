"""Reads for setting aside what was chosen in the list."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.cases.models import CaseRow
from collector.cases.queries import OF_RESPONSE
from collector.responses.models import ResponseRow


def responses_of(tx: Session, team: int, cases: Sequence[int]) -> list[int]:
    """The numbers of the responses that these cases of the team's are about."""
    found = select(ResponseRow.id).join(CaseRow, OF_RESPONSE)
    return list(tx.scalars(found.where(ResponseRow.team_id == team, CaseRow.team_id == team, CaseRow.id.in_(cases))))
