"""Writes to a team's tags."""

from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from collector.cases.actions import PUT_TAG
from collector.cases.models import CaseTagRow, TagRow


def rename(tx: Session, team: int, tag: int, name: str) -> Literal["done", "taken", "gone"]:
    """Gives a tag another name: `taken` when another tag has it, `gone` when the team has no such tag."""
    folded = name.casefold()
    if tx.scalar(select(TagRow.id).where(TagRow.team_id == team, TagRow.folded == folded, TagRow.id != tag)):
        return "taken"
    changed = tx.execute(
        update(TagRow)
        .where(TagRow.id == tag, TagRow.team_id == team)
        .values(name=name, folded=folded)
        .returning(TagRow.id)
        .execution_options(synchronize_session=False)
    )
    return "done" if changed.first() else "gone"


def merge(tx: Session, team: int, tag: int, into: int) -> bool:
    """Makes two tags one: what had `tag` has `into`, once. `False` when the team has not both, or they are one already."""
    both = tx.scalars(
        select(TagRow.id)
        .where(TagRow.id.in_((tag, into)), TagRow.team_id == team)
        .order_by(TagRow.id)
        .with_for_update()
    ).all()
    if len(both) != 2:
        return False
    cases = tx.scalars(select(CaseTagRow.case_id).where(CaseTagRow.tag_id == tag)).all()
    PUT_TAG.run(tx, [(case, into, team) for case in cases])
    return remove(tx, team, tag)


def remove(tx: Session, team: int, tag: int) -> bool:
    """Deletes a tag, and takes it off every case. `False` when the team has no such tag."""
    gone = delete(TagRow).where(TagRow.id == tag, TagRow.team_id == team).returning(TagRow.id)
    return tx.execute(gone.execution_options(synchronize_session=False)).first() is not None
