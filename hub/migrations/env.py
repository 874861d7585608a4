"""Alembic's entry: run by `hub init`, `hub doctor` and the tests through `hub.schema`, never from a config file."""

from alembic import context

from hub.schema import METADATA

OWN_TABLES = frozenset(METADATA.tables)


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Tables of ours only: the search index is made by hand, and SQLite keeps five tables of its own for it."""
    return kind != "table" or name in OWN_TABLES or not (name or "").startswith("registry_search")


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
    include_name=is_ours,
)
with context.begin_transaction():
    context.run_migrations()
