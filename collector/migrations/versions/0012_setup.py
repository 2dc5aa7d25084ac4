"""When a site's pages first asked for the form, and when a site was deleted."""

import sqlalchemy as sa
from alembic import op

from collector.db import UtcTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("site", sa.Column("seen_at", UtcTime))
    op.add_column("site", sa.Column("deleted_at", UtcTime))


def downgrade() -> None:
    op.drop_column("site", "deleted_at")
    op.drop_column("site", "seen_at")
