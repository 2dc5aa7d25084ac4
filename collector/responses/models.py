"""The table of responses."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, BigKey, Digest


class ResponseRow(Base):
    """A response. The browser made the submission's id; it is unique with the site and never expires. `revision` counts changes
    and is what compare-and-set compares. An erased one stays as an empty row, so that its submission cannot come back.

    What has a default of the database is left out by a release that does not know it, and that may run beside this one."""

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("site_id", "submission_id"),
        Index("ix_response_team_id_id", "team_id", "id"),
        Index("ix_response_site_id_received_at", "site_id", "received_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    submission_id: Mapped[UUID]
    digest: Mapped[bytes] = mapped_column(Digest)
    scale: Mapped[str] = mapped_column(String(20))
    score: Mapped[int] = mapped_column(SmallInteger)
    segment: Mapped[str] = mapped_column(String(20))
    category: Mapped[str | None] = mapped_column(String(40))
    comment: Mapped[str] = mapped_column(Text)
    page: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(35))
    configuration: Mapped[str] = mapped_column(String(32))
    received_at: Mapped[datetime]
    partial: Mapped[bool] = mapped_column(server_default=false())
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON, server_default=sql("'{}'"))
    suspect: Mapped[str | None] = mapped_column(String(10))
    amended_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(server_default=sql("0"))
