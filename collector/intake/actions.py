"""The story of a submission, from what was sent to what is kept."""

from sqlalchemy.orm import Session

from collector.followups.actions import offer
from collector.intake.accept import accept
from collector.intake.queries import earlier_receipt
from collector.intake.snapshot import Snapshot
from collector.intake.submission import Receipt, Submission
from collector.outbox.actions import put
from collector.problems import OriginNotAllowed, Problem
from collector.responses.actions import record


def submit(tx: Session, submission: Submission, snapshot: Snapshot) -> Receipt:
    """Stores a submission once and returns its receipt; a repeat gets the same receipt, whatever changed since.

    Raises what `accept` raises, and `SubmissionConflict` when the id was used for another content."""
    try:
        receipt, rows = accept(submission, snapshot)
    except OriginNotAllowed:
        raise
    except Problem:
        earlier = earlier_receipt(tx, submission.content, snapshot)
        if earlier is None:
            raise
        return earlier
    response = record(tx, rows.response)
    if response is None:
        earlier = earlier_receipt(tx, submission.content, snapshot)
        assert earlier is not None
        return earlier
    if rows.follow_up is not None:
        offer(tx, response, rows.follow_up)
    put(tx, rows.entries)
    return receipt
