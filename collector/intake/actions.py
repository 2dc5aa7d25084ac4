"""The story of submissions, from what was decided to what is kept."""

from collections.abc import Sequence

from collector.db.bulk import Bulk
from collector.events import ResponseRecorded
from collector.followups.actions import offer
from collector.intake.submission import Rows
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry, fact_entries
from collector.responses.actions import record
from collector.responses.response import NewResponse


def store(tx: Bulk, batch: Sequence[Rows]) -> list[bool]:
    """Writes the rows of several submissions and says of each whether it is new. One that was stored before, or stands
    twice in the batch, writes nothing the second time: no follow-up, no order, no fact."""
    # Two processes that write overlapping groups wait for each other's keys; in one order, they never do so crosswise.
    places = sorted(range(len(batch)), key=lambda place: batch[place].response.key)
    ordered = [batch[place] for place in places]
    with tx.together():
        written = record(tx, [rows.response for rows in ordered])
        _complete(tx, ordered)
    if written() == len(ordered):
        return [True] * len(ordered)
    # The database says how many were new, not which; asked one by one, it says which.
    tx.start_over()
    new = [record(tx, [rows.response])() == 1 for rows in ordered]
    with tx.together():
        _complete(tx, [rows for rows, is_new in zip(ordered, new, strict=True) if is_new])
    return [is_new for _, is_new in sorted(zip(places, new, strict=True))]


def _complete(tx: Bulk, batch: Sequence[Rows]) -> None:
    """Writes what belongs to responses beside themselves."""
    offer(tx, [rows.follow_up for rows in batch if rows.follow_up is not None])
    put(tx, _facts([rows.response for rows in batch]))


def _facts(new: Sequence[NewResponse]) -> list[NewEntry]:
    facts = [ResponseRecorded(one.team, one.site, str(one.submission), one.segment) for one in new]
    return fact_entries(facts, max(one.received_at for one in new)) if new else []
