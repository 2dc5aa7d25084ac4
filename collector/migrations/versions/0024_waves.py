"""Responses that are set aside, and waves."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey, UtcTime, Uuid16

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("response", sa.Column("set_aside_at", UtcTime))
    _set_aside()


def _of(table: str, name: str) -> "sa.Column[int]":
    key = sa.ForeignKey(f"{name}.id", name=f"fk_{table}_{name}_id_{name}")
    return sa.Column(f"{name}_id", BigKey, key, nullable=False)


def _set_aside() -> None:
    table = "response_set_aside"
    op.create_table(
        table,
        sa.Column("id", BigKey, primary_key=True),
        _of(table, "team"),
        sa.Column("site_id", BigKey, nullable=False),
        sa.Column("submission_id", Uuid16, nullable=False),
        _of(table, "member"),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("press", sa.String(24), nullable=False),
        sa.Column("aside", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "submission_id"],
            ["response.site_id", "response.submission_id"],
            name="fk_response_set_aside_site_id_submission_id_response",
            ondelete="CASCADE",
        ),
        sa.Index("ix_response_set_aside_site_id_submission_id", "site_id", "submission_id"),
        sa.Index("ix_response_set_aside_member_id_id", "member_id", "id"),
        sa.Index("ix_response_set_aside_press", "press"),
    )


def downgrade() -> None:
    op.drop_table("response_set_aside")
    op.drop_column("response", "set_aside_at")
