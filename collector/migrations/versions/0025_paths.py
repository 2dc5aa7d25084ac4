"""PostgreSQL finds the pages of a path, and knows how rare a word is."""

from alembic import op

revision = "0025"
down_revision = "0024"

_PATH = "left(substr(page, strpos(substr(page, 9), '/') + 8), 100)"


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute(f"create index ix_response_site_id_path on response (site_id, ({_PATH}) text_pattern_ops)")
        # By itself it counts a thousand words only, takes all others for as frequent, and then looks for a rare one, from the
        # newest response on, in all of them.
        op.execute("alter table response_text alter column words set statistics 1000")


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute("alter table response_text alter column words set statistics -1")
        op.drop_index("ix_response_site_id_path", "response")
