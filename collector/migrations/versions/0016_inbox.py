"""The words to search responses by, and the views that members save."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from collector.db import BigKey, UtcTime

revision = "0016"
down_revision = "0015"

_INSERT = "insert into response_search(rowid, words) values (new.response_id, new.words)"
_DELETE = "insert into response_search(response_search, rowid, words) values ('delete', old.response_id, old.words)"


def upgrade() -> None:
    on_postgresql = op.get_context().dialect.name == "postgresql"
    team = sa.Column("team_id", BigKey, sa.ForeignKey("team.id", name="fk_response_text_team_id_team"), nullable=False)
    op.create_table(
        "response_text",
        sa.Column("response_id", BigKey, primary_key=True, autoincrement=False),
        team,
        sa.Column("site_id", BigKey, sa.ForeignKey("site.id", name="fk_response_text_site_id_site"), nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.Index("ix_response_text_team_id_response_id", "team_id", "response_id"),
    )
    if on_postgresql:
        op.create_index("ix_response_text_words", "response_text", ["words"], postgresql_using="gin")
    else:
        _index_on_sqlite()
    op.create_table(
        "saved_view",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("team_id", BigKey, sa.ForeignKey("team.id", name="fk_saved_view_team_id_team"), nullable=False),
        sa.Column(
            "member_id", BigKey, sa.ForeignKey("member.id", name="fk_saved_view_member_id_member"), nullable=False
        ),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.String(1000), nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Index("ix_saved_view_team_id", "team_id"),
    )
    _order_filling()


def _index_on_sqlite() -> None:
    # The words are letters and digits already, which is all that the plainest tokenizer looks at.
    op.execute(
        "create virtual table response_search using fts5("
        "words, content='response_text', content_rowid='response_id', tokenize='ascii', detail='none', prefix='2 3')"
    )
    # Parts are put together later and less often, so that the longest transaction takes 100 ms instead of 150.
    op.execute("insert into response_search(response_search, rank) values ('automerge', 8)")
    op.execute(f"create trigger response_text_ai after insert on response_text begin {_INSERT}; end")
    op.execute(f"create trigger response_text_ad after delete on response_text begin {_DELETE}; end")
    op.execute(f"create trigger response_text_au after update on response_text begin {_DELETE}; {_INSERT}; end")


def _order_filling() -> None:
    """Has the worker go through the responses that are there already."""
    connection = op.get_bind()
    if connection.execute(sa.text("select 1 from response limit 1")).first() is None:
        return
    entry = sa.table(
        "outbox_entry",
        sa.column("kind", sa.String),
        sa.column("payload", sa.JSON),
        sa.column("key", sa.String),
        sa.column("due_at", UtcTime),
        sa.column("state", sa.String),
        sa.column("attempts", sa.Integer),
        sa.column("crashes", sa.Integer),
    )
    values = {"kind": "search.fill", "payload": {}, "key": "search.fill", "due_at": datetime.now(UTC)}
    connection.execute(sa.insert(entry).values(state="waiting", attempts=0, crashes=0, **values))


def downgrade() -> None:
    op.drop_table("saved_view")
    if op.get_context().dialect.name == "sqlite":
        op.execute("drop table response_search")
    op.drop_table("response_text")
    op.execute("delete from outbox_entry where kind = 'search.fill'")
