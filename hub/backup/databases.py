"""The database that a backup is put into: filled beside the one in use, looked at, and only then put in its place.

SQLite: a file beside it. PostgreSQL: a schema of its own in the same database, whose tables move over in one transaction.
"""

import sqlite3
import time
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Connection, make_url

from hub.backup.errors import HubInUseError
from hub.kernel.database import Database
from hub.kernel.engine import sqlite_url
from hub.trust.record.database import open_database

STAGE = "hub_restoring"  # a schema, and the ending of a file
ATTEMPTS, WAIT_SECONDS = 10, 0.2
_SUFFIXES = ("", "-wal", "-shm")


class SqliteTarget:
    """A SQLite file."""

    def __init__(self, url: str) -> None:
        self._path = Path(make_url(url).database or "").resolve()
        self._fresh = self._path.with_name(f"{self._path.name}.{STAGE}")

    def is_empty(self) -> bool:
        """Return whether there is no hub. Raises: sqlite3.DatabaseError for a file that is no database."""
        if not self._path.exists() or not self._path.stat().st_size:
            return True
        connection = sqlite3.connect(self._path)
        try:
            return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        finally:
            connection.close()

    def require_unused(self) -> None:
        """Raises: HubInUseError: leaving the log of changes needs the file for oneself alone."""
        if self.is_empty():
            return
        connection = sqlite3.connect(self._path, timeout=0)
        try:
            if connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete":
                raise HubInUseError
        except sqlite3.OperationalError as error:
            raise HubInUseError from error
        finally:
            connection.close()

    def stage(self) -> Database:
        self.drop_stage()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return open_database(sqlite_url(self._fresh))

    def drop_stage(self) -> None:
        for suffix in _SUFFIXES:
            self._fresh.with_name(self._fresh.name + suffix).unlink(missing_ok=True)

    def place(self, staged: Database, *, label: str) -> None:
        """Put the staged database in its place; the one before lies beside it, its name ending in `label`."""
        with staged.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        staged.close()
        for suffix in _SUFFIXES:
            old = self._path.with_name(self._path.name + suffix)
            if old.exists():
                old.rename(old.with_name(f"{old.name}.{label}"))
        self._fresh.chmod(0o600)
        self._fresh.rename(self._path)


class PostgresTarget:
    """A database on a PostgreSQL server; the hub's tables are in the first schema of its search path."""

    def __init__(self, url: str) -> None:
        self._url = url

    def is_empty(self) -> bool:
        asked = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
        return not self._asked(asked)

    def require_unused(self) -> None:
        """Raises: HubInUseError."""
        others = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        for _ in range(ATTEMPTS):  # a process that has just ended is listed a moment longer
            if not self._asked(others):
                return
            time.sleep(WAIT_SECONDS)
        raise HubInUseError

    def stage(self) -> Database:
        self.drop_stage()
        self._do(f"CREATE SCHEMA {STAGE}")
        url = make_url(self._url)
        given = url.query.get("options", "")
        options = f"{given if isinstance(given, str) else ' '.join(given)} -csearch_path={STAGE}".strip()
        staged = url.update_query_dict({"options": options})
        return open_database(staged.render_as_string(hide_password=False))

    def drop_stage(self) -> None:
        self._do(f"DROP SCHEMA IF EXISTS {STAGE} CASCADE")

    def place(self, staged: Database, *, label: str) -> None:
        """Put the staged tables in their place; those before are moved to the schema `label`."""
        staged.close()
        database = open_database(self._url)
        try:
            with database.engine.begin() as connection:
                schema = connection.scalar(text("SELECT current_schema()"))
                if _tables(connection, schema):
                    connection.execute(text(f'CREATE SCHEMA "{label}"'))
                    _move(connection, schema, label)
                _move(connection, STAGE, schema)
                connection.execute(text(f"DROP SCHEMA {STAGE} CASCADE"))
        finally:
            database.close()

    def _asked(self, statement: str) -> int:
        database = open_database(self._url)
        try:
            with database.engine.connect() as connection:
                return int(connection.scalar(text(statement)) or 0)
        finally:
            database.close()

    def _do(self, statement: str) -> None:
        database = open_database(self._url)
        try:
            with database.engine.begin() as connection:
                connection.execute(text(statement))
        finally:
            database.close()


def _tables(connection: Connection, schema: str) -> list[str]:
    asked = text("SELECT tablename FROM pg_tables WHERE schemaname = :schema ORDER BY tablename")
    return list(connection.scalars(asked, {"schema": schema}))


def _move(connection: Connection, here: str, there: str) -> None:
    for table in _tables(connection, here):
        connection.execute(text(f'ALTER TABLE "{here}"."{table}" SET SCHEMA "{there}"'))


def target_of(url: str) -> SqliteTarget | PostgresTarget:
    """Return where a database address leads."""
    return SqliteTarget(url) if make_url(url).get_backend_name() == "sqlite" else PostgresTarget(url)
