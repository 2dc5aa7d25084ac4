"""Carries out what waits in the outbox, and what is done by the clock. `SUBSCRIBERS` and `PERIODIC` are the whole list."""

import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

import structlog

from collector.cases.jobs import forget_cases, hear_amended, hear_answered, hear_corrected, open_cases
from collector.channels.providers import providers_for
from collector.config import Settings
from collector.db import Database
from collector.events import FACTS
from collector.followups.jobs import expire_follow_ups
from collector.ids import public_id
from collector.inbox import jobs as inbox
from collector.logs import places
from collector.outbox.actions import claim, claim_abandoned, claim_orders, fail, finish, postpone
from collector.outbox.entry import ClaimedEntry
from collector.outbox.retry import next_try
from collector.reaching.actions import ORDER
from collector.reaching.jobs import reach
from collector.reaching.outward import NO_WAY_OUT, Outward

#: Gets facts of one kind, oldest first: those that are told together and may be dealt with together.
Handler = Callable[[Database, Sequence[Mapping[str, object]], datetime], None]

#: Fact -> who wants to hear of it. A fact that nobody waits for is done as soon as it is read.
SUBSCRIBERS: dict[str, tuple[Handler, ...]] = {fact.kind: () for fact in FACTS} | {
    "response.recorded": (open_cases, inbox.index_recorded),
    "response.amended": (hear_amended, inbox.index_changed),
    "response.erased": (forget_cases, inbox.index_changed),
    "followup.answered": (hear_answered, inbox.index_changed),
    "followup.corrected": (hear_corrected, inbox.index_changed),
}

#: Order -> what carries it out, and says when it is to be carried out again; `None` ends it.
ORDERS: dict[str, Callable[[Database, Outward, Mapping[str, object], datetime], datetime | None]] = {
    ORDER: reach,
    inbox.ORDER: inbox.fill_search,
}

#: What is done now and then: a name for the log, what does it (and says how often it did), and every how many seconds.
PERIODIC: tuple[tuple[str, Callable[[Database, datetime], int], float], ...] = (
    ("followups.expire", expire_follow_ups, 60),
)

BATCH = 200
ORDERS_AT_ONCE = 10
LEASE = timedelta(minutes=5)
#: What an order takes at most: a mail server that is slow at every step.
ORDER_TAKES = timedelta(minutes=3)
#: Seconds between two looks.
PAUSE = 1.0

_log = structlog.get_logger("lukewarm")


def outward_of(settings: Settings, key: bytes) -> Outward:
    """The ways out that the settings open; `key` makes the tokens of the links."""
    providers = providers_for(settings.smtp_url, settings.mail_folder, settings.mail_from)
    return Outward(providers, settings.mail_from or "", settings.public_url or "", key)


class Worker:
    """Claims entries under its own name and carries them out, one transaction at a time."""

    def __init__(self, database: Database, now: Callable[[], datetime], outward: Outward = NO_WAY_OUT) -> None:
        self._database = database
        self._now = now
        self._outward = outward
        self._name = public_id("worker", 12)
        self._held_until = datetime.min.replace(tzinfo=UTC)
        self._is_behind = False
        self._next = dict.fromkeys((name for name, _, _ in PERIODIC), datetime.min.replace(tzinfo=UTC))

    def run_once(self) -> int:
        """Does what the clock asks for, claims up to two hundred facts and ten orders that are due, carries them out, and
        returns how much there was to do.

        Those that went well are finished together. A crash before that runs them again when the lease is over, so every
        handler does nothing the second time. What somebody else abandoned is taken one by one, after the others."""
        count = self._by_the_clock()
        self._held_until = self._now() + LEASE
        with self._database.writing() as tx:
            facts = claim(tx, self._name, self._now(), LEASE, BATCH, but=ORDERS)
            orders = claim_orders(tx, self._name, self._now(), LEASE, ORDERS_AT_ONCE, ORDERS)
        self._carry_out([*facts, *orders])
        self._is_behind = len(facts) == BATCH or len(orders) == ORDERS_AT_ONCE
        count += len(facts) + len(orders)
        while abandoned := self._abandoned():
            self._carry_out(abandoned)
            count += 1
        return count

    def _by_the_clock(self) -> int:
        count = 0
        for name, do, seconds in PERIODIC:
            if self._now() >= self._next[name]:
                self._next[name] = self._now() + timedelta(seconds=seconds)
                count += do(self._database, self._now())
        return count

    def _abandoned(self) -> list[ClaimedEntry]:
        self._held_until = self._now() + LEASE
        with self._database.writing() as tx:
            return claim_abandoned(tx, self._name, self._now(), LEASE)

    def run(self, stop: threading.Event) -> None:
        """Works until `stop` is set. Whatever goes wrong is logged and tried again: a worker that ended without a word
        would leave orders lying."""
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

    def _carry_out(self, entries: Sequence[ClaimedEntry]) -> None:
        done: list[int] = []
        try:
            for together in _by_kind(entries):
                if len(together) > 1 and self._told(together):
                    done += [entry.id for entry in together]
                    continue
                # One by one, so that what goes wrong with one is not put down to the others.
                done += [entry.id for entry in together if self._went_well(entry)]
        finally:
            if done:
                with self._database.writing() as tx:
                    finish(tx, done, self._name)

    def _told(self, entries: Sequence[ClaimedEntry]) -> bool:
        try:
            self._tell(entries)
        except Exception:
            return False
        return True

    def _tell(self, entries: Sequence[ClaimedEntry]) -> None:
        facts = [fact for entry in entries for fact in cast(list[Mapping[str, object]], entry.payload["facts"])]
        for handler in SUBSCRIBERS[entries[0].kind]:
            handler(self._database, facts, self._now())

    def _went_well(self, entry: ClaimedEntry) -> bool:
        try:
            if entry.kind in ORDERS:
                return self._is_over(entry)
            self._tell([entry])
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

    def _is_over(self, entry: ClaimedEntry) -> bool:
        if self._now() >= self._held_until - ORDER_TAKES:
            return False  # it would be somebody else's before it is done, who finds it when our lease is over
        due_at = ORDERS[entry.kind](self._database, self._outward, entry.payload, self._now())
        if due_at is None:
            return True
        with self._database.writing() as tx:
            postpone(tx, entry.id, self._name, due_at)
        return False


def _by_kind(entries: Sequence[ClaimedEntry]) -> Iterator[list[ClaimedEntry]]:
    """Facts of a kind together, in the order of the list, then everything else alone."""
    for kind in SUBSCRIBERS:
        together = [entry for entry in entries if entry.kind == kind]
        if together:
            yield together
    yield from ([entry] for entry in entries if entry.kind not in SUBSCRIBERS)
