"""Alembic's entry: run by `hub init`, `hub doctor` and the tests through `hub.schema`, never from a config file."""

from alembic import context

from hub.schema import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
