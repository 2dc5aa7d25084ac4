"""What became of letters with a link: an invitation's, and the latest one for a new password."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey, UtcTime

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("invitation", sa.Column("letter", sa.String(20)))
    op.add_column("invitation", sa.Column("letter_reply", sa.String(60)))
    op.create_table(
        "reset_letter",
        sa.Column("member_id", BigKey, sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("asked_at", UtcTime, nullable=False),
        sa.Column("letter", sa.String(20), nullable=False),
        sa.Column("letter_reply", sa.String(60)),
    )


def downgrade() -> None:
    op.drop_table("reset_letter")
    op.drop_column("invitation", "letter_reply")
    op.drop_column("invitation", "letter")
