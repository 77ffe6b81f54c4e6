"""Alembic environment: run the migrations on the connection of `serving.store.engine`."""

from alembic import context

from serving.store.schema import METADATA


def run() -> None:
    """Run pending migrations in the transaction of the given connection."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
    with context.begin_transaction():
        context.run_migrations()


# Alembic gives its `context` a config while it loads this file; any other import does nothing.
if hasattr(context, "config"):
    run()
