"""The second lock on PostgreSQL: for a request made for one enterprise, rows of all others do not exist.

The first lock is the use case's own check. Should one of them ever forget to ask, the database still shows and takes
nothing that belongs to another enterprise: the transaction runs under a role that owns nothing, and row-level security
compares every row's credit code with the one that the request is confined to. SQLite has no such lock.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Engine, Table, event
from sqlalchemy.engine import Connection

ROLE = "hub_tenant"  # owns nothing, cannot log in; a role belongs to the whole server, so all hubs on it share the name
COLUMN = "uscc"
_POLICY = "hub_own_rows"
_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")

_confined_to: ContextVar[str | None] = ContextVar("confined_to", default=None)


@contextmanager
def confined(uscc: str | None) -> Iterator[None]:
    """Let every transaction in this block see and write rows of one enterprise only; None: as the hub itself."""
    token = _confined_to.set(uscc)
    try:
        yield
    finally:
        _confined_to.reset(token)


def install(engine: Engine) -> None:
    """Confine the transactions of a PostgreSQL engine that begin inside `confined`."""
    event.listen(engine, "begin", _confine)


def _confine(connection: Connection) -> None:
    uscc = _confined_to.get()
    if (
        uscc is not None
    ):  # both end with the transaction, so that a connection goes back to the pool as it came
        connection.exec_driver_sql(
            "SELECT set_config('hub.uscc', %s, true), set_config('role', %s, true)", (uscc, ROLE)
        )


def protect(connection: Connection, tables: Iterable[Table]) -> None:
    """Put the lock on every table that has a credit code; safe to repeat, also after a table was added.

    Rows without a credit code belong to no enterprise and stay visible. Raises: what the driver raises when the
    account may not create the role (see docs/operations.md).
    """
    if connection.dialect.name != "postgresql":
        return
    connection.exec_driver_sql(_MAKE_ROLE)
    connection.exec_driver_sql(_TAKE_ROLE)
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {ROLE}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {ROLE}")
    for table in tables:
        name = table.name
        if not _NAME.match(name):
            raise ValueError(name)
        connection.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {ROLE}")
        if COLUMN in table.columns:
            connection.exec_driver_sql(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
            connection.exec_driver_sql(f"DROP POLICY IF EXISTS {_POLICY} ON {name}")
            connection.exec_driver_sql(
                f"CREATE POLICY {_POLICY} ON {name} TO {ROLE} "
                f"USING (coalesce({COLUMN}, '') IN ('', current_setting('hub.uscc', true)))"
            )


def unprotected(connection: Connection, tables: Iterable[Table]) -> list[str]:
    """Return the names of tables with a credit code that have no lock; empty on SQLite, which has none."""
    if connection.dialect.name != "postgresql":
        return []
    locked = set(connection.exec_driver_sql(_LOCKED, (_POLICY,)).scalars())
    return sorted(table.name for table in tables if COLUMN in table.columns and table.name not in locked)


_MAKE_ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- another hub on this server made it at this moment
END $$
"""

_TAKE_ROLE = f"""
DO $$ BEGIN
    IF NOT pg_has_role(current_user, '{ROLE}', 'MEMBER') THEN
        GRANT {ROLE} TO CURRENT_USER;
    END IF;
END $$
"""

_LOCKED = """
SELECT tables.relname FROM pg_class tables
JOIN pg_namespace spaces ON spaces.oid = tables.relnamespace AND spaces.nspname = current_schema()
JOIN pg_policies policies ON policies.tablename = tables.relname AND policies.schemaname = spaces.nspname
WHERE tables.relrowsecurity AND policies.policyname = %s
"""
