"""Answers that do not count, messages that a program looked through, what people wish and mail servers report."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey, Digest, UtcTime, Uuid16

revision = "0010"
down_revision = "0009"


def _number() -> sa.Column[int]:
    return sa.Column("id", BigKey, primary_key=True)


def _of_site(table: str) -> tuple[sa.Column[int], sa.Column[int]]:
    return (
        sa.Column("team_id", BigKey, sa.ForeignKey("team.id", name=f"fk_{table}_team_id_team"), nullable=False),
        sa.Column("site_id", BigKey, sa.ForeignKey("site.id", name=f"fk_{table}_site_id_site"), nullable=False),
    )


def upgrade() -> None:
    op.add_column("delivery", sa.Column("scanned_at", UtcTime))
    op.add_column("follow_up", sa.Column("answered_by", sa.String(20)))
    op.create_table(
        "aside_answer",
        _number(),
        *_of_site("aside_answer"),
        sa.Column("submission_id", Uuid16, nullable=False),
        sa.Column("why", sa.String(20), nullable=False),
        sa.Column("areas", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
    )
    op.create_index("ix_aside_answer_site_id_submission_id", "aside_answer", ["site_id", "submission_id"])
    op.create_table(
        "contact_wish",
        _number(),
        *_of_site("contact_wish"),
        sa.Column("digest", Digest, nullable=False),
        sa.Column("not_before", UtcTime),
        sa.Column("only_channel", sa.String(20)),
        sa.Column("changed_at", UtcTime, nullable=False),
        sa.UniqueConstraint("site_id", "digest", name="uq_contact_wish_site_id_digest"),
    )
    op.create_table(
        "mail_report",
        _number(),
        *_of_site("mail_report"),
        sa.Column("event", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.UniqueConstraint("site_id", "event", name="uq_mail_report_site_id_event"),
    )


def downgrade() -> None:
    for table in ("mail_report", "contact_wish", "aside_answer"):
        op.drop_table(table)
    op.drop_column("follow_up", "answered_by")
    op.drop_column("delivery", "scanned_at")
