"""Which wording of a question was shown and how likely that was; a site's own questions."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("follow_up", sa.Column("variant", sa.Integer, nullable=False, server_default="1"))
    op.add_column("follow_up", sa.Column("probability", sa.Double, nullable=False, server_default="1"))
    op.add_column("survey", sa.Column("questions", sa.JSON))


def downgrade() -> None:
    op.drop_column("survey", "questions")
    op.drop_column("follow_up", "probability")
    op.drop_column("follow_up", "variant")
