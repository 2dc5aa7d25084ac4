"""The table of surveys."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, BigKey


class SurveyRow(Base):
    """A survey. Its categories and the settings of its widget are JSON, because they are read and changed as a whole."""

    __tablename__ = "survey"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    scale: Mapped[str] = mapped_column(String(20))
    prompt: Mapped[dict[str, str]] = mapped_column(JSON)
    categories: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    pack: Mapped[str] = mapped_column(String(40))
    open: Mapped[bool]
    widget: Mapped[dict[str, Any]] = mapped_column(JSON)
    questions: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime]
