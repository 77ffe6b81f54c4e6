"""Runs the migrations on the connection that `serving.store.engine` hands over; Alembic loads this file."""

from alembic import context

from serving.store.schema import METADATA


def run() -> None:
    """Run what is missing, in the transaction of the connection that came."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
    with context.begin_transaction():
        context.run_migrations()


# Alembic gives its `context` a config while it loads this file; any other import does nothing.
if hasattr(context, "config"):
    run()
