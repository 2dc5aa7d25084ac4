"""Turns at something that takes a whole processor and much memory: as many at once as there are processors, a short queue, and
a refusal for everybody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from collector.problems import TooManyTries


class Turns:
    """`at_once` at a time, and as many again who wait."""

    def __init__(self, at_once: int) -> None:
        self._places = BoundedSemaphore(at_once * 2)
        self._turns = BoundedSemaphore(at_once)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for a turn and holds it. Raises `TooManyTries` at once when the queue is full."""
        if not self._places.acquire(blocking=False):
            raise TooManyTries("Many people sign in at this moment. Try again in a few seconds.", retry_after=3)
        try:
            with self._turns:
                yield
        finally:
            self._places.release()
