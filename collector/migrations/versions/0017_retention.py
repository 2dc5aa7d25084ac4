"""How many days a site keeps its responses."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("site", sa.Column("keep_days", sa.Integer))


def downgrade() -> None:
    op.drop_column("site", "keep_days")
