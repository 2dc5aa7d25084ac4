"""Writes to responses."""

from collections.abc import Callable, Sequence
from operator import attrgetter

from collector.db.bulk import Bulk, BulkInsert
from collector.responses.models import ResponseRow
from collector.responses.response import NewResponse

#: Column, and where its value stands in a `NewResponse`.
_COLUMNS = {
    "team_id": "team",
    "site_id": "site",
    "survey_id": "survey",
    "submission_id": "submission",
    "digest": "digest",
    "scale": "scale",
    "score": "score",
    "segment": "segment",
    "category": "category",
    "comment": "comment",
    "page": "page",
    "language": "language",
    "configuration": "configuration",
    "received_at": "received_at",
}
_RECORD = BulkInsert(ResponseRow, list(_COLUMNS), unique=("site_id", "submission_id"))
_values = attrgetter(*_COLUMNS.values())


def record(tx: Bulk, responses: Sequence[NewResponse]) -> Callable[[], int]:
    """Writes responses; one whose submission was stored before, or stands twice in `responses`, is not written again. What is
    returned says how many are new; ask it after statements that travel together have arrived."""
    return _RECORD.run(tx, [_values(new) for new in responses])
