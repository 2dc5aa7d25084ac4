"""Cases: what somebody in the team looks after, with tags, notes and a history."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey, UtcTime, Uuid16

revision = "0014"
down_revision = "0013"


def _to(table: str, column: str, of: str, *, key: bool = False, nullable: bool = False) -> sa.Column[int]:
    """A column with a key to a row of another table; what belongs to a case, a note or a tag goes with it."""
    goes = "CASCADE" if of in ("response_case", "case_note", "tag") else None
    reference = sa.ForeignKey(f"{of}.id", name=f"fk_{table}_{column}_{of}", ondelete=goes)
    return sa.Column(column, BigKey, reference, primary_key=key, nullable=nullable, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "response_case",
        sa.Column("id", BigKey, primary_key=True),
        _to("response_case", "team_id", "team"),
        sa.Column("site_id", BigKey, nullable=False),
        sa.Column("submission_id", Uuid16, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        _to("response_case", "owner_id", "member", nullable=True),
        sa.Column("due_at", UtcTime, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("closed_at", UtcTime),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "submission_id"],
            ["response.site_id", "response.submission_id"],
            name="fk_response_case_site_id_submission_id_response",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("site_id", "submission_id", name="uq_response_case_site_id_submission_id"),
    )
    for name, first, condition in (("open", "due_at", "state <> 'done'"), ("done", "closed_at", "state = 'done'")):
        where = sa.text(condition)
        op.create_index(
            f"ix_response_case_{name}", "response_case", ["team_id", first, "id"],
            sqlite_where=where, postgresql_where=where,
        )  # fmt: skip
    op.create_index("ix_response_case_owner_id", "response_case", ["owner_id"])
    op.create_table(
        "tag",
        sa.Column("id", BigKey, primary_key=True),
        _to("tag", "team_id", "team"),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("folded", sa.String(120), nullable=False),
        sa.UniqueConstraint("team_id", "folded", name="uq_tag_team_id_folded"),
    )
    op.create_table(
        "case_tag",
        _to("case_tag", "case_id", "response_case", key=True),
        _to("case_tag", "tag_id", "tag", key=True),
        _to("case_tag", "team_id", "team"),
    )
    op.create_index("ix_case_tag_tag_id", "case_tag", ["tag_id"])
    op.create_table(
        "case_note",
        sa.Column("id", BigKey, primary_key=True),
        _to("case_note", "team_id", "team"),
        _to("case_note", "case_id", "response_case"),
        _to("case_note", "member_id", "member"),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
    )
    op.create_index("ix_case_note_case_id", "case_note", ["case_id"])
    op.create_table(
        "case_mention",
        _to("case_mention", "note_id", "case_note", key=True),
        _to("case_mention", "member_id", "member", key=True),
        _to("case_mention", "team_id", "team"),
        _to("case_mention", "case_id", "response_case"),
    )
    op.create_index("ix_case_mention_member_id_case_id", "case_mention", ["member_id", "case_id"])
    op.create_index("ix_case_mention_case_id", "case_mention", ["case_id"])
    op.create_table(
        "case_reply",
        _to("case_reply", "case_id", "response_case", key=True),
        _to("case_reply", "team_id", "team"),
        _to("case_reply", "member_id", "member"),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("refused", sa.Text),
    )
    op.create_table(
        "case_event",
        sa.Column("id", BigKey, primary_key=True),
        _to("case_event", "team_id", "team"),
        _to("case_event", "case_id", "response_case"),
        _to("case_event", "member_id", "member", nullable=True),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("press", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("revision", sa.Integer),
        sa.Column("mark", sa.String(40)),
        sa.Column("undone_at", UtcTime),
        sa.UniqueConstraint("case_id", "mark", name="uq_case_event_case_id_mark"),
    )
    op.create_index("ix_case_event_member_id_id", "case_event", ["member_id", "id"])
    op.create_index("ix_case_event_press", "case_event", ["press"])
    op.create_table(
        "case_rules",
        _to("case_rules", "team_id", "team", key=True),
        sa.Column("settings", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    of_case = ("case_rules", "case_event", "case_reply", "case_mention", "case_note", "case_tag")
    for table in (*of_case, "tag", "response_case"):
        op.drop_table(table)
