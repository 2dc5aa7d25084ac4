"""Teams, members with their roles and sessions, API keys, and what was changed by whom."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, BigKey, Digest


class TeamRow(Base):
    """The tenant. Every row that belongs to one carries its number."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime]


class MemberRow(Base):
    """A person who signs in. Stands above teams: one person may be in several. `email` is in its one normal form."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(64), server_default="UTC")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class MembershipRow(Base):
    """That a person is in a team, and the number of the role there."""

    __tablename__ = "membership"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), primary_key=True, index=True)
    role: Mapped[int] = mapped_column(SmallInteger)
    joined_at: Mapped[datetime]


class SessionRow(Base):
    """A browser in which somebody is signed in, and the team that is looked at there. Only the cookie's fingerprint is kept;
    ending a session deletes its row."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(Digest, unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    agent: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class ChangeRow(Base):
    """One line of the audit log: who did what to which thing. `member_id` is empty for the command line and the clock.
    `detail` holds settings and names, never words of visitors nor secrets."""

    __tablename__ = "change"
    __table_args__ = (Index("ix_change_team_id_id", "team_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]
    verb: Mapped[str] = mapped_column(String(60))
    target: Mapped[str] = mapped_column(String(120))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


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
