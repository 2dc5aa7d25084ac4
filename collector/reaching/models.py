"""The tables of how people are reached."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, BigKey


class PlanRow(Base):
    """What was last decided about reaching the person behind a follow-up, and why, in words."""

    __tablename__ = "reaching_plan"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "submission_id"], ["follow_up.site_id", "follow_up.submission_id"], ondelete="CASCADE"
        ),
    )

    site_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    submission_id: Mapped[UUID] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    why: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime | None]
    decided_at: Mapped[datetime]


class MannersRow(Base):
    """A site's manners, as far as they differ from the defaults. Questions by SMS up to `counted_from` say nothing any more of
    whether people answer them."""

    __tablename__ = "reaching_manners"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    counted_from: Mapped[datetime | None]
