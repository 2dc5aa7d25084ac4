"""The table of reports."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, BigKey


class ReportRow(Base):
    """A report that was acted on, by its sender's id for it, so that it is acted on once however often it comes. It holds no
    address."""

    __tablename__ = "mail_report"
    __table_args__ = (UniqueConstraint("site_id", "event"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    event: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]
