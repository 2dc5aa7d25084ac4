"""What the worker does about cases when it hears of responses. Each handler does nothing the second time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from collector.cases.actions import Said, forget_case, forget_words, hear, make_cases
from collector.cases.queries import rules_of
from collector.db import Database
from collector.events import subject_of

#: Responses in one transaction; visitors wait for their turn to write meanwhile.
_AT_ONCE = 500

Facts = Sequence[Mapping[str, object]]


def open_cases(database: Database, facts: Facts, now: datetime) -> None:
    """Makes cases of the responses that become one by themselves."""
    by_site: dict[tuple[int, int], list[tuple[str, UUID]]] = {}
    for fact in facts:
        team, site, submission = subject_of(fact)
        by_site.setdefault((team, site), []).append((str(fact["segment"]), submission))
    for (team, site), told in by_site.items():
        with database.reading() as tx:
            rules = rules_of(tx, team)
        # What the visitor changed since is told by another fact.
        wanted = [submission for segment, submission in told if segment in rules.by_itself]
        for begin in range(0, len(wanted), _AT_ONCE):
            with database.writing() as tx:
                make_cases(tx, team, site, wanted[begin : begin + _AT_ONCE], rules, now)


def hear_amended(database: Database, facts: Facts, now: datetime) -> None:
    """A changed or finished response may become a case now, or is taken up again."""
    _hear(database, facts, "amended", now)
    open_cases(database, facts, now)


def hear_answered(database: Database, facts: Facts, now: datetime) -> None:
    """An answer takes up a case that waited or was done."""
    _hear(database, facts, "answered", now)


def hear_corrected(database: Database, facts: Facts, now: datetime) -> None:
    """A changed answer does as the first one."""
    _hear(database, facts, "corrected", now)


def hear_handed_over(database: Database, facts: Facts, now: datetime) -> None:
    """Whoever was asked in vain is the team's to speak with: a case that waited is taken up."""
    _hear(database, facts, "handed_over", now)


def forget_cases(database: Database, facts: Facts, now: datetime) -> None:
    """What was said is erased, and with it the case."""
    for _, site, submission in map(subject_of, facts):
        with database.writing() as tx:
            forget_case(tx, site, submission)


def forget_what_was_written(database: Database, facts: Facts, now: datetime) -> None:
    """Nothing points to the person any more, so the team's notes do not either."""
    for _, site, submission in map(subject_of, facts):
        with database.writing() as tx:
            forget_words(tx, site, submission)


def _hear(database: Database, facts: Facts, kind: Said, now: datetime) -> None:
    for _, site, submission in map(subject_of, facts):
        with database.writing() as tx:
            hear(tx, site, submission, kind, now)
