"""Alembic's entry: runs migrations on the connection it is handed, inside that connection's transaction."""

from alembic import context

from collector.migrations.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
