"""Alembic's entry: run by `hub init`, `hub doctor` and the tests through `hub.schema`, never from a config file."""

from typing import Any

from alembic import context
from alembic.operations.ops import CreateTableOp

from hub.schema import METADATA

OWN_TABLES = frozenset(METADATA.tables)


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Tables of ours only: the search index is made by hand, and SQLite keeps five tables of its own for it."""
    return kind != "table" or name in OWN_TABLES or not (name or "").startswith("registry_search")


def without_remarks(_context: object, _revision: object, directives: list[Any]) -> None:
    """What our code notes with a table (`Table.info`) is no part of the database."""
    for script in directives:
        for step in (*script.upgrade_ops.ops, *script.downgrade_ops.ops):
            if isinstance(step, CreateTableOp):
                step.info = {}


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
    include_name=is_ours,
    process_revision_directives=without_remarks,
)
with context.begin_transaction():
    context.run_migrations()
