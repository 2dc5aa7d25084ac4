"""The tables of responses, of the words to search them by, and of what the team set aside."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
    literal_column,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from collector.db import Base, BigKey, Digest

#: Letters of a page's path that PostgreSQL keeps an index of.
INDEXED_PATH = 100
#: That part of the path, word for word as the index has it, for PostgreSQL compares expressions. Behind "https://", or behind
#: the first letter of the host after "http://", comes the rest of the host, then the path.
PATH = literal_column(f"left(substr(response.page, strpos(substr(response.page, 9), '/') + 8), {INDEXED_PATH})", Text())


class ResponseRow(Base):
    """A response. The browser made the submission's id; it is unique with the site and never expires. `revision` counts changes
    and is what compare-and-set compares. An erased one stays as an empty row, so that its submission cannot come back; an
    anonymous one stays with what points to nobody. What is set aside is shown and counted only where somebody asks for it.

    What has a default of the database is left out by a release that does not know it, and that may run beside this one."""

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("site_id", "submission_id"),
        Index("ix_response_team_id_id", "team_id", "id"),
        Index("ix_response_site_id_received_at", "site_id", "received_at"),
        Index(
            "ix_response_site_id_path",
            "site_id",
            PATH.label("path"),
            postgresql_ops={"path": "text_pattern_ops"},
            info={"held_by": "postgresql"},
        ).ddl_if(dialect="postgresql"),
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
    anonymised_at: Mapped[datetime | None]
    set_aside_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(server_default=sql("0"))


class SetAsideRow(Base):
    """One line of a response's history: a member set it aside, or took it back (`aside` is false). `press` names what was done
    together."""

    __tablename__ = "response_set_aside"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "submission_id"], ["response.site_id", "response.submission_id"], ondelete="CASCADE"
        ),
        Index("ix_response_set_aside_site_id_submission_id", "site_id", "submission_id"),
        Index("ix_response_set_aside_member_id_id", "member_id", "id"),
        Index("ix_response_set_aside_press", "press"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[int] = mapped_column(BigKey)
    submission_id: Mapped[UUID]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]
    press: Mapped[str] = mapped_column(String(24))
    aside: Mapped[bool]


class Words(TypeDecorator[str]):
    """Words as `search.words_of` gives them: a text on SQLite, a `tsvector` without places on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql":
            return value
        # PostgreSQL puts short words first, and each in marks.
        return " ".join(sorted(value.replace("'", "").split()))


class ResponseTextRow(Base):
    """The words of a response's comment and answer, for searching. Written by the worker a moment after the response, so that
    no visitor waits for it. On SQLite triggers carry it into `response_search`, a full-text index (FTS5) without a copy of
    its own."""

    __tablename__ = "response_text"
    __table_args__ = (
        Index("ix_response_text_team_id_response_id", "team_id", "response_id"),
        Index("ix_response_text_words", "words", postgresql_using="gin", info={"held_by": "postgresql"}).ddl_if(
            dialect="postgresql"
        ),
    )

    response_id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    words: Mapped[str] = mapped_column(Words)
