"""Answers that do not count are called so; "set aside" is said of responses."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey, UtcTime, Uuid16

revision = "0026"
down_revision = "0025"

_VALUES = "team_id, site_id, submission_id, why, areas, text, made_at"


def upgrade() -> None:
    _carry_over("aside_answer", "uncounted_answer")


def downgrade() -> None:
    _carry_over("uncounted_answer", "aside_answer")


def _carry_over(before: str, after: str) -> None:
    """Makes the table anew: SQLite cannot rename what a table's keys are called."""
    op.create_table(
        after,
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("team_id", BigKey, sa.ForeignKey("team.id", name=f"fk_{after}_team_id_team"), nullable=False),
        sa.Column("site_id", BigKey, sa.ForeignKey("site.id", name=f"fk_{after}_site_id_site"), nullable=False),
        sa.Column("submission_id", Uuid16, nullable=False),
        sa.Column("why", sa.String(20), nullable=False),
        sa.Column("areas", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
    )
    op.execute(f"insert into {after} ({_VALUES}) select {_VALUES} from {before} order by id")
    op.drop_table(before)
    op.create_index(f"ix_{after}_site_id_submission_id", after, ["site_id", "submission_id"])
