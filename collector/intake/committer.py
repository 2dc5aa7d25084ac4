"""How submissions of one process are committed: together, whoever waits while the one before is on its way to the disk.

A sync to the disk costs the same for one row as for fifty. So a submission takes its place in a queue and waits for its
turn to write; whoever's turn comes writes all that wait by then, in one transaction, and the others find theirs done. Nobody
waits for company: alone, a submission is written at once. A door that has no thread to wait in leaves its submissions to the
committer's own thread and is told when they are on disk."""

from collections import deque
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Lock, Thread
from time import perf_counter

from collector.intake.submission import Rows

#: Submissions that are written at once; more would make the first of them wait for the last.
MOST = 128


class Waiting:
    """A submission on its way to the disk. Once it is there, `is_new` says whether it is new; where its writing raised,
    `error` is what. `told`, if there is one, is then called with all of its group, from whatever thread wrote it."""

    __slots__ = ("error", "is_new", "rows", "told")

    def __init__(self, rows: Rows, told: Callable[[Sequence["Waiting"]], None] | None = None) -> None:
        self.rows = rows
        self.told = told
        self.is_new: bool | None = None
        self.error: Exception | None = None

    @property
    def done(self) -> bool:
        """Whether its commit is over, well or badly."""
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
        self._queue: deque[Waiting] = deque()
        self._turn = Lock()
        self._calls: SimpleQueue[None] = SimpleQueue()
        self._thread: Thread | None = None
        #: Seconds that a commit took of late. It takes as long for one submission as for many, so a slow one for few says
        #: nothing of how long many will wait.
        self._lasts = 0.0

    def store(self, rows: Rows) -> bool:
        """Returns, after the commit, whether the submission is new; raises what its own writing raised."""
        mine = Waiting(rows)
        self._queue.append(mine)
        while not mine.done:
            with self._turn:
                if not mine.done:
                    self._commit_next()
        if mine.error is not None:
            raise mine.error
        return bool(mine.is_new)

    def submit(self, waiting: Waiting) -> None:
        """Takes a place in the queue and returns at once; `waiting.told` is called after the commit."""
        self._queue.append(waiting)
        if self._thread is None or not self._thread.is_alive():
            # Not before it is needed: a server that forks would leave it behind.
            self._thread = Thread(target=self._run, name="committer", daemon=True)
            self._thread.start()
        self._calls.put(None)

    @property
    def seconds_ahead(self) -> float:
        """How long a submission that comes now would wait for those before it, if commits last as they did of late."""
        return len(self._queue) / MOST * self._lasts

    def _run(self) -> None:
        while True:
            self._calls.get()
            if self._queue:
                with self._turn:
                    self._commit_next()

    def _commit_next(self) -> None:
        group = [self._queue.popleft() for _ in range(min(MOST, len(self._queue)))]
        if not group:
            return
        began = perf_counter()
        self._commit(group)
        self._lasts += (perf_counter() - began - self._lasts) / 8

    def _commit(self, group: Sequence[Waiting]) -> None:
        try:
            for waiting, is_new in zip(group, self._write([waiting.rows for waiting in group]), strict=True):
                waiting.is_new = is_new
        except Exception as error:
            if len(group) > 1 and self._may_be_one(error):
                for waiting in group:
                    self._commit([waiting])
                return
            for waiting in group:
                waiting.error = error
        by_door: dict[Callable[[Sequence[Waiting]], None], list[Waiting]] = {}
        for waiting in group:
            if waiting.told is not None:
                by_door.setdefault(waiting.told, []).append(waiting)
        for told, theirs in by_door.items():
            told(theirs)
