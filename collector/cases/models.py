"""The tables of cases. All of them name their response's case and go with it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, BigKey

_OPEN = sql("state <> 'done'")
_DONE = sql("state = 'done'")


class CaseRow(Base):
    """A case. `revision` counts changes of state, owner and due date, and is what compare-and-set compares; `closed_at` is when
    it was last made done."""

    __tablename__ = "response_case"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "submission_id"], ["response.site_id", "response.submission_id"], ondelete="CASCADE"
        ),
        UniqueConstraint("site_id", "submission_id"),
        Index("ix_response_case_open", "team_id", "due_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_response_case_done", "team_id", "closed_at", "id", sqlite_where=_DONE, postgresql_where=_DONE),
        Index("ix_response_case_owner_id", "owner_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[int] = mapped_column(BigKey)
    submission_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(String(10))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    due_at: Mapped[datetime]
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    revision: Mapped[int]


class TagRow(Base):
    """A tag of a team's. `folded` is its name without regard to letter case, so that one name is one tag."""

    __tablename__ = "tag"
    __table_args__ = (UniqueConstraint("team_id", "folded"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    name: Mapped[str] = mapped_column(String(40))
    folded: Mapped[str] = mapped_column(String(120))


class CaseTagRow(Base):
    """That a case has a tag."""

    __tablename__ = "case_tag"

    case_id: Mapped[int] = mapped_column(ForeignKey("response_case.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))


class NoteRow(Base):
    """A note of a member's on a case."""

    __tablename__ = "case_note"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("response_case.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]


class MentionRow(Base):
    """That a note calls a member."""

    __tablename__ = "case_mention"
    __table_args__ = (Index("ix_case_mention_member_id_case_id", "member_id", "case_id"),)

    note_id: Mapped[int] = mapped_column(ForeignKey("case_note.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("response_case.id", ondelete="CASCADE"), index=True)


class ReplyRow(Base):
    """What the team writes to the person by e-mail: one message for a case. What became of it stands with the deliveries;
    `refused` says in words why it was not even tried."""

    __tablename__ = "case_reply"

    case_id: Mapped[int] = mapped_column(ForeignKey("response_case.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    refused: Mapped[str | None] = mapped_column(Text)


class EventRow(Base):
    """One line of a case's history: who did what, and what was before. `press` names what was done together; `mark` is unique
    for what must be told once though it may be heard twice. `member_id` is empty for what visitors did."""

    __tablename__ = "case_event"
    __table_args__ = (
        UniqueConstraint("case_id", "mark"),
        Index("ix_case_event_member_id_id", "member_id", "id"),
        Index("ix_case_event_press", "press"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("response_case.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]
    press: Mapped[str] = mapped_column(String(24))
    kind: Mapped[str] = mapped_column(String(12))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    revision: Mapped[int | None]
    mark: Mapped[str | None] = mapped_column(String(40))
    undone_at: Mapped[datetime | None]


class RulesRow(Base):
    """What a team set about its cases."""

    __tablename__ = "case_rules"

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), primary_key=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
