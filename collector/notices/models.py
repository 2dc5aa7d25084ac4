"""Rules, what was told by them, and when each member gets a digest."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, BigKey


class RuleRow(Base):
    """When a team wants to be told, and how. What is empty does not narrow. `address` is a secret of the other end's, for
    whoever has it can write there; it is hidden with the installation's key (`hiding.hide`). `refusals` counts answers in a
    row that nobody is there; `off_why` says why it is off."""

    __tablename__ = "notice_rule"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    segment: Mapped[str | None] = mapped_column(String(20))
    category: Mapped[str | None] = mapped_column(String(40))
    page: Mapped[str | None] = mapped_column(String(200))
    commented: Mapped[bool | None]
    way: Mapped[str] = mapped_column(String(20))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    address: Mapped[str | None] = mapped_column(Text)
    gather: Mapped[int] = mapped_column(SmallInteger)
    words: Mapped[bool]
    made_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    refusals: Mapped[int] = mapped_column(SmallInteger, server_default=sql("0"))
    off_why: Mapped[str | None] = mapped_column(String(10))
    revision: Mapped[int] = mapped_column(server_default=sql("0"))


class MessageRow(Base):
    """One message of a rule's. `state` is gathering, sending, told, refused, given_up or dropped; `result` is what the other
    end said last, as a status or a step, never as a text."""

    __tablename__ = "notice_message"
    __table_args__ = (Index("ix_notice_message_rule_id_id", "rule_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    rule_id: Mapped[int] = mapped_column(ForeignKey("notice_rule.id", ondelete="CASCADE"))
    test: Mapped[bool] = mapped_column(server_default=false())
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(SmallInteger, server_default=sql("0"))
    result: Mapped[str] = mapped_column(String(40), server_default="")
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)


class MatchRow(Base):
    """That a response belongs into a message. It names the response and holds nothing of it; a rule tells of each once."""

    __tablename__ = "notice_match"

    rule_id: Mapped[int] = mapped_column(ForeignKey("notice_rule.id", ondelete="CASCADE"), primary_key=True)
    site_id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    submission_id: Mapped[UUID] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("notice_message.id", ondelete="CASCADE"), index=True)


class DigestRow(Base):
    """How often a member hears of a team, at which hour of the member's own day, and when next; `due_at` is empty for never."""

    __tablename__ = "notice_digest"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), primary_key=True)
    every: Mapped[str] = mapped_column(String(10))
    hour: Mapped[int] = mapped_column(SmallInteger)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
