"""How an export goes through all rows: by key, batch after batch, so that a file of any length needs little memory, a slow
reader holds nothing open, and rows that come meanwhile neither repeat nor shift others."""

from collections.abc import Callable, Iterator, Sequence

from collector.exports.columns import ExportedResponse

#: Rows that are read at once.
BATCH = 1000


def walk(batch_after: Callable[[int], Sequence[ExportedResponse]]) -> Iterator[ExportedResponse]:
    """Every row that `batch_after` gives: it is asked for up to `BATCH` rows after a row's number until it gives fewer."""
    after = 0
    while True:
        batch = batch_after(after)
        yield from batch
        if len(batch) < BATCH:
            return
        after = batch[-1].number
