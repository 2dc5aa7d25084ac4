"""Carrying SQLite's write-ahead log over into the database file, in a thread of its own.

SQLite does so at the end of a commit, once the log has a thousand pages: whoever waits for that commit waits for all pages
and another sync. Here it happens beside the writers, once a second while there is something to carry over; a writer is
held up only when the log has grown so long, under writing without a pause, that it has to be begun anew."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Event, Thread
from typing import Any

import structlog
from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError

_log = structlog.get_logger("lukewarm")

#: Pages (of 4 KiB) at which the writers are held up, and at which a commit carries over what this thread did not.
LONGEST = 16_000
LAST_RESORT = 4 * LONGEST

#: Seconds between two looks.
_PAUSE = 1.0


class Checkpoints:
    """The thread. `turn` is the writers' turn, taken when they are held up."""

    def __init__(
        self, engine: Engine, turn: Callable[[], AbstractContextManager[None]], *, longest: int = LONGEST
    ) -> None:
        self._engine = engine
        self._turn = turn
        self._longest = longest
        self._over = Event()
        event.listen(engine, "connect", _leave_it)
        engine.dispose()  # connections that know nothing of it yet
        self._thread = Thread(target=self._run, name="checkpoints", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; returns when it has let go of its connection."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(_PAUSE):
            try:
                self.look()
            except SQLAlchemyError as error:
                # A full disk, say. The log keeps what was committed, and the next look tries again.
                _log.warning("checkpoint.failed", error=type(error).__name__)

    def look(self) -> None:
        """Carries over what the log holds, as far as no reader still needs what the file has."""
        if self._carry_over() < self._longest:
            return
        with self._turn():
            self._carry_over()

    def _carry_over(self) -> int:
        """Returns how many pages the log has. Passive: it waits for nobody (https://sqlite.org/pragma.html#pragma_wal_checkpoint)."""
        connection: Any = self._engine.raw_connection()
        try:
            _busy, pages, _carried = connection.cursor().execute("pragma wal_checkpoint(passive)").fetchone()
        finally:
            connection.close()
        return int(pages)


def _leave_it(connection: Any, _record: object) -> None:
    connection.execute(f"pragma wal_autocheckpoint = {LAST_RESORT}").close()
