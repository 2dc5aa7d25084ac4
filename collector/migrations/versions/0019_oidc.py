"""Who signs in through an OpenID provider."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey, UtcTime

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "member_identity",
        sa.Column("issuer", sa.String(300), primary_key=True),
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("member_id", BigKey, sa.ForeignKey("member.id"), nullable=False, index=True),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.UniqueConstraint("issuer", "member_id"),
    )


def downgrade() -> None:
    op.drop_table("member_identity")
