"""Whose turn it is to write to SQLite, among the threads of one process."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Lock

from sqlalchemy.exc import TimeoutError


class Turn:
    """One writer at a time. Somebody who is waited for comes before somebody who gives way."""

    def __init__(self) -> None:
        self._writer = Lock()
        self._nobody_waits = Condition()
        #: How many hold the turn or wait for it who give no way.
        self.eager = 0

    @contextmanager
    def taken(self, patience: float, gives_way: float = 0.0) -> Iterator[None]:
        """Holds the turn. Who `gives_way` lets all others go before for so many seconds, and then waits like them: one that
        writes without a pause cannot keep it from writing for ever. Raises `TimeoutError` after `patience` seconds."""
        if gives_way:
            with self._nobody_waits:
                self._nobody_waits.wait_for(lambda: not self.eager, gives_way)
            with self._held(patience):
                yield
            return
        with self._nobody_waits:
            self.eager += 1
        try:
            with self._held(patience):
                yield
        finally:
            with self._nobody_waits:
                self.eager -= 1
                if not self.eager:
                    self._nobody_waits.notify_all()

    @contextmanager
    def _held(self, patience: float) -> Iterator[None]:
        if not self._writer.acquire(timeout=patience):
            raise TimeoutError("another writer of this process takes too long")
        try:
            yield
        finally:
            self._writer.release()
