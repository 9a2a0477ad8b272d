"""Run by Alembic: applies the revisions on the connection (and in the transaction) it is given."""

from __future__ import annotations

from alembic import context

from equity.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    # SQLite can undo CREATE TABLE as well, once the driver leaves transactions to us (see engine.py).
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
