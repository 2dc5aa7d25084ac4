"""Passkeys of members, and what they are asked to sign."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey, Digest, UtcTime

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("member_id", BigKey, sa.ForeignKey("member.id"), nullable=False, index=True),
        sa.Column("credential", sa.String(1400), nullable=False, unique=True),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("uses", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("used_at", UtcTime),
    )
    op.create_table(
        "passkey_challenge",
        sa.Column("fingerprint", Digest, primary_key=True),
        sa.Column("member_id", BigKey, sa.ForeignKey("member.id")),
        sa.Column("expires_at", UtcTime, nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("passkey_challenge")
    op.drop_table("passkey")
