"""Settings of the widget on each survey."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    # Surveys that are there already have the defaults, which is what nothing said stands for.
    op.add_column("survey", sa.Column("widget", sa.JSON, nullable=False, server_default=sa.text("'{}'")))


def downgrade() -> None:
    op.drop_column("survey", "widget")
