"""What becomes of responses at an age, and which are anonymous; an index that keeps nothing of a word that went."""

import sqlalchemy as sa
from alembic import op

from collector.db import UtcTime

revision = "0021"
down_revision = "0020"

#: From here on FTS5 takes a word out of its index where it stands. Before, the word stays until parts are put together.
_CLEAN = (3, 45)


def upgrade() -> None:
    op.add_column("site", sa.Column("at_age", sa.String(10), nullable=False, server_default="erase"))
    op.add_column("site", sa.Column("ended_before", UtcTime))
    op.add_column("response", sa.Column("anonymised_at", UtcTime))
    if op.get_context().dialect.name == "sqlite":
        version = op.get_bind().execute(sa.text("select sqlite_version()")).scalar_one()
        if tuple(int(part) for part in version.split(".")[:2]) >= _CLEAN:
            op.execute("insert into response_search(response_search, rank) values ('secure-delete', 1)")


def downgrade() -> None:
    op.drop_column("response", "anonymised_at")
    op.drop_column("site", "ended_before")
    op.drop_column("site", "at_age")
