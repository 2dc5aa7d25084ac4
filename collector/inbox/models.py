"""The table of saved views."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, BigKey


class SavedViewRow(Base):
    """A filter of the inbox under a name. `query` is the query string in its one form; `shared` shows it to the team."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("ix_saved_view_team_id", "team_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(1000))
    shared: Mapped[bool]
    created_at: Mapped[datetime]
