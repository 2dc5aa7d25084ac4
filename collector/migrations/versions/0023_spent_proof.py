"""Challenges whose answer let a submission in."""

import sqlalchemy as sa
from alembic import op

from collector.db import Digest, UtcTime

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "spent_proof",
        sa.Column("fingerprint", Digest, primary_key=True),
        sa.Column("expires_at", UtcTime, nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("spent_proof")
