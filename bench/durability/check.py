"""Whether the database holds what the ledger says: every promise kept, once, and nothing half-written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bench.durability.visitors import Ledger
from collector.db import sqlite_module
from collector.followups.models import FollowUpRow
from collector.outbox.models import EntryRow
from collector.responses.models import ResponseRow


@dataclass
class Found:
    """What one part found. `lost` and `doubled` count submissions, `wrong` says the rest, a line each."""

    what: str
    cycles: int = 0
    acknowledged: int = 0
    lost: set[UUID] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    control: str = ""

    @property
    def clean(self) -> bool:
        """Whether every promise was kept."""
        return not self.lost and not self.doubled and not self.wrong


def look(url: str, ledger: Ledger, found: Found, *, only: Iterable[UUID] | None = None) -> None:
    """Compares the database with the ledger and adds to `found` what is lost, doubled or wrong. `only` names the submissions
    to look for, which is quicker; without it all are, and the whole database is examined."""
    # An engine of its own: the collector's would set the journal's mode.
    embedded = url.startswith("sqlite:")
    engine = create_engine(url, module=sqlite_module()) if embedded else create_engine(url)
    try:
        with Session(engine) as tx:
            wanted = list(ledger.receipts if only is None else (one for one in only if one in ledger.receipts))
            for at in range(0, len(wanted), 500):
                _look_for(tx, wanted[at : at + 500], ledger, found)
            if only is None:
                _examine(tx, found)
            if embedded:
                # The full check reads every index against its table.
                check = "integrity_check" if only is None else "quick_check"
                damage = list(tx.execute(text(f"pragma {check}")).scalars())
                found.wrong += [f"damaged: {line}" for line in damage if line != "ok"]
                found.wrong += [
                    f"a reference leads nowhere: {row}" for row in tx.execute(text("pragma foreign_key_check"))
                ]
    except (SQLAlchemyError, ValueError) as error:
        # A value that is damaged is not one of its column's type any more.
        found.wrong.append(f"the database cannot be read: {error}")
    finally:
        engine.dispose()


def _look_for(tx: Session, wanted: Sequence[UUID], ledger: Ledger, found: Found) -> None:
    responses = list(tx.scalars(select(ResponseRow.submission_id).where(ResponseRow.submission_id.in_(wanted))))
    follow_ups = {
        row.submission_id: row for row in tx.scalars(select(FollowUpRow).where(FollowUpRow.submission_id.in_(wanted)))
    }
    found.lost |= set(wanted) - set(responses)
    found.doubled |= {str(one) for one in set(responses) if responses.count(one) > 1}
    for submission in wanted:
        _, receipt = ledger.receipts[submission]
        row = follow_ups.get(submission)
        if receipt["follow_up"] is not None and row is None:
            found.lost.add(submission)
        if submission in ledger.answers and row is not None:
            _, answer = ledger.answers[submission]
            if (row.answer_areas, row.answer_text) != (answer["areas"], answer.get("text", "")):
                found.lost.add(submission)


def _examine(tx: Session, found: Found) -> None:
    for column in (ResponseRow.submission_id, FollowUpRow.submission_id, EntryRow.key):
        twice = select(column).where(column.is_not(None)).group_by(column).having(func.count() > 1)
        found.doubled |= {str(one) for one in tx.scalars(twice)}
    halves = (
        select(ResponseRow.submission_id)
        .outerjoin(FollowUpRow, FollowUpRow.submission_id == ResponseRow.submission_id)
        .where(ResponseRow.segment == "passive", FollowUpRow.id.is_(None))
    )
    found.wrong += [f"{one} is stored without its follow-up" for one in tx.scalars(halves)]
