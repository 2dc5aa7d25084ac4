"""How submissions of one process are committed: together, whoever waits while the one before is on its way to the disk.

A sync to the disk costs the same for one row as for fifty. So a submission takes its place in a queue and waits for its
turn to write; whoever's turn comes writes all that wait by then, in one transaction, and the others find theirs done. Nobody
waits for company: alone, a submission is written at once."""

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock

from collector.intake.submission import Rows

#: Submissions that are written at once; more would make the first of them wait for the last.
MOST = 128


class _Waiting:
    __slots__ = ("error", "is_new", "rows")

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.is_new: bool | None = None
        self.error: Exception | None = None

    @property
    def done(self) -> bool:
        return self.is_new is not None or self.error is not None


class Committer:
    """Commits submissions in groups. `write` writes some in one durable transaction and says of each whether it is new; it
    writes all of them or raises. `may_be_one` says of such an error whether a single submission may be at fault; then
    each is tried alone, so that a bad one fails alone. An error of the database is everybody's."""

    def __init__(
        self, write: Callable[[Sequence[Rows]], Sequence[bool]], may_be_one: Callable[[Exception], bool]
    ) -> None:
        self._write = write
        self._may_be_one = may_be_one
        self._queue: deque[_Waiting] = deque()
        self._turn = Lock()

    def store(self, rows: Rows) -> bool:
        """Returns, after the commit, whether the submission is new; raises what its own writing raised."""
        mine = _Waiting(rows)
        self._queue.append(mine)
        while not mine.done:
            with self._turn:
                if not mine.done:
                    self._commit([self._queue.popleft() for _ in range(min(MOST, len(self._queue)))])
        if mine.error is not None:
            raise mine.error
        return bool(mine.is_new)

    def _commit(self, group: Sequence[_Waiting]) -> None:
        try:
            for waiting, is_new in zip(group, self._write([waiting.rows for waiting in group]), strict=True):
                waiting.is_new = is_new
        except Exception as error:
            if len(group) == 1 or not self._may_be_one(error):
                for waiting in group:
                    waiting.error = error
                return
            for waiting in group:
                self._commit([waiting])
