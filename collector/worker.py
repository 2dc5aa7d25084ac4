"""Carries out what waits in the outbox, and what is done by the clock; what that may be stands in `duties.py`."""

import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic, process_time, thread_time
from typing import cast

import structlog
from sqlalchemy.orm import Session

from collector.channels.delivery import Outcome
from collector.db import Database
from collector.duties import ORDERS, PERIODIC, SUBSCRIBERS, Errand, Order
from collector.events import heard
from collector.ids import public_id
from collector.logs import places
from collector.outbox.actions import claim, claim_abandoned, claim_orders, fail, finish, postpone
from collector.outbox.entry import ClaimedEntry
from collector.outbox.pace import AT_ONCE, Spent, pace
from collector.outbox.retry import next_try
from collector.reaching import actions as reaching
from collector.reaching.outward import NO_WAY_OUT, Outward, Ready

BATCH = 200
#: Facts that are told in one transaction on SQLite, where visitors wait for their turn to write meanwhile, a few ms. On
#: PostgreSQL nobody waits, and more transactions are more turns at the interpreter: all that were claimed are told together.
TOGETHER = 32
#: The same while visitors are there and little is late: the turn is kept for some 2 ms, whatever that costs the worker.
GENTLY = 4
#: Entries that are claimed at once while the worker rests after each few, so that orders and the clock wait some seconds.
FEW = 50
ORDERS_AT_ONCE = 10
LEASE = timedelta(minutes=5)
#: What an order takes at most: a mail server that is slow at every step.
ORDER_TAKES = timedelta(minutes=3)
#: Seconds between two looks.
PAUSE = 1.0

_log = structlog.get_logger("lukewarm")


@dataclass(frozen=True, slots=True)
class _Message:
    """A message that was handed over for an order, and what became of it."""

    entry: ClaimedEntry
    ready: Ready
    outcome: Outcome


