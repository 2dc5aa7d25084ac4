"""The table of sites."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, BigKey


class SiteRow(Base):
    """A site. Names are unique within a team, so that people can use them on the command line. One that was deleted is
    nobody's any more, and goes when all that belongs to it has gone."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("team_id", "name"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    origins: Mapped[list[str]] = mapped_column(JSON)
    industry: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(35))
    parameters: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    keep_days: Mapped[int | None]
    at_age: Mapped[str] = mapped_column(String(10), server_default="erase")
    ended_before: Mapped[datetime | None]
