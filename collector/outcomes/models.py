"""The table of outcomes."""

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, BigKey


class OutcomeRow(Base):
    """How often one thing became of showing a survey's form on one page on one day (UTC, as 2026-11-22). An empty page stands
    for all that are not counted by themselves."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("site_id", "day", "page", "survey_id", "name"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    day: Mapped[str] = mapped_column(String(10))
    page: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(12))
    count: Mapped[int] = mapped_column(BigInteger)
