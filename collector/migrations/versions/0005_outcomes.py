"""Counts of what became of showing the form."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "outcome",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("team_id", BigKey, sa.ForeignKey("team.id", name="fk_outcome_team_id_team"), nullable=False),
        sa.Column("site_id", BigKey, sa.ForeignKey("site.id", name="fk_outcome_site_id_site"), nullable=False),
        sa.Column("survey_id", BigKey, sa.ForeignKey("survey.id", name="fk_outcome_survey_id_survey"), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("name", sa.String(12), nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.UniqueConstraint(
            "site_id", "day", "page", "survey_id", "name", name="uq_outcome_site_id_day_page_survey_id_name"
        ),
    )
    op.create_index("ix_outcome_team_id", "outcome", ["team_id"])


def downgrade() -> None:
    op.drop_table("outcome")
