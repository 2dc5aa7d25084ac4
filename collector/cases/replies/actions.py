"""Writes to replies. Whoever hands them over stands above."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from collector.cases.actions import Outcome, held, note_event
from collector.cases.models import ReplyRow
from collector.cases.replies.queries import obstacle
from collector.db.bulk import BulkInsert
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry

#: The order that has a reply handed over.
ORDER = "case.reply"

_WRITE = BulkInsert(ReplyRow, ["case_id", "team_id", "member_id", "text", "made_at"], unique=("case_id",))


def order_reply(tx: Session, team: int, number: int, member: int, press: str, text: str, now: datetime) -> Outcome:
    """Has `text` written to the person behind a case, once for each case: `same` when there is a reply already, `stale` when
    nobody may write to them any more. Raises `NotFound`."""
    row, _ = held(tx, team, number)
    if obstacle(tx, row.site_id, row.submission_id):
        return "stale"
    if not _WRITE.run(tx, [(number, team, member, text, now)])():
        return "same"
    put(tx, [NewEntry(ORDER, {"case": number}, now, key=f"reply:{number}")])
    note_event(tx, team, number, member, press, "replied", {}, now)
    return "done"


def refuse_reply(tx: Session, case: int, why: str) -> None:
    """Writes down why a reply was not sent."""
    tx.execute(update(ReplyRow).where(ReplyRow.case_id == case).values(refused=why))
