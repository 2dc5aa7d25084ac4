"""Rules by which teams are told, their messages, and digests."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey, UtcTime, Uuid16

revision = "0015"
down_revision = "0014"


def _key(table: str, name: str, to: str, cascade: bool = False) -> sa.ForeignKey:
    return sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{name}_{to}", ondelete="CASCADE" if cascade else None)


def upgrade() -> None:
    rule, message, match, digest = "notice_rule", "notice_message", "notice_match", "notice_digest"
    op.create_table(
        rule,
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("team_id", BigKey, _key(rule, "team_id", "team"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("site_id", BigKey, _key(rule, "site_id", "site", cascade=True)),
        sa.Column("segment", sa.String(20)),
        sa.Column("category", sa.String(40)),
        sa.Column("page", sa.String(200)),
        sa.Column("commented", sa.Boolean),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("member_id", BigKey, _key(rule, "member_id", "member")),
        sa.Column("address", sa.Text),
        sa.Column("gather", sa.SmallInteger, nullable=False),
        sa.Column("words", sa.Boolean, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("told_at", UtcTime),
        sa.Column("refusals", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("off_why", sa.String(10)),
        sa.Column("revision", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Index("ix_notice_rule_team_id", "team_id"),
    )
    op.create_table(
        message,
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("team_id", BigKey, _key(message, "team_id", "team"), nullable=False),
        sa.Column("rule_id", BigKey, _key(message, "rule_id", rule, cascade=True), nullable=False),
        sa.Column("test", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("result", sa.String(40), nullable=False, server_default=""),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("changed_at", UtcTime, nullable=False),
        sa.Index("ix_notice_message_rule_id_id", "rule_id", "id"),
        sa.Index("ix_notice_message_changed_at", "changed_at"),
    )
    op.create_table(
        match,
        sa.Column("rule_id", BigKey, _key(match, "rule_id", rule, cascade=True), primary_key=True, autoincrement=False),
        sa.Column("site_id", BigKey, primary_key=True, autoincrement=False),
        sa.Column("submission_id", Uuid16, primary_key=True),
        sa.Column("team_id", BigKey, _key(match, "team_id", "team"), nullable=False),
        sa.Column("message_id", BigKey, _key(match, "message_id", message, cascade=True), nullable=False),
        sa.Index("ix_notice_match_message_id", "message_id"),
    )
    op.create_table(
        digest,
        sa.Column("member_id", BigKey, _key(digest, "member_id", "member"), primary_key=True, autoincrement=False),
        sa.Column("team_id", BigKey, _key(digest, "team_id", "team"), primary_key=True, autoincrement=False),
        sa.Column("every", sa.String(10), nullable=False),
        sa.Column("hour", sa.SmallInteger, nullable=False),
        sa.Column("due_at", UtcTime),
        sa.Index("ix_notice_digest_due_at", "due_at"),
    )


def downgrade() -> None:
    for table in ("notice_digest", "notice_match", "notice_message", "notice_rule"):
        op.drop_table(table)
