"""Every row of every table, read in one snapshot of the database while others go on writing."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from hub.backup.values import kind_of, line_of, selected

PART_BYTES = 4 * 1024 * 1024
ROWS_AT_ONCE = 2_000

Progress = Callable[[int], object]


def described(session: Session, tables: Iterable[Table]) -> list[dict[str, object]]:
    """Return every table with its columns and the number of its rows, in an order in which they can be put back."""
    return [
        {
            "name": table.name,
            "columns": [[column.name, kind_of(column).name] for column in table.columns],
            "rows": session.scalar(select(func.count()).select_from(table)),
            "given_out": _given_out(session, table),
        }
        for table in tables
    ]


def parts_of(session: Session, table: Table, *, progress: Progress) -> Iterator[bytes]:
    """Return the rows as JSON lines, in pieces of some megabytes."""
    codecs = [kind_of(column).out for column in table.columns]
    statement = select(*(selected(column) for column in table.columns)).order_by(*table.primary_key.columns)
    rows = session.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE})
    part = bytearray()
    for partition in rows.partitions():
        for row in partition:
            part += line_of(tuple(row), codecs)
        progress(len(partition))
        if len(part) >= PART_BYTES:
            yield bytes(part)
            part.clear()
    if part:
        yield bytes(part)


def _given_out(session: Session, table: Table) -> dict[str, object] | None:
    """The last number that the database gave out for the table's key by itself; None where it gives none."""
    column: Any = table.autoincrement_column
    if column is None:
        return None
    if session.get_bind().dialect.name == "sqlite":
        last = _last_of_sqlite(session, table, column)
    else:
        asked = text(
            "SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence(:name, :column) AS regclass))"
        )
        last = session.scalar(asked, {"name": table.name, "column": column.name})
    return {"column": column.name, "last": int(last or 0)}


def _last_of_sqlite(session: Session, table: Table, column: Any) -> int | None:
    """What SQLite remembers; where it remembers nothing, it goes on after the largest that is there."""
    if not table.dialect_options["sqlite"]["autoincrement"]:
        last: int | None = session.scalar(select(func.max(column)))
    else:
        asked = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        last = session.scalar(asked, {"name": table.name})
    return last
