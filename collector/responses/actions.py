"""Writes to responses."""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.engine import Connection

from collector.db import table_of
from collector.responses.models import ResponseRow
from collector.responses.response import NewResponse

#: Made once: writing a statement anew costs more than running it.
_RECORD = {
    name: insert(table_of(ResponseRow))
    .on_conflict_do_nothing(index_elements=["site_id", "submission_id"])
    # SQLAlchemy throws psycopg's count of an insert away unless it is told to keep it.
    .execution_options(preserve_rowcount=True)
    for name, insert in (("sqlite", insert_sqlite), ("postgresql", insert_postgresql))
}


def record(tx: Connection, responses: Sequence[NewResponse]) -> int:
    """Writes responses and returns how many of them are new; one whose submission was stored before, or stands twice in
    `responses`, is not written again."""
    rows = [
        {
            "team_id": new.team,
            "site_id": new.site,
            "survey_id": new.survey,
            "submission_id": new.submission,
            "digest": new.digest,
            "scale": new.scale,
            "score": new.score,
            "segment": new.segment,
            "category": new.category,
            "comment": new.comment,
            "page": new.page,
            "language": new.language,
            "configuration": new.configuration,
            "received_at": new.received_at,
        }
        for new in responses
    ]
    return tx.execute(_RECORD[tx.dialect.name], rows).rowcount
