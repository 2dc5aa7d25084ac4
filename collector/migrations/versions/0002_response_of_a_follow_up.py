"""No foreign key from follow-ups to responses on PostgreSQL; SQLite keeps it."""

from alembic import op

revision = "0002"
down_revision = "0001"

_NAME = "fk_follow_up_site_id_submission_id_response"


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(_NAME, "follow_up", type_="foreignkey")


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        pair = ["site_id", "submission_id"]
        op.create_foreign_key(_NAME, "follow_up", "response", pair, pair)
