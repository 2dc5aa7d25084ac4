"""Writes that set responses aside and take them back. Each is a line in the response's history."""

from collections.abc import Sequence

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from collector.db.bulk import BulkInsert
from collector.responses.aside.press import UNDO_FOR, Press
from collector.responses.aside.queries import OF_RESPONSE
from collector.responses.models import ResponseRow, SetAsideRow

#: Responses in one transaction; visitors wait for their turn to write meanwhile.
AT_ONCE = 500

_HISTORY = BulkInsert(SetAsideRow, ["team_id", "site_id", "submission_id", "member_id", "at", "press", "aside"])


def move(tx: Session, press: Press, chosen: Select[int], aside: bool) -> int:
    """Sets up to `AT_ONCE` responses of the team aside, or takes them back, among those whose numbers `chosen` selects from
    `ResponseRow`. Returns how many; those that stand so already, or were erased, are passed over."""
    since = ResponseRow.set_aside_at
    stands_otherwise = since.is_(None) if aside else since.is_not(None)
    meant = (ResponseRow.team_id == press.team, ResponseRow.erased_at.is_(None), stands_otherwise)
    numbers = tx.scalars(chosen.where(*meant).order_by(ResponseRow.received_at).limit(AT_ONCE)).all()
    moved = tx.execute(
        update(ResponseRow)
        .where(ResponseRow.id.in_(numbers), *meant)
        .values(set_aside_at=press.at if aside else None)
        .returning(ResponseRow.site_id, ResponseRow.submission_id)
        .execution_options(synchronize_session=False)
    ).all()
    _HISTORY.run(
        tx, [(press.team, site, submission, press.member, press.at, press.name, aside) for site, submission in moved]
    )
    return len(moved)


def move_numbered(tx: Session, press: Press, numbers: Sequence[int], aside: bool) -> int:
    """The same for the responses of these numbers."""
    return move(tx, press, select(ResponseRow.id).where(ResponseRow.id.in_(numbers)), aside)


def undo(tx: Session, undone: str, press: Press) -> int:
    """Undoes what the same member did by the press `undone`, for up to `AT_ONCE` responses, but for what somebody has moved
    since. Returns how many; none of a press that was too long ago."""
    by = (
        SetAsideRow.team_id == press.team,
        SetAsideRow.member_id == press.member,
        SetAsideRow.press == undone,
        SetAsideRow.at >= press.at - UNDO_FOR,
    )
    was_aside = tx.scalar(select(SetAsideRow.aside).where(*by).limit(1))
    if was_aside is None:
        return 0
    chosen = select(ResponseRow.id).join(SetAsideRow, OF_RESPONSE).where(*by)
    if was_aside:
        chosen = chosen.where(ResponseRow.set_aside_at == SetAsideRow.at)
    return move(tx, press, chosen, not was_aside)
