"""Responses that are unfinished, suspect, amended or erased, with what a page says of its visitor; why a follow-up ended."""

import sqlalchemy as sa
from alembic import op

from collector.db import UtcTime

revision = "0004"
down_revision = "0003"

_RESPONSE = ("partial", "attributes", "suspect", "amended_at", "erased_at", "revision")


def upgrade() -> None:
    # Added one by one, which neither database copies the table for.
    op.add_column("response", sa.Column("partial", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("response", sa.Column("attributes", sa.JSON, nullable=False, server_default=sa.text("'{}'")))
    op.add_column("response", sa.Column("suspect", sa.String(10)))
    op.add_column("response", sa.Column("amended_at", UtcTime))
    op.add_column("response", sa.Column("erased_at", UtcTime))
    op.add_column("response", sa.Column("revision", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.add_column("follow_up", sa.Column("reason", sa.String(20)))


def downgrade() -> None:
    op.drop_column("follow_up", "reason")
    for column in _RESPONSE:
        op.drop_column("response", column)
