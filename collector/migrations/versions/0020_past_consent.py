"""What people were asked to agree to before an owner worded it anew."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey, UtcTime

revision = "0020"
down_revision = "0019"

_TABLE = "past_consent"


def _of(table: str) -> sa.Column[int]:
    reference = sa.ForeignKey(f"{table}.id", name=f"fk_{_TABLE}_{table}_id_{table}")
    return sa.Column(f"{table}_id", BigKey, reference, nullable=False)


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", BigKey, primary_key=True),
        _of("team"),
        _of("site"),
        _of("survey"),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("sentences", sa.JSON, nullable=False),
        sa.Column("ended_at", UtcTime, nullable=False),
        sa.UniqueConstraint("survey_id", "language", "version", name="uq_past_consent_survey_id_language_version"),
    )


def downgrade() -> None:
    op.drop_table(_TABLE)
