"""The table of follow-ups."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, Double, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, BigKey, Digest


class FollowUpRow(Base):
    """One question to one response, which it names by its submission: that is known before the response has a row. The
    wording is kept as it was shown, for packs change; `variant` counts the question's wordings from 1, and `probability` is
    how likely this one was to be shown; `answered_by` is the channel by which the answer came. `revision` counts writes and
    is what compare-and-set compares; `reason` says why one was cancelled.

    Both are written by one transaction. SQLite holds that the response is there; PostgreSQL would look for it by a plan that
    it made when the tables were empty, through all responses of the site until it next counts its rows."""

    __tablename__ = "follow_up"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "submission_id"],
            ["response.site_id", "response.submission_id"],
            info={"held_by": "sqlite"},
        ).ddl_if(dialect="sqlite"),
        UniqueConstraint("site_id", "submission_id"),
        Index(
            "ix_follow_up_expires_at",
            "expires_at",
            sqlite_where=sql("state = 'offered'"),
            postgresql_where=sql("state = 'offered'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[int] = mapped_column(BigKey)
    submission_id: Mapped[UUID]
    fingerprint: Mapped[bytes] = mapped_column(Digest)
    state: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20))
    pack: Mapped[str] = mapped_column(String(40))
    question: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(35))
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    areas: Mapped[list[list[str]]] = mapped_column(JSON)
    variant: Mapped[int] = mapped_column(server_default="1")
    probability: Mapped[float] = mapped_column(Double, server_default="1")
    why: Mapped[str] = mapped_column(Text)
    offered_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    corrected_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(String(20))
    answer_text: Mapped[str] = mapped_column(Text, default="")
    answer_areas: Mapped[list[str]] = mapped_column(JSON, default=list)
    revision: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(String(20))


class UncountedRow(Base):
    """An answer that does not count: one that waits to be confirmed, or one that another took the place of."""

    __tablename__ = "uncounted_answer"
    __table_args__ = (Index(None, "site_id", "submission_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    submission_id: Mapped[UUID]
    why: Mapped[str] = mapped_column(String(20))
    areas: Mapped[list[str]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
