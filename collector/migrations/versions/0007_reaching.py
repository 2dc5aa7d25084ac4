"""Deliveries, and how people are reached."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey, Digest, UtcTime, Uuid16

revision = "0007"
down_revision = "0006"


def _team(table: str) -> sa.Column[int]:
    return sa.Column("team_id", BigKey, sa.ForeignKey("team.id", name=f"fk_{table}_team_id_team"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", BigKey, primary_key=True),
        _team("delivery"),
        sa.Column("site_id", BigKey, sa.ForeignKey("site.id", name="fk_delivery_site_id_site"), nullable=False),
        sa.Column("submission_id", Uuid16, nullable=False),
        sa.Column("purpose", sa.String(10), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("digest", Digest, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("changed_at", UtcTime, nullable=False),
        sa.Column("due_at", UtcTime),
        sa.Column("reply", sa.String(80)),
        sa.UniqueConstraint(
            "site_id", "submission_id", "purpose", "channel", name="uq_delivery_site_id_submission_id_purpose_channel"
        ),
    )
    op.create_index("ix_delivery_digest_made_at", "delivery", ["digest", "made_at"])
    op.create_table(
        "reaching_plan",
        sa.Column("site_id", BigKey, primary_key=True, autoincrement=False),
        sa.Column("submission_id", Uuid16, primary_key=True),
        _team("reaching_plan"),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("due_at", UtcTime),
        sa.Column("decided_at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "submission_id"],
            ["follow_up.site_id", "follow_up.submission_id"],
            name="fk_reaching_plan_site_id_submission_id_follow_up",
            ondelete="CASCADE",
        ),
    )
    reference = sa.ForeignKey("site.id", name="fk_reaching_manners_site_id_site")
    op.create_table(
        "reaching_manners",
        sa.Column("site_id", BigKey, reference, primary_key=True, autoincrement=False),
        _team("reaching_manners"),
        sa.Column("settings", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    for table in ("reaching_manners", "reaching_plan", "delivery"):
        op.drop_table(table)
