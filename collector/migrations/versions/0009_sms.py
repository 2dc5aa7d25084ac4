"""What SMS needs: prefixes of numbers, messages that came in, and from when a site's answers are counted."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey, UtcTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("delivery", sa.Column("prefix", sa.String(8)))
    op.create_index("ix_delivery_channel_made_at", "delivery", ["channel", "made_at"])
    op.create_index("ix_delivery_site_id_channel_made_at", "delivery", ["site_id", "channel", "made_at"])
    op.add_column("reaching_manners", sa.Column("counted_from", UtcTime))
    op.create_table(
        "inbound_message",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("sid", sa.String(50), nullable=False),
        sa.Column("came_at", UtcTime, nullable=False),
        sa.UniqueConstraint("sid", name="uq_inbound_message_sid"),
    )
    op.create_index("ix_inbound_message_came_at", "inbound_message", ["came_at"])


def downgrade() -> None:
    op.drop_table("inbound_message")
    op.drop_column("reaching_manners", "counted_from")
    op.drop_index("ix_delivery_site_id_channel_made_at", "delivery")
    op.drop_index("ix_delivery_channel_made_at", "delivery")
    op.drop_column("delivery", "prefix")
