"""Invitations, second steps at sign-in, links for a new password, tries, and who made a key."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey, Digest, UtcTime, Uuid16

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("member", sa.Column("totp_secret", sa.String(64)))
    op.add_column("member", sa.Column("totp_since", UtcTime))
    op.add_column("member", sa.Column("totp_step", sa.BigInteger))
    with op.batch_alter_table("api_key") as key:
        key.add_column(sa.Column("made_by", BigKey, sa.ForeignKey("member.id", name="fk_api_key_made_by_member")))
    op.create_table(
        "recovery_code",
        sa.Column("fingerprint", Digest, primary_key=True),
        sa.Column("member_id", BigKey, sa.ForeignKey("member.id"), nullable=False, index=True),
    )
    op.create_table(
        "password_reset",
        sa.Column("member_id", BigKey, sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("fingerprint", Digest, nullable=False, unique=True),
        sa.Column("expires_at", UtcTime, nullable=False),
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("owner", Digest, primary_key=True),
        sa.Column("full_at", UtcTime, nullable=False, index=True),
    )
    op.create_table(
        "invitation",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("team_id", BigKey, sa.ForeignKey("team.id"), nullable=False),
        sa.Column("nonce", Uuid16, nullable=False, unique=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.SmallInteger, nullable=False),
        sa.Column("invited_by", BigKey, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.UniqueConstraint("team_id", "email"),
    )


def downgrade() -> None:
    for table in ("invitation", "sign_in_tries", "password_reset", "recovery_code"):
        op.drop_table(table)
    with op.batch_alter_table("api_key") as key:
        key.drop_constraint("fk_api_key_made_by_member", type_="foreignkey")
        key.drop_column("made_by")
    for column in ("totp_step", "totp_since", "totp_secret"):
        op.drop_column("member", column)
