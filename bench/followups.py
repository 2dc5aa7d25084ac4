#!/usr/bin/env python3
"""Kills workers while they hand mails to a server, and measures how fast one and two of them do it.

    python -m bench.followups [--kills N] [--minutes N] [--due N] [--skip-kills] [--skip-rates]
    TEST_POSTGRESQL=FOLDER python -m bench.followups --postgresql

The mail server is a real one (aiosmtpd) in this process. A killed worker is a process of its own, killed at each step of the
dialogue in turn; the next one runs here. Rates are given against the same server fed by a plain loop over the same provider."""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from collector import clock
from collector.channels.providers.smtp import Smtp
from collector.db import Database
from collector.migrations import upgrade
from collector.reaching.letter import Letter, compose
from collector.reaching.outward import Outward
from collector.worker import Worker
from tests.reaching.killed import Round
from tests.servers.killed import KEY, ROOT, SENDER
from tests.servers.mail import STEPS, MailServer
from tests.servers.postgres import Postgres


def main() -> None:
    """Prints what became of the messages of killed workers, then rates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="workers to kill")
    parser.add_argument("--minutes", type=float, default=60, help="begin no other kill after so many minutes")
    parser.add_argument("--due", type=int, default=1000, help="messages that are due at once")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument("--skip-kills", action="store_true", help="only the rates")
    parser.add_argument("--skip-rates", action="store_true", help="only the kills")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="followups-") as folder,
        _database(Path(folder), options.postgresql) as database,
    ):
        upgrade(database)
        health = database.health()
        print(f"{health.database} {health.version}")
        with MailServer() as server:
            if not options.skip_kills:
                kill(Round(database, Path(folder), server), options.kills, options.minutes)
            if not options.skip_rates:
                rates(lambda: Round(database, Path(folder), server), server, options.due)


def kill(here: Round, most: int, minutes: float) -> None:
    """Kills up to `most` workers, one for each message, at the steps in turn, for as long as there is time."""
    died: Counter[str] = Counter()
    begin, count = time.monotonic(), 0
    for number in range(most):
        if time.monotonic() - begin > 60 * minutes:
            break
        count += 1
        step = STEPS[number % len(STEPS)]
        here.person(f"person{number}@example.com")
        here.server.acts[step] = here.kill
        died[step] += here.work() == -9
        here.server.acts.clear()
        here.recover()
    here.recover()
    taken = Counter(recipient for recipient, _ in here.server.taken)
    states = here.deliveries()
    print(f"{sum(died.values())} workers killed: {', '.join(f'{step} {died[step]}' for step in STEPS)}")
    print(f"second messages: {sum(times - 1 for times in taken.values())}")
    print(
        f"vanished: {count - sum(states.values())}; {', '.join(f'{state} {states[state]}' for state in sorted(states))}"
    )


def rates(make: Callable[[], Round], server: MailServer, due: int) -> None:
    """Hands over `due` messages by a plain loop, by one worker and by two."""
    provider = Smtp(f"smtp://127.0.0.1:{server.port}?tls=off", SENDER)
    letters = (_letter(f"bare{number}@example.com") for number in range(due))
    begin = time.perf_counter()
    for letter in letters:
        assert provider.send(compose(letter), letter.recipient).state == "sent"
    provider.rest()
    bare = due / (time.perf_counter() - begin)
    print(f"bare loop: {bare:.0f} messages a second")
    for workers in (1, 2):
        here = make()
        for number in range(due):
            here.person(f"w{workers}n{number}@example.com")
        server.taken.clear()
        rate = due / _drain(here.database, Outward({"email": provider}, SENDER, ROOT, KEY.encode()), workers)
        once = len(server.taken) == len({recipient for recipient, _ in server.taken}) == due
        last = f"the last of {due} after {due / rate:.1f} s"
        print(f"{workers} worker(s): {rate:.0f} a second, {rate / bare:.2f} of bare, {last}, each once: {once}")


def _drain(database: Database, outward: Outward, workers: int) -> float:
    """Seconds that so many workers take together for all that is due."""

    def drain(worker: Worker) -> None:
        while worker.run_once():
            pass

    begin = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(drain, [Worker(database, clock.now, outward) for _ in range(workers)]))
    return time.perf_counter() - begin


def _letter(recipient: str) -> Letter:
    return Letter(
        site="Shop",
        language="en",
        sender=SENDER,
        recipient=recipient,
        question="What would have made it better?",
        areas=(),
        answer_at=f"{ROOT}/a/x",
        stop_at=f"{ROOT}/u/x",
        decoy_at=f"{ROOT}/l/x",
        purpose="ask",
        agreed_at=clock.now(),
        name="n",
    )


@contextmanager
def _database(folder: Path, postgresql: bool) -> Iterator[Database]:
    cluster = Postgres(folder / "cluster", durable=True) if postgresql else None
    database = Database(cluster.url("postgres") if cluster else f"sqlite:///{folder / 'lukewarm.db'}")
    try:
        yield database
    finally:
        database.dispose()
        if cluster:
            cluster.remove()


if __name__ == "__main__":
    main()
