"""The tables of waves, and of what the worker remembers to find them. None holds what anybody said."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Double, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, BigKey


class WaveRow(Base):
    """A wave. `kind` is a segment or a reason for suspicion, `hourly` what was usual, `verdict` what the team said of it."""

    __tablename__ = "wave"
    __table_args__ = (
        Index("ix_wave_team_id_verdict", "team_id", "verdict"),
        Index("ix_wave_site_id_kind_last_at", "site_id", "kind", "last_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[str] = mapped_column(String(20))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    number: Mapped[int]
    hourly: Mapped[float] = mapped_column(Double)
    verdict: Mapped[str | None] = mapped_column(String(10))
    judged_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    judged_at: Mapped[datetime | None]


class WatchRow(Base):
    """How far a site's responses were looked at: up to the one that came at `at` with this number. `since` is from when on
    they were counted; `key` is that of its prints, made with the first of them and gone with them; empty without."""

    __tablename__ = "wave_watch"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    at: Mapped[datetime]
    number: Mapped[int] = mapped_column(BigKey)
    since: Mapped[datetime]
    key: Mapped[str] = mapped_column(String(40))
    key_made_at: Mapped[datetime]


class HourRow(Base):
    """How many responses of a kind came to a site within an hour."""

    __tablename__ = "wave_hour"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    number: Mapped[int]


class PrintRow(Base):
    """A keyed hash of what a response says, and which one said it first."""

    __tablename__ = "wave_print"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    print: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    submission_id: Mapped[UUID]