class Worker:
    """Claims entries under its own name and carries them out, one transaction at a time, and rests in between while others
    are busy in its process. `spent` tells what the thread that it is called in and its process have used so far."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        outward: Outward = NO_WAY_OUT,
        spent: Callable[[], Spent] = lambda: Spent(monotonic(), process_time(), thread_time()),
    ) -> None:
        self._database = database
        self._now = now
        self._outward = outward
        self._spent = spent
        self._looked = spent()
        self._pace = AT_ONCE
        self._stop = threading.Event()
        self._name = public_id("worker", 12)
        self._held_until = datetime.min.replace(tzinfo=UTC)
        self._is_behind = False
        self._next = dict.fromkeys((name for name, _, _ in PERIODIC), datetime.min.replace(tzinfo=UTC))

    def run_once(self) -> int:
        """Does what the clock asks for, claims up to two hundred facts and ten orders that are due, carries them out, and
        returns how much there was to do.

        What a crash leaves held is carried out again when the lease is over, so every handler does nothing the second time.
        What somebody else abandoned is taken one by one, after the others."""
        count = self._by_the_clock()
        self._held_until = self._now() + LEASE
        with self._database.writing(waited_for=False) as tx:
            most = FEW if self._pace.rest else BATCH
            facts = claim(tx, self._name, self._now(), LEASE, most, but=ORDERS)
            orders = claim_orders(tx, self._name, self._now(), LEASE, ORDERS_AT_ONCE, ORDERS)
        for together in _together(facts, self._at_once()):
            self._tell(together)
            self._rest(together)
        self._carry_out(orders)
        self._is_behind = len(facts) == most or len(orders) == ORDERS_AT_ONCE
        count += len(facts) + len(orders)
        while abandoned := self._abandoned():
            for entry in abandoned:
                if entry.kind in ORDERS:
                    self._carry_out([entry])
                else:
                    self._tell([entry])
            count += 1
        return count

    def _at_once(self) -> int:
        if self._database.embedded:
            return GENTLY if self._pace.gently else TOGETHER
        return BATCH

    def _rest(self, told: Sequence[ClaimedEntry]) -> None:
        looked, self._looked = self._looked, self._spent()
        self._pace = pace(self._looked.since(looked), self._now() - min(entry.due_at for entry in told))
        if self._pace.rest:
            self._stop.wait(self._pace.rest)

    def _by_the_clock(self) -> int:
        count = 0
        for name, do, seconds in PERIODIC:
            if self._now() >= self._next[name]:
                self._next[name] = self._now() + timedelta(seconds=seconds)
                count += do(self._database, self._now())
        return count

    def _abandoned(self) -> list[ClaimedEntry]:
        self._held_until = self._now() + LEASE
        with self._database.writing(waited_for=False) as tx:
            return claim_abandoned(tx, self._name, self._now(), LEASE)

    def run(self, stop: threading.Event) -> None:
        """Works until `stop` is set. Whatever goes wrong is logged and tried again: a worker that ended without a word
        would leave orders lying."""
        self._stop, self._looked = stop, self._spent()
        while not stop.is_set():
            try:
                # A full batch says that more waits. Otherwise what comes next may gather: asking again at once would
                # make a transaction for every entry, and take the writer's turn from visitors.
                self.run_once()
                if self._is_behind:
                    continue
            except Exception as error:
                _log.error("worker.failed", error=type(error).__name__, where=places(error.__traceback__))
            stop.wait(PAUSE * random.uniform(0.8, 1.2))

    def _tell(self, facts: Sequence[ClaimedEntry]) -> None:
        """One transaction for all who want to hear of these facts and for the end of their entries: what a crash takes back
        is told again, and nothing of it is there twice."""
        try:
            with self._database.writing(waited_for=False) as tx:
                told = [
                    heard(fact) for entry in facts for fact in cast(list[Mapping[str, object]], entry.payload["facts"])
                ]
                for handler in SUBSCRIBERS[facts[0].kind]:
                    handler(tx, told, self._now())
                finish(tx, [entry.id for entry in facts], self._name)
        except Exception as error:
            if len(facts) == 1:
                self._failed(facts[0], error)
                return
            # One by one, so that what goes wrong with one is not put down to the others.
            for entry in facts:
                self._tell([entry])

    def _carry_out(self, orders: Sequence[ClaimedEntry]) -> None:
        """One transaction ends a message and begins the next: one synced commit for each, and still every message is
        committed as `sending` before its provider hears of it. Who stops in between leaves one uncertain, and no more."""
        last: _Message | None = None
        for place, entry in enumerate(orders):
            if self._now() >= self._held_until - ORDER_TAKES:
                # They would be somebody else's before they are done.
                with self._database.writing() as tx:
                    for late in orders[place:]:
                        postpone(tx, late.id, self._name, self._now())
                break
            order = ORDERS[entry.kind]
            if isinstance(order, Order):
                last = self._step(last, entry, order)
                continue
            if last is not None:
                self._settle(last)
                last = None
            self._run(entry, order)
        if last is not None:
            self._settle(last)
        if orders:
            self._outward.rest()

    def _run(self, entry: ClaimedEntry, errand: Errand) -> None:
        try:
            due_at = errand(self._database, self._outward, entry.payload, self._now())
            with self._database.writing() as tx:
                self._put_off(tx, entry, due_at)
        except Exception as error:
            self._failed(entry, error)

    def _step(self, last: _Message | None, entry: ClaimedEntry, order: Order) -> _Message | None:
        try:
            with self._database.writing() as tx:
                if last is not None:
                    self._end(tx, last)
                begun = order.begin(tx, self._outward, entry.payload, self._now())
                if not isinstance(begun, Ready):
                    self._put_off(tx, entry, begun)
                    return None
        except Exception as error:
            if last is not None:
                # What became of a message is kept, whatever is wrong with the next one.
                self._settle(last)
                return self._step(None, entry, order)
            self._failed(entry, error)
            return None
        try:
            return _Message(entry, begun, self._outward.hand_over(begun))
        except Exception as error:
            self._failed(entry, error)
            return None

    def _settle(self, message: _Message) -> None:
        try:
            with self._database.writing() as tx:
                self._end(tx, message)
        except Exception as error:
            self._failed(message.entry, error)

    def _end(self, tx: Session, message: _Message) -> None:
        self._put_off(tx, message.entry, reaching.settle_message(tx, message.ready, message.outcome, self._now()))

    def _put_off(self, tx: Session, entry: ClaimedEntry, due_at: datetime | None) -> None:
        if due_at is None:
            finish(tx, [entry.id], self._name)
        else:
            postpone(tx, entry.id, self._name, due_at)

    def _failed(self, entry: ClaimedEntry, error: Exception) -> None:
        failure = type(error).__name__
        _log.error("order.failed", kind=entry.kind, entry=entry.id, error=failure, where=places(error.__traceback__))
        wait = next_try(entry.attempts, random.random())
        with self._database.writing() as tx:
            fail(tx, entry.id, self._name, failure, None if wait is None else self._now() + wait)


def _together(entries: Sequence[ClaimedEntry], most: int) -> Iterator[list[ClaimedEntry]]:
    """Entries of a kind that are told together, kinds in the order of the list: each time as many as hold `most` facts."""
    for kind in dict.fromkeys((*SUBSCRIBERS, *(entry.kind for entry in entries))):
        group: list[ClaimedEntry] = []
        count = 0
        for entry in (one for one in entries if one.kind == kind):
            group.append(entry)
            facts = entry.payload.get("facts")
            count += len(facts) if isinstance(facts, list) else 0
            if count >= most:
                yield group
                group, count = [], 0
        if group:
            yield group
