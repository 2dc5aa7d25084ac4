"""Carries out what waits in the outbox. `HANDLERS` and `SUBSCRIBERS` are the whole list of what is done about what."""

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from collector.db import Database
from collector.events import FACTS
from collector.followups.jobs import expire_follow_up
from collector.ids import public_id
from collector.logs import places
from collector.outbox.actions import claim, claim_abandoned, fail, finish
from collector.outbox.entry import ClaimedEntry
from collector.outbox.retry import next_try

Handler = Callable[[Database, Mapping[str, object], datetime], None]

#: Order -> what carries it out.
HANDLERS: dict[str, Handler] = {"followup.expire": expire_follow_up}

#: Fact -> who wants to hear of it. A fact that nobody waits for is done as soon as it is read.
SUBSCRIBERS: dict[str, tuple[Handler, ...]] = {fact.kind: () for fact in FACTS}

BATCH = 200
LEASE = timedelta(minutes=5)
#: Seconds between two looks.
PAUSE = 1.0

_log = structlog.get_logger("lukewarm")


class Worker:
    """Claims entries under its own name and carries them out, one transaction at a time."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._name = public_id("worker", 12)

    def run_once(self) -> int:
        """Claims up to two hundred due entries, carries them out, and returns how many there were.

        Those that went well are finished together. A crash before that runs them again when the lease is over, so every
        handler does nothing the second time. What somebody else abandoned is taken one by one, after the others."""
        with self._database.writing() as tx:
            entries = claim(tx, self._name, self._now(), LEASE, BATCH)
        self._carry_out(entries)
        count = len(entries)
        while abandoned := self._abandoned():
            self._carry_out(abandoned)
            count += 1
        return count

    def _abandoned(self) -> list[ClaimedEntry]:
        with self._database.writing() as tx:
            return claim_abandoned(tx, self._name, self._now(), LEASE)

    def run(self, stop: threading.Event) -> None:
        """Works until `stop` is set. Whatever goes wrong is logged and tried again: a worker that ended without a word
        would leave orders lying."""
        while not stop.is_set():
            try:
                # A full batch says that more waits. Otherwise what comes next may gather: asking again at once would
                # make a transaction for every entry, and take the writer's turn from visitors.
                if self.run_once() >= BATCH:
                    continue
            except Exception as error:
                _log.error("worker.failed", error=type(error).__name__, where=places(error.__traceback__))
            stop.wait(PAUSE * random.uniform(0.8, 1.2))

    def _carry_out(self, entries: Sequence[ClaimedEntry]) -> None:
        done: list[int] = []
        try:
            for entry in entries:
                if self._went_well(entry):
                    done.append(entry.id)
        finally:
            if done:
                with self._database.writing() as tx:
                    finish(tx, done, self._name)

    def _went_well(self, entry: ClaimedEntry) -> bool:
        try:
            for handler in _handlers(entry.kind):
                handler(self._database, entry.payload, self._now())
            return True
        except Exception as error:
            failure = type(error).__name__
            _log.error(
                "order.failed", kind=entry.kind, entry=entry.id, error=failure, where=places(error.__traceback__)
            )
            wait = next_try(entry.attempts, random.random())
            with self._database.writing() as tx:
                due_at = None if wait is None else self._now() + wait
                fail(tx, entry.id, self._name, failure, due_at)
            return False


def _handlers(kind: str) -> tuple[Handler, ...]:
    if kind in HANDLERS:
        return (HANDLERS[kind],)
    if kind in SUBSCRIBERS:
        return SUBSCRIBERS[kind]
    raise LookupError(kind)
