"""Statements of the hottest reads: written with SQLAlchemy, compiled once, run on a bare connection.

A session around such a read costs four times the read (120 instead of 36 microseconds on SQLite), and even to take a
connection from the pool and to give it back costs as much as the read: on SQLite a few are kept beside the pool.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Select

from hub.kernel.database import Database

Row = tuple[Any, ...]
KEPT = 2  # as many as threads of a worker answer; each is missing in the pool, which has twenty


@contextmanager
def cursor(db: Database) -> Iterator[Any]:
    """The driver's cursor; it sees the last committed state."""
    connection = db.engine.raw_connection()
    try:
        yield connection.cursor()
    finally:
        connection.close()  # back to the pool, which ends the driver's transaction


class PreparedStatement:
    """A SELECT written with SQLAlchemy, compiled once, run by the driver as it is.

    Select numbers of fixed scale as text: what a driver gives for them depends on the column's wire type.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]], db: Database) -> None:
        dialect = db.engine.dialect
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self._order = compiled.positiontup
        self._processors = tuple(
            column.type.dialect_impl(dialect).result_processor(dialect, None)
            for column in statement.selected_columns
        )

    def run(self, cursor: Any, wanted: Mapping[str, str]) -> Any:
        """Execute and return the cursor; parameters are texts."""
        cursor.execute(self.sql, self.given(wanted))
        return cursor

    def given(self, wanted: Mapping[str, str]) -> Any:
        """Return the parameters as the driver takes them."""
        return wanted if self._order is None else tuple(wanted[name] for name in self._order)

    def typed(self, row: Row) -> list[Any]:
        """Return the row's values in the types of the table."""
        return [
            value if process is None else process(value)
            for value, process in zip(row, self._processors, strict=True)
        ]


class PreparedReads:
    """First rows of prepared statements, over connections to a SQLite file that stay open between them.

    A database keeps a few for all who read so, each used by one at a time. They hold no transaction: a cursor is
    closed before its connection is kept, so that the next read sees what was committed last. One over which anything
    went wrong goes back to the pool, and all of them are let go with it. PostgreSQL's come from the pool each time, which
    asks whether they are still good.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._idle = db.kept  # a deque: its ends are changed in one step

    def first(self, statement: PreparedStatement, wanted: Mapping[str, str]) -> Row | None:
        """Return the first row, None when there is none; parameters are texts. Raises: what the driver raises."""
        row: Row | None
        if not self._db.is_sqlite:
            with cursor(self._db) as opened:
                row = statement.run(opened, wanted).fetchone()
            return row
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._db.engine.raw_connection()
        is_well = False
        try:
            opened = connection.cursor()
            row = statement.run(opened, wanted).fetchone()
            opened.close()
            is_well = True
        finally:
            if not is_well:
                connection.close()
        if len(self._idle) < KEPT:
            self._idle.append(connection)
        else:
            connection.close()
        return row
