"""Whether anything was committed since somebody looked last: for those who would ask the same question every second."""

import sqlite3
from contextlib import suppress
from typing import Final

from sqlalchemy import PoolProxiedConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.kernel.database import Database

Mark = tuple[int, int]
_VERSION: Final = "PRAGMA data_version"  # changes when another connection, of whatever process, has committed


class Commits:
    """Looks at a SQLite file over a connection of its own, which holds no transaction. For one thread.

    A look reads a counter in memory that the processes share, a twentieth of the cheapest statement's cost. PostgreSQL
    has nothing cheaper than a statement.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._connection: PoolProxiedConnection | None = None
        self._opened = 0  # numbers of one connection say nothing about another's

    def mark(self) -> Mark | None:
        """Equal marks: nothing was committed between them. None: not known, as while the database is away."""
        if not self._db.is_sqlite:
            return None
        try:
            return self._look()
        except (sqlite3.Error, DBAPIError, PoolTimeoutError):
            self.close()
            return None

    def close(self) -> None:
        """Let the connection go; `mark` would open another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error, DBAPIError):
                connection.close()

    def _look(self) -> Mark:
        if self._connection is None:
            self._connection = self._db.engine.raw_connection()
            self._opened += 1
        cursor = self._connection.cursor()
        version: int = cursor.execute(_VERSION).fetchone()[0]
        cursor.close()
        return self._opened, version
