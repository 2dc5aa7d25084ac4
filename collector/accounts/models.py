"""Teams and API keys."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, BigKey, Digest


class TeamRow(Base):
    """The tenant. Every row that belongs to one carries its number."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime]


class ApiKeyRow(Base):
    """A key for programs. Only its fingerprint is kept; `hint` is its beginning, so that people can tell keys apart."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    hint: Mapped[str] = mapped_column(String(12))
    fingerprint: Mapped[bytes] = mapped_column(Digest, unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
