"""Writes to responses."""

from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from collector.db import table_of
from collector.responses.models import ResponseRow
from collector.responses.response import NewResponse

#: Made once: writing a statement anew costs more than running it.
_RECORD = {
    name: insert(table_of(ResponseRow))
    .on_conflict_do_nothing(index_elements=["site_id", "submission_id"])
    .returning(table_of(ResponseRow).c.id)
    for name, insert in (("sqlite", insert_sqlite), ("postgresql", insert_postgresql))
}


def record(tx: Session, new: NewResponse) -> int | None:
    """Writes a response and returns its number, or `None` when its submission was stored before.

    Asks for the number instead of the count of rows: psycopg reports -1 for an insert that met its conflict rule."""
    row = {
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
    connection = tx.connection()
    number: int | None = connection.execute(_RECORD[connection.dialect.name], row).scalar_one_or_none()
    return number
