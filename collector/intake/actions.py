"""The story of submissions, from what was decided to what is kept."""

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from collector.followups.actions import offer
from collector.intake.submission import Rows
from collector.outbox.actions import put
from collector.responses.actions import record


def store(tx: Connection, batch: Sequence[Rows]) -> list[bool]:
    """Writes the rows of several submissions and says of each whether it is new. One that was stored before, or stands
    twice in the batch, writes nothing the second time: no follow-up, no order, no fact."""
    if len(batch) > 1:
        with tx.begin_nested() as attempt:
            if record(tx, [rows.response for rows in batch]) == len(batch):
                _complete(tx, batch)
                return [True] * len(batch)
            # Some are repeats. The database says how many, not which; asked one by one, it says which.
            attempt.rollback()
    new = [record(tx, [rows.response]) == 1 for rows in batch]
    _complete(tx, [rows for rows, is_new in zip(batch, new, strict=True) if is_new])
    return new


def _complete(tx: Connection, batch: Sequence[Rows]) -> None:
    offer(tx, [rows.follow_up for rows in batch if rows.follow_up is not None])
    put(tx, [entry for rows in batch for entry in rows.entries])
