"""Many rows in few statements: Core tables and executemany, the same on SQLite and PostgreSQL."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from hub.kernel.database import Base

T = TypeVar("T")

IN_VALUES = 5_000  # values in one IN list; SQLite takes 32 766 parameters in a statement, PostgreSQL 65 535
KEY_PREFIX = "key_"  # a parameter of WHERE may not have the name of a column that is set


def table_of(model: type[Base]) -> Table:
    return cast("Table", model.__table__)


def batches(values: Iterable[T], size: int = IN_VALUES) -> Iterator[list[T]]:
    """Consecutive lists of at most `size` values."""
    batch: list[T] = []
    for value in values:
        batch.append(value)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def insert_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns; nothing for no rows."""
    if rows:
        session.execute(insert(table), rows)


def update_rows(
    session: Session, table: Table, keys: tuple[str, ...], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Set every other column of each row where `keys` match; all rows have the same columns; nothing for no rows."""
    if not rows:
        return
    statement = update(table).where(*(table.c[key] == bindparam(KEY_PREFIX + key) for key in keys))
    renamed = [
        {(KEY_PREFIX + name if name in keys else name): value for name, value in row.items()} for row in rows
    ]
    session.execute(statement, renamed)
