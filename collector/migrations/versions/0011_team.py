"""Members, their roles in teams, their sessions, and the log of what was changed."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey, Digest, UtcTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "member",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("password", sa.String(200), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False, server_default="UTC"),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("disabled_at", UtcTime),
    )
    op.create_table(
        "membership",
        sa.Column("member_id", BigKey, sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("team_id", BigKey, sa.ForeignKey("team.id"), primary_key=True, index=True),
        sa.Column("role", sa.SmallInteger, nullable=False),
        sa.Column("joined_at", UtcTime, nullable=False),
    )
    op.create_table(
        "session",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("fingerprint", Digest, nullable=False, unique=True),
        sa.Column("member_id", BigKey, sa.ForeignKey("member.id"), nullable=False, index=True),
        sa.Column("team_id", BigKey, sa.ForeignKey("team.id"), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("seen_at", UtcTime, nullable=False),
    )
    op.create_table(
        "change",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("team_id", BigKey, sa.ForeignKey("team.id"), nullable=False),
        sa.Column("member_id", BigKey, sa.ForeignKey("member.id")),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("verb", sa.String(60), nullable=False),
        sa.Column("target", sa.String(120), nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Index("ix_change_team_id_id", "team_id", "id"),
    )


def downgrade() -> None:
    for table in ("change", "session", "membership", "member"):
        op.drop_table(table)
